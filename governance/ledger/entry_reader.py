"""Entries read by the million: what `leaves.decode` accepts and nothing else, at a tenth of its cost. Pure.

The canonical form of an entry has six keys in one order and no choice of spelling, so one pattern tells it.
Only `detail` is JSON of its own. And most entries differ from one that was read before in three places alone:
who, when, and the one subject that it is about. What stands around these is then taken as it was read then.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise
from struct import Struct
from sys import intern
from typing import Any, Final, NamedTuple

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused

MOST_KEPT: Final = 4096
_KINDS: Final = frozenset(LeafKind.values)
_PIECE: Final = r"[A-Za-z0-9_.:+/=,#-]{0,256}"
_INSTANT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_ENTRY: Final = re.compile(
    r'\{"actor":"(system|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",'
    r'"at":"(' + _INSTANT + r')",'
    r'"detail":(\{.*\}),"kind":"([a-z_.]{1,40})","policy_set":"(' + _PIECE + ")"
    r'","subjects":\[((?:"' + _PIECE + '"(?:,"' + _PIECE + r'")*+)?)\]\}'
)
_HOLES: Final = re.compile(
    r':(?:"(?:[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"|0|[1-9][0-9]{0,14})'
    r"(?=[,}])"
)
_HEAD: Final = b'{"actor":"'
_MIDDLE: Final = b'","at":"'
_TAIL: Final = b'"]}'
# How long an entry is of which who, when and a subject of 64 characters stand where `_cut` takes them.
_LEAST: Final = len(_HEAD) + 36 + len(_MIDDLE) + 27 + 64 + len(_TAIL)
_ZEROS: Final = b"0000-00-00T00:00:00.000000Z"
_TO_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")


class Shape:
    """What entries have in common that differ in who, when and about what alone; `made_of_it` is a place for
    what a listener makes of it, once for all of them.
    """

    __slots__ = ("detail", "kind", "made_of_it", "policy_set")

    def __init__(self, kind: str, policy_set: str, detail: Mapping[str, Any]) -> None:
        self.kind, self.policy_set, self.detail = kind, policy_set, detail
        self.made_of_it: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Shape, (self.kind, self.policy_set, self.detail)


class Told(NamedTuple):
    """An entry as it was read. What is read is shared: never change it.

    Actors are interned: whoever keeps some keeps each once, however many leaves name it.
    """

    shape: Shape
    actor: str
    at: str
    subjects: Sequence[str]

    @property
    def kind(self) -> str:
        return self.shape.kind

    @property
    def detail(self) -> Mapping[str, Any]:
        return self.shape.detail

    @property
    def document(self) -> dict[str, Any]:
        """The entry as the JSON that it is."""
        shape = self.shape
        return {
            "actor": self.actor,
            "at": self.at,
            "detail": shape.detail,
            "kind": shape.kind,
            "policy_set": shape.policy_set,
            "subjects": list(self.subjects),
        }


Columns = tuple[list[Shape], list[str], list[Sequence[str]]]
"""What `Told` holds of each, but for when."""


class EntryReader:
    """Reads entries one after the other, and remembers what it met last."""

    def __init__(self) -> None:
        self._outlines: set[str] = set()
        self._shapes: dict[bytes, Shape] = {}
        self._actors: dict[bytes, str] = {}

    def read(self, entry: bytes) -> Told:
        """Raises EntryRefused unless the bytes are exactly what `leaves.encode` would write."""
        try:
            return self._read(entry.decode("ascii"))
        except ValueError as error:
            raise EntryRefused("These bytes are not an entry of a ledger.") from error

    def read_all(self, entries: bytes, *, begins: Sequence[int], moments: str) -> Columns:
        """Each of the entries that stand one after the other, beginning at these places (the last one ends at
        the last), if they happened at these moments, written as in an entry, one after the other.

        Raises EntryRefused if they did not, or if any is not exactly what `leaves.encode` would write.
        """
        known, people, happened = self._shapes, self._actors, []
        shapes: list[Shape] = []
        actors: list[str] = []
        about: list[Sequence[str]] = []
        for begin, end in pairwise(begins):
            length = end - begin
            if length > _LEAST:
                head, who, middle, at, between, subject, tail = _cut(length)(entries, begin)
                if head == _HEAD and middle == _MIDDLE and tail == _TAIL and subject.isalnum():
                    shape, actor = known.get(between), people.get(who)
                    if shape is not None and actor is not None:
                        shapes.append(shape)
                        actors.append(actor)
                        about.append((subject.decode(),))
                        happened.append(at)
                        continue
            told = self.read(entries[begin:end])
            shapes.append(told.shape)
            actors.append(told.actor)
            about.append(told.subjects)
            happened.append(told.at.encode())
        if b"".join(happened) != moments.encode():
            raise EntryRefused("These entries did not happen when they should have.")
        return shapes, actors, about

    def _read(self, text: str) -> Told:
        """By the pattern."""
        found = _ENTRY.fullmatch(text)
        if found is None or len(text) > leaves.MAX_ENTRY_BYTES:
            raise EntryRefused("These bytes are not an entry of a ledger in its canonical form.")
        actor, at, detail, kind, policy_set, subjects = found.groups()
        if kind not in _KINDS:
            raise EntryRefused(f"There is no kind of leaf {kind}.")
        datetime.fromisoformat(at)
        shape = Shape(intern(kind), intern(policy_set), self._detail(detail))
        told = Told(shape, intern(actor), at, subjects[1:-1].split('","') if subjects else ())
        self._remember(text.encode(), told)
        return told

    def _detail(self, text: str) -> Mapping[str, Any]:
        """Checked in full once for all that differ in identifiers, digests and whole numbers alone."""
        outline = _HOLES.sub(":#", text)
        if outline in self._outlines:
            detail: Mapping[str, Any] = json.loads(text)
            return detail
        read = leaves.decode_detail(text)
        if len(self._outlines) >= MOST_KEPT:
            self._outlines.clear()
        self._outlines.add(outline)
        return read

    def _remember(self, entry: bytes, told: Told) -> None:
        """Keep what stands around who, when and about what, if these stand where `read_all` looks."""
        if len(entry) <= _LEAST:
            return
        _, who, _, _, between, subject, _ = _cut(len(entry))(entry, 0)
        if who.decode() != told.actor or [subject.decode()] != told.subjects:
            return
        if len(self._shapes) >= MOST_KEPT or len(self._actors) >= MOST_KEPT:
            self._shapes.clear()
            self._actors.clear()
        self._shapes[between] = told.shape
        self._actors[who] = told.actor


@cache
def _cut(length: int) -> Callable[[bytes, int], tuple[bytes, ...]]:
    """How an entry of that length is cut, if who, when and a subject of 64 characters stand where they do in
    those that some member made about one thing.
    """
    return Struct(f"10s36s8s27s{length - _LEAST}s64s3s").unpack_from
