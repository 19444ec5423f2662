"""A guild's whole log read again from its rows: hashes, order and story, in one pass. Pure.

Rows come in blocks, in order; memory holds the right edge of the tree and what `belonging` and `lendings`
need to know, however long the log is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

from governance.audits.belonging import Belonging
from governance.audits.discrepancies import LONGEST, Discrepancy
from governance.audits.joining import LEAVES, Joining
from governance.audits.lendings import Lendings
from governance.audits.loans import Listed
from governance.audits.stretch import Stretch
from governance.ledger.entry_reader import EntryReader, Shape, Told
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused

TOLERANCE: Final = timedelta(minutes=5)
"""How far a leaf may stand before the one in front of it: a transaction notes its time before it has the
log.
"""

KEPT: Final = frozenset(
    kind.value
    for kind in (
        LeafKind.FINDING_MADE,
        LeafKind.RULING_MADE,
        LeafKind.AUDIT_REQUESTED,
        LeafKind.AUDIT_FINISHED,
        LeafKind.CONSENT_RESTRICTED,
    )
)
"""Kinds whose leaves are kept by what they are about, for whoever holds rows against them."""
_NOTHING_LISTED: Final[Listed] = ()


class Row(NamedTuple):
    """A row of the log, as it is stored; `at` as an entry would write it."""

    number: int
    kind: str
    at: str
    entry: bytes
    leaf_hash: bytes
    subtrees: bytes


class Replay:
    """What the rows fed so far come to. `found` is what was wrong with them; take it and empty it as you
    like. `tree` is what their hashes come to; the rest is what they say.
    """

    def __init__(self, *, guild: str, houses: Collection[str]) -> None:
        self.found: list[Discrepancy] = []
        self.tree = Joining(found=self.found)
        self.people = Belonging(houses=houses, found=self.found)
        self.lendings = Lendings(guild=guild, people=self.people, found=self.found)
        self.kept: dict[str, dict[str, int]] = {kind: {} for kind in KEPT}
        self.last_audit: tuple[int, Mapping[str, Any]] | None = None
        self._latest = ""
        self._reader = EntryReader()

    def feed(self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]) -> "Entries":
        """Take in the next rows (the fields of `Row`, in order), with what stands beside those of use.

        The entries that can be read, by index.
        """
        self.tree.take_each(rows)
        return self.hear_each(rows, lists)

    def hear(self, stretch: Stretch, lists: Mapping[int, Listed]) -> "Entries | None":
        """Judge what the next rows say. None, with nothing heard, if one of them is no entry or says
        something else than the columns beside it: then `hear_each` says which.
        """
        begins = stretch.begins()
        try:
            read = self._reader.read_all(stretch.entries, begins=begins, moments=stretch.moments)
        except EntryRefused:
            return None
        if not stretch.is_whole or "\n".join([shape.kind for shape, _, _ in read]) != stretch.kinds:
            return None
        numbered = enumerate(zip(stretch.ats(), read, strict=True), start=stretch.first)
        for index, (at, (shape, actor, subjects)) in numbered:
            self._hear(index, shape, actor, at, subjects, lists.get(index, _NOTHING_LISTED))
        cut = zip(range(stretch.first, stretch.last + 1), pairwise(begins), strict=True)
        return Entries({index: (stretch.entries, *ends) for index, ends in cut}, self._reader)

    def hear_each(self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]) -> "Entries":
        """Judge what rows say one by one, and say of which nothing can be made."""
        for index, kind, at, entry, _, _ in rows:
            try:
                leaf = self._reader.read(entry)
            except EntryRefused as error:
                self._note("log.entry", index, expected="an entry", actual=type(error).__name__)
                continue
            if leaf.kind != kind or leaf.at != at:
                told, stored = f"{leaf.kind} {leaf.at}", f"{kind} {at}"
                self._note("log.columns", index, expected=told, actual=stored)
            self._hear(index, *leaf, lists.get(index, _NOTHING_LISTED))
        return Entries({row[0]: (row[3], 0, len(row[3])) for row in rows}, self._reader)

    def _hear(
        self, index: int, shape: Shape, actor: str, at: str, subjects: Sequence[str], listed: Listed
    ) -> None:
        kind = shape.kind
        if at < self._latest:
            self._judge_time(index, at)
        self._latest = at
        try:
            if kind in KEPT:
                self._keep(index, Told(shape, actor, at, subjects))
            self.people.hear(index, shape, actor, at, subjects)
            self.lendings.hear(index, shape, actor, at, subjects, listed)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            self._note("log.entry", index, expected=f"an entry of {kind}", actual=type(error).__name__)

    def _judge_time(self, index: int, at: str) -> None:
        if datetime.fromisoformat(at) < datetime.fromisoformat(self._latest) - TOLERANCE:
            self._note("log.time", index, expected=f"from {self._latest}", actual=at)

    def _keep(self, index: int, leaf: Told) -> None:
        self.kept[leaf.kind][leaf.subjects[0]] = index
        if leaf.kind == LeafKind.AUDIT_FINISHED.value:
            self.last_audit = (index, leaf.detail)

    def _note(self, rule: str, index: int, *, expected: str, actual: str) -> None:
        told, found = expected[:LONGEST], actual[:LONGEST]
        self.found.append(Discrepancy(rule, index, LEAVES, str(index), told, found))


class Entries(Mapping[int, Mapping[str, Any]]):
    """The entries of some rows that can be read, by index; each is read when it is asked for.

    `places` are bytes, and where in them the entry begins and ends.
    """

    def __init__(self, places: Mapping[int, tuple[bytes, int, int]], reader: EntryReader) -> None:
        self._places = places
        self._reader = reader
        self._read: dict[int, Mapping[str, Any]] = {}

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        if index not in self._read:
            entries, begin, end = self._places[index]
            try:
                self._read[index] = self._reader.read(entries[begin:end]).document
            except EntryRefused as error:
                raise KeyError(index) from error
        return self._read[index]

    def __iter__(self) -> Iterator[int]:
        return (index for index in self._places if index in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
