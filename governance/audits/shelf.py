"""What is known of many things, most of it in a temporary file: memory holds what was touched last. Pure.

The file is private to the process, has no name, and ends with it.
"""

import pickle
import sqlite3
from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping
from typing import Any, Final, TypeVar

Value = TypeVar("Value")
AT_HAND: Final = 20_000
"""How many are in memory before all of them are put into the file."""

_BITS: Final = 1 << 23
_OPENING: Final = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "CREATE TABLE shelf (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
)
_PUT: Final = "INSERT OR REPLACE INTO shelf VALUES (?, ?)"
_GET: Final = "SELECT value FROM shelf WHERE key = ?"
_ALL: Final = "SELECT key, value FROM shelf ORDER BY key"


class Shelf(MutableMapping[str, Value]):
    """A mapping whose values may be changed where they are: `tidy` puts away whatever was taken out.

    Call `tidy` when no value is held any more. `at_hand` is what memory holds; `looked_at` is the same as the
    shelf to read in, and takes nothing out. `flat` makes a tuple of plain values of one, and `full` makes it
    whole again.
    """

    def __init__(
        self,
        *,
        flat: Callable[[Value], tuple[Any, ...]],
        full: Callable[[tuple[Any, ...]], Value],
        at_hand: int = AT_HAND,
    ) -> None:
        self._flat, self._full, self._most = flat, full, at_hand
        self.at_hand: dict[str, Value] = {}
        self._number = 0
        self._file: sqlite3.Connection | None = None
        self._marks = bytearray(_BITS >> 3)
        self.looked_at: Mapping[str, Value] = LookedAt(self)

    def tidy(self) -> None:
        """Put everything into the file, if much is at hand."""
        if len(self.at_hand) < self._most:
            return
        if self._file is None:
            self._file = sqlite3.connect("", isolation_level=None)
            for statement in _OPENING:
                self._file.execute(statement)
        rows = [(key, pickle.dumps(self._flat(value), 5)) for key, value in sorted(self.at_hand.items())]
        self._file.execute("BEGIN")
        self._file.executemany(_PUT, rows)
        self._file.execute("COMMIT")
        for key in self.at_hand:
            place = hash(key) % _BITS
            self._marks[place >> 3] |= 1 << (place & 7)
        self.at_hand.clear()

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
        if self._file is not None:
            for key, value in self._file.execute(_ALL):
                if key not in at_hand:
                    yield key, self._loaded(value)

    def _put_away(self, key: str) -> Value | None:
        """What the file holds; most keys that it does not hold it need not be asked for."""
        place = hash(key) % _BITS
        if self._file is None or not self._marks[place >> 3] & (1 << (place & 7)):
            return None
        row = self._file.execute(_GET, (key,)).fetchone()
        return None if row is None else self._loaded(row[0])

    def _loaded(self, value: bytes) -> Value:
        return self._full(pickle.loads(value))  # noqa: S301 what this process wrote itself


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
