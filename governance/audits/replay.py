"""A guild's whole log read again from its rows: hashes, order and story, in one pass. Pure.

Rows come in blocks, in order; memory holds the right edge of the tree and what `belonging` and `lendings`
need to know, however long the log is.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from governance.audits.account import Account
from governance.audits.bearing import has_form, has_subjects
from governance.audits.belonging import Belonging
from governance.audits.discrepancies import LONGEST, Discrepancy
from governance.audits.joining import LEAVES, Joining
from governance.audits.lendings import Hearer, Lendings
from governance.audits.loans import Listed
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
COUNTLESS: Final = frozenset(
    {
        LeafKind.USE.value,
        LeafKind.CONTRIBUTION_LENT.value,
        LeafKind.BLEND_REQUESTED.value,
        LeafKind.DREAMSCAPE_MADE.value,
        *(kind for kind in LeafKind.values if kind.startswith("consent.")),
    }
    - KEPT
)
"""Kinds of which there are so many that their places are not kept."""


class Row(NamedTuple):
    """A row of the log, as it is stored; `at` as an entry would write it."""

    number: int
    kind: str
    at: str
    entry: bytes
    leaf_hash: bytes
    subtrees: bytes


Leaf = tuple[int, Shape, str, str, Sequence[str]]
"""A leaf as it is heard: its index, its shape, who, when, and about what."""


Way = tuple[bool, Set[str], Hearer]
"""How leaves of one shape are heard: whether each of them has to be by `Belonging`, or only that of somebody
who is not among these; and how by `Lendings`.
"""


class Replay:
    """What the rows fed so far come to. `found` is what was wrong with them; take it and empty it as you
    like. `tree` is what their hashes come to, `reader` reads them, `places` are the indexes of the leaves of
    each kind that is not countless; the rest is what they say.
    """

    def __init__(self, *, guild: str, houses: Collection[str]) -> None:
        self.found: list[Discrepancy] = []
        self.tree = Joining(found=self.found)
        self.people = Belonging(houses=houses, found=self.found)
        self.lendings = Lendings(guild=guild, people=self.people, found=self.found)
        self.kept: dict[str, dict[str, int]] = {kind: {} for kind in KEPT}
        self.places: dict[str, array[int]] = {}
        self.last_audit: tuple[int, Mapping[str, Any]] | None = None
        self._latest = ""
        self._alike: dict[tuple[str, str], tuple[bool, Set[str]]] = {}
        self.reader = EntryReader()

    def feed(self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]) -> "Entries":
        """Take in the next rows (the fields of `Row`, in order), with what stands beside those of use.

        The entries that can be read, by index.
        """
        self.tree.take_each(rows)
        return self.hear_each(rows, lists)

    def hear(self, account: Account, lists: Mapping[int, Listed]) -> "Entries":
        """Judge what the next leaves say."""
        indexes = range(account.first, account.last + 1)
        columns = (account.shapes, account.actors, account.ats(), account.subjects())
        self._hear_all(zip(indexes, *columns, strict=True), lists)
        return Entries(indexes, account.told)

    def hear_each(self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]) -> "Entries":
        """Judge what rows say one by one, and say of which nothing can be made."""
        entries = {row[0]: row[3] for row in rows}
        self._hear_all(self._read_each(rows), lists)
        return Entries(entries.keys(), lambda index: self.reader.read(entries[index]))

    def _read_each(self, rows: Sequence[tuple[Any, ...]]) -> Iterator[Leaf]:
        for index, kind, at, entry, _, _ in rows:
            try:
                leaf = self.reader.read(entry)
            except EntryRefused as error:
                self._note("log.entry", index, expected="an entry", actual=type(error).__name__)
                continue
            if leaf.kind != kind or leaf.at != at:
                told, stored = f"{leaf.kind} {leaf.at}", f"{kind} {at}"
                self._note("log.columns", index, expected=told, actual=stored)
            yield index, *leaf

    def _hear_all(self, leaves: Iterable[Leaf], lists: Mapping[int, Listed]) -> None:
        """The one loop that every leaf goes through: what is known of its shape is looked up, not asked."""
        before, self.lendings.beside = self._latest, lists
        for index, shape, actor, at, subjects in leaves:
            is_rare, allowed, hear = shape.made_of_it or self._way_of(shape)
            if at < before:
                self._judge_time(index, at, before=before)
            before = at
            try:
                if is_rare or actor not in allowed:
                    self._hear_with_people(index, Told(shape, actor, at, subjects))
                hear(shape, index, actor, at, subjects)
            except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
                self._note(
                    "log.entry", index, expected=f"an entry of {shape.kind}", actual=type(error).__name__
                )
        self._latest = before

    def _way_of(self, shape: Shape) -> Way:
        """How leaves of a shape are heard, found out once."""
        if not has_form(shape.kind, shape.detail):
            refused: Way = (True, frozenset(), _refuse)
            shape.made_of_it = refused
            return refused
        alike = shape.kind, shape.policy_set
        known = self._alike.get(alike)
        if known is None:
            is_rare = shape.kind not in COUNTLESS or self.people.listens_to(shape.kind)
            known = self._alike[alike] = is_rare, self.people.allowed(*alike)
        way = shape.made_of_it = (*known, self.lendings.hearer_of(shape))
        return way

    def _hear_with_people(self, index: int, leaf: Told) -> None:
        if not has_form(leaf.kind, leaf.detail) or not has_subjects(leaf.kind, leaf.subjects):
            _refuse()
        if leaf.kind not in COUNTLESS:
            self.places.setdefault(leaf.kind, array("q")).append(index)
        if leaf.kind in KEPT:
            self._keep(index, leaf)
        self.people.hear(index, leaf)

    def _judge_time(self, index: int, at: str, *, before: str) -> None:
        if datetime.fromisoformat(at) < datetime.fromisoformat(before) - TOLERANCE:
            self._note("log.time", index, expected=f"from {before}", actual=at)

    def _keep(self, index: int, leaf: Told) -> None:
        self.kept[leaf.kind][leaf.subjects[0]] = index
        if leaf.kind == LeafKind.AUDIT_FINISHED.value:
            self.last_audit = (index, leaf.detail)

    def _note(self, rule: str, index: int, *, expected: str, actual: str) -> None:
        told, found = expected[:LONGEST], actual[:LONGEST]
        self.found.append(Discrepancy(rule, index, LEAVES, str(index), told, found))


def _refuse(*_: Any) -> None:
    """Raises ValueError: nothing can be made of such a leaf."""
    raise ValueError("This leaf does not hold what one of its kind must.")


class Entries(Mapping[int, Mapping[str, Any]]):
    """Entries by index, each made when it is asked for: `told` gives the one of an index, and raises
    EntryRefused where it cannot be read.
    """

    def __init__(self, indexes: Collection[int], told: Callable[[int], Told]) -> None:
        self._indexes, self._told = indexes, told
        self._read: dict[int, Mapping[str, Any]] = {}

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        if index not in self._read:
            if index not in self._indexes:
                raise KeyError(index)
            try:
                self._read[index] = self._told(index).document
            except EntryRefused as error:
                raise KeyError(index) from error
        return self._read[index]

    def __iter__(self) -> Iterator[int]:
        return (index for index in self._indexes if index in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
