"""Entries read by the million: what `leaves.decode` accepts and nothing else, at a tenth of its cost. Pure.

The canonical form of an entry has six keys in one order and no choice of spelling, so one pattern tells it.
Only `detail` is JSON of its own. And most entries differ from one that was read before in three places alone:
who, when, and the one subject that it is about. What stands around these is then taken as it was read then.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from sys import intern
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.ledger import leaves
from governance.ledger.entry_cuts import ACTOR_SIZE, SUBJECT_SIZE, Cut, around_of, cuts
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.instants import INSTANT_SIZE, Instants, Octets, read_instants

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

_PARSE: Final = json.JSONDecoder().raw_decode


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


class Columns(NamedTuple):
    """What `Told` holds of many: shapes, actors, the `moments` one after the other, and the subjects. `about`
    is a line of 64 characters for each; those whose subjects cannot be told so stand `apart`, by place.
    """

    shapes: list[Shape]
    actors: list[str]
    moments: str
    about: str
    apart: Mapping[int, Sequence[str]]


class EntryReader:
    """Reads entries one after the other, and remembers what it met last."""

    def __init__(self) -> None:
        self._outlines: set[str] = set()
        self._shapes: dict[bytes, Shape] = {}
        self._actors: dict[bytes, str] = {}

    def read(self, entry: bytes) -> Told:
        """Raises EntryRefused unless the bytes are exactly what `leaves.encode` would write."""
        try:
            return self._read(entry, entry.decode("ascii"))
        except ValueError as error:
            raise EntryRefused("These bytes are not an entry of a ledger.") from error

    def read_all(self, entries: bytes, *, lengths: NDArray[np.int64], instants: Instants) -> Columns:
        """Each of the entries that stand one after the other and are so long, if they happened then.

        Raises EntryRefused if they did not, or if any is not exactly what `leaves.encode` would write.
        """
        number, ends = len(lengths), np.cumsum(lengths)
        entry_at = partial(_entry_at, entries, [0, *ends.tolist()])
        shapes, actors = np.full(number, None), np.full(number, None)
        about = np.full((number, SUBJECT_SIZE + 1), b"\n"[0], np.uint8)
        happened = np.empty((number, INSTANT_SIZE), np.uint8)
        for cut in cuts(entries, lengths):
            places = cut.places
            shapes[places], actors[places] = self._met(cut, entry_at)
            about[places, :SUBJECT_SIZE], happened[places] = cut.subjects, cut.at
        others = [place for place, shape in enumerate(shapes.tolist()) if shape is None]
        told = [self.read(entry_at(place)) for place in others]
        shapes[others], actors[others] = [one.shape for one in told], [one.actor for one in told]
        about[others, :SUBJECT_SIZE], happened[others] = b"-"[0], _in_rows([one.at for one in told])
        apart = {place: one.subjects for place, one in zip(others, told, strict=True)}
        read = read_instants(happened)
        if read is None or not np.array_equal(read, instants):
            raise EntryRefused("These entries did not happen when they should have.")
        columns = shapes.tolist(), actors.tolist(), _text(happened), _text(about)[:-1]
        return Columns(*columns, apart)

    def _met(self, cut: Cut, entry_at: Callable[[int], bytes]) -> tuple[list[Shape | None], list[str | None]]:
        """The shape and the actor of each entry in a cut; neither where what was cut is not what is read."""
        known, people = self._shapes, self._actors
        shapes, actors = list(map(known.get, cut.around)), list(map(people.get, cut.who))
        for at, (shape, actor) in enumerate(zip(shapes, actors, strict=True)):
            if shape is None or actor is None:
                around, who = cut.around[at], cut.who[at]
                if around not in known or who not in people:
                    self.read(entry_at(int(cut.places[at])))
                shapes[at], actors[at] = known.get(around), people.get(who)
        return shapes, actors

    def _read(self, entry: bytes, text: str) -> Told:
        """By the pattern."""
        found = _ENTRY.fullmatch(text)
        if found is None or len(text) > leaves.MAX_ENTRY_BYTES:
            raise EntryRefused("These bytes are not an entry of a ledger in its canonical form.")
        actor, at, detail, kind, policy_set, subjects = found.groups()
        if kind not in _KINDS:
            raise EntryRefused(f"There is no kind of leaf {kind}.")
        datetime.fromisoformat(at)
        told = Told(
            Shape(intern(kind), intern(policy_set), self._detail(detail)),
            intern(actor),
            at,
            subjects[1:-1].split('","') if subjects else (),
        )
        if len(actor) == ACTOR_SIZE and len(subjects) == SUBJECT_SIZE + 2 and len(told.subjects) == 1:
            self._remember(entry, told)
        return told

    def _detail(self, text: str) -> Mapping[str, Any]:
        """Checked in full once for all that differ in identifiers, digests and whole numbers alone."""
        outline = _HOLES.sub(":#", text)
        if outline in self._outlines:
            detail: Mapping[str, Any] = _PARSE(text)[0]
            return detail
        read = leaves.decode_detail(text)
        if len(self._outlines) >= MOST_KEPT:
            self._outlines.clear()
        self._outlines.add(outline)
        return read

    def _remember(self, entry: bytes, told: Told) -> None:
        """Keep what stands around who, when and about what, in an entry that can be cut."""
        if len(self._shapes) >= MOST_KEPT or len(self._actors) >= MOST_KEPT:
            self._shapes.clear()
            self._actors.clear()
        who, around = around_of(entry)
        self._shapes[around], self._actors[who] = told.shape, told.actor


def _entry_at(entries: bytes, begins: Sequence[int], place: int) -> bytes:
    return entries[begins[place] : begins[place + 1]]


def _text(rows: Octets) -> str:
    return rows.tobytes().decode()


def _in_rows(moments: Sequence[str]) -> Octets:
    return np.frombuffer("".join(moments).encode(), np.uint8).reshape(len(moments), INSTANT_SIZE)
