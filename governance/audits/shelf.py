"""What is known of many things, most of it in a temporary file: memory holds what was touched last. Pure.

The file is private to the process, has no name, and ends with it. What is put away at one time is written
once, in the order of its keys, and never again: of a key that lies there twice the newest counts.
"""

import os
import pickle
from bisect import bisect_right
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, MutableMapping, Sequence
from heapq import merge
from itertools import pairwise
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeVar
from weakref import finalize

Value = TypeVar("Value")
Flat = Sequence[Any]
AT_HAND: Final = 20_000
"""How many are in memory before all of them are put into the file."""

_TOGETHER: Final = 16
"""How many are written together, and so read together."""

_BITS: Final = 32
"""Marks for each key of a board."""

_BITS_IN_ALL: Final = 1 << 23
"""Marks for those of all boards together, which are asked first."""


class _Marks:
    """Which keys there may be, by one bit each: of one that has none it is sure."""

    __slots__ = ("_bits", "_marks")

    def __init__(self, bits: int) -> None:
        self._bits, self._marks = bits, bytearray((bits >> 3) + 1)

    def add(self, keys: Iterable[str]) -> None:
        marks, bits = self._marks, self._bits
        for key in keys:
            place = hash(key) % bits
            marks[place >> 3] |= 1 << (place & 7)

    def may_have(self, key: str) -> bool:
        place = hash(key) % self._bits
        return bool(self._marks[place >> 3] & (1 << (place & 7)))


class _Board:
    """What was put into the file at one time. Memory holds every sixteenth key, and a mark for each."""

    def __init__(self, file: int, rows: Sequence[tuple[str, Flat]]) -> None:
        self._file = file
        parts = [rows[begin : begin + _TOGETHER] for begin in range(0, len(rows), _TOGETHER)]
        self._firsts = [part[0][0] for part in parts]
        self._begins = [os.lseek(file, 0, os.SEEK_END)]
        self._marks = _Marks(_BITS * len(rows))
        self._marks.add(key for key, _ in rows)
        written = [pickle.dumps(part, 5) for part in parts]
        for one in written:
            self._begins.append(self._begins[-1] + len(one))
        with os.fdopen(file, "wb", closefd=False) as whole:
            whole.writelines(written)

    def get(self, key: str) -> Flat | None:
        """What lies here under a key; most keys that are not here it need not look for."""
        if not self._marks.may_have(key):
            return None
        number = bisect_right(self._firsts, key) - 1
        if number < 0:
            return None
        return dict(self._read(*self._begins[number : number + 2])).get(key)

    def rows(self, age: int) -> Iterator[tuple[str, int, Flat]]:
        """All that lies here, in order, each with how many boards were filled since."""
        for begin, end in pairwise(self._begins):
            for key, flat in self._read(begin, end):
                yield key, age, flat

    def _read(self, begin: int, end: int) -> list[tuple[str, Flat]]:
        written = os.pread(self._file, end - begin, begin)
        read: list[tuple[str, Flat]] = pickle.loads(written)  # noqa: S301 what this process wrote itself
        return read


class Shelf(MutableMapping[str, Value]):
    """A mapping whose values may be changed where they are: `tidy` puts away whatever was taken out.

    Call `tidy` when no value is held any more. `at_hand` is what memory holds; `looked_at` is the same as the
    shelf to read in, and takes nothing out. `flat` makes a sequence of plain values of one, and `full` makes
    it whole again.
    """

    def __init__(
        self,
        *,
        flat: Callable[[Value], Flat],
        full: Callable[[Flat], Value],
        at_hand: int = AT_HAND,
    ) -> None:
        self._flat, self._full, self._most = flat, full, at_hand
        self.at_hand: dict[str, Value] = {}
        self._number = 0
        self._file: IO[bytes] | None = None
        self._boards: list[_Board] = []
        self._marks = _Marks(_BITS_IN_ALL)
        self.looked_at: Mapping[str, Value] = LookedAt(self)

    def tidy(self) -> None:
        """Put everything into the file, if much is at hand."""
        if len(self.at_hand) < self._most:
            return
        if self._file is None:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115 it ends with the shelf
            finalize(self, self._file.close)
        flat = self._flat
        rows = [(key, flat(value)) for key, value in sorted(self.at_hand.items(), key=itemgetter(0))]
        self._boards.append(_Board(self._file.fileno(), rows))
        self._marks.add(self.at_hand)
        self.at_hand.clear()

    def add(self, key: str, value: Value) -> Value:
        """Put in a value of which nothing is there yet, as `get` has just said; the value."""
        self._number += 1
        self.at_hand[key] = value
        return value

    def look(self, key: str) -> Value | None:
        """A value to be read and not changed; None where there is none."""
        value = self.at_hand.get(key)
        return self._put_away(key) if value is None else value

    def __getitem__(self, key: str) -> Value:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: str, default: Value | None = None) -> Value | None:  # type: ignore[override]
        """A value, taken out."""
        value = self.at_hand.get(key)
        if value is None:
            value = self._put_away(key)
            if value is None:
                return default
            self.at_hand[key] = value
        return value

    def __setitem__(self, key: str, value: Value) -> None:
        if self.look(key) is None:
            self._number += 1
        self.at_hand[key] = value

    def __delitem__(self, key: str) -> None:
        raise TypeError("Nothing is forgotten: a shelf only grows.")

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self.everything())

    def __len__(self) -> int:
        return self._number

    def everything(self) -> Iterator[tuple[str, Value]]:
        """Each key with its value, to be read and not changed."""
        at_hand = dict(self.at_hand)
        yield from at_hand.items()
        newest_first = enumerate(reversed(self._boards))
        before = ""
        for key, _, flat in merge(*[board.rows(age) for age, board in newest_first], key=itemgetter(0, 1)):
            if key not in at_hand and key != before:
                yield key, self._full(flat)
            before = key

    def _put_away(self, key: str) -> Value | None:
        if not self._boards or not self._marks.may_have(key):
            return None
        for board in reversed(self._boards):
            flat = board.get(key)
            if flat is not None:
                return self._full(flat)
        return None


class LookedAt(Mapping[str, Value]):
    """A shelf to read in, as far as you like: what is looked at does not stay in memory."""

    def __init__(self, shelf: Shelf[Value]) -> None:
        self._shelf = shelf

    def __getitem__(self, key: str) -> Value:
        value = self._shelf.look(key)
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._shelf)

    def __len__(self) -> int:
        return len(self._shelf)

    def items(self) -> ItemsView[str, Value]:
        return _Everything(self._shelf)


class _Everything(ItemsView[str, Value]):
    """Key and value together, one row of the file at a time."""

    def __init__(self, shelf: Shelf[Value]) -> None:
        super().__init__(shelf)
        self._shelf = shelf

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return self._shelf.everything()
