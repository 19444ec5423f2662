"""A guild's whole log read again from its rows: hashes, order and story, in one pass. Pure.

Rows come in blocks, in order; memory holds the right edge of the tree and what `belonging` and `lendings`
need to know, however long the log is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from governance.ledger.entry_reader import EntryReader
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.growth import grow
from governance.ledger.tree import EMPTY_ROOT, HASH_SIZE, node_hash
from governance.oversight.belonging import Belonging, LawsUnder
from governance.oversight.discrepancies import LONGEST, Discrepancy, plain
from governance.oversight.lendings import Lendings, Listed

LEAVES: Final = "ledger_leaf"
TOLERANCE: Final = timedelta(minutes=5)
"""How far a leaf may stand before the one in front of it: a transaction notes its time before it has the
log.
"""

MOST_GAPS: Final = 100
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
    like.

    `roots` are those over the first n leaves, for each n that `wanted` named before they were fed; None
    where a leaf is missing below.
    """

    def __init__(
        self,
        *,
        guild: str,
        laws: Mapping[str, str],
        laws_under: LawsUnder | None = None,
        wanted: Iterable[int] = (),
    ) -> None:
        self.size = 0
        self.broken = False
        self.found: list[Discrepancy] = []
        self.people = Belonging(laws=laws, laws_under=laws_under, found=self.found)
        self.lendings = Lendings(guild=guild, people=self.people, found=self.found)
        self.kept: dict[str, dict[str, int]] = {kind: {} for kind in KEPT}
        self.last_audit: tuple[int, Mapping[str, Any]] | None = None
        self.roots: dict[int, bytes | None] = {0: EMPTY_ROOT}
        self._wanted = set(wanted)
        self._edge: list[bytes] = []
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._reader = EntryReader()

    def want(self, sizes: Collection[int]) -> None:
        """Keep the roots at these sizes too, as far as they are still to come."""
        self._wanted.update(sizes)
        if self.size in self._wanted:
            self.roots[self.size] = self.root()

    def root(self) -> bytes | None:
        """The root over everything fed; None once a leaf was missing."""
        if self.broken:
            return None
        if not self._edge:
            return EMPTY_ROOT
        joined = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            joined = node_hash(left, joined)
        return joined

    def feed(self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]) -> "Entries":
        """Take in the next rows (the fields of `Row`, in order), with what stands beside those of use.

        The entries that can be read, by index.
        """
        for part in self._parts(rows):
            if not self._grows_by(part):
                self._grow_one_by_one(part)
            if self.size in self._wanted:
                self.roots[self.size] = self.root()
        self._hear_all(rows, lists)
        return Entries(rows, self._reader)

    def _parts(self, rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
        """The rows, cut where a root is wanted."""
        begin = 0
        for place, row in enumerate(rows, start=1):
            if row[0] + 1 in self._wanted or place == len(rows):
                yield rows[begin:place]
                begin = place

    def _grows_by(self, part: Sequence[tuple[Any, ...]]) -> bool:
        """Grow by all of these rows at once, if there is nothing wrong with their hashes; else do nothing."""
        if self.broken or part[0][0] != self.size or part[-1][0] != self.size + len(part) - 1:
            return False
        _, _, _, entries, hashes, subtrees = zip(*part, strict=True)
        grown = grow(self._edge, size=self.size, entries=entries)
        if tuple(grown.hashes) != hashes or tuple(grown.subtrees) != subtrees:
            return False
        self._edge, self.size = grown.edge, self.size + len(part)
        return True

    def _grow_one_by_one(self, part: Sequence[tuple[Any, ...]]) -> None:
        """Grow by these rows, and say which of them are wrong."""
        for index, _, _, entry, leaf_hash, subtrees in part:
            if index != self.size:
                self._skip_to(index)
            self._join(index, entry, leaf_hash, subtrees)
            self.size = index + 1

    def _hear_all(self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]) -> None:
        """Each entry is let go as soon as it was heard: a million of them pass."""
        read = self._reader.read
        for index, kind, at, entry, _, _ in rows:
            try:
                leaf, happened = read(entry)
            except EntryRefused as error:
                self._note("log.entry", index, expected="an entry", actual=type(error).__name__)
                continue
            if leaf["kind"] != kind or leaf["at"] != at:
                self._note_columns(index, leaf, kind, at)
            try:
                self._hear(index, leaf, happened, lists.get(index, _NOTHING_LISTED))
            except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
                self._note("log.entry", index, expected=f"an entry of {kind}", actual=type(error).__name__)

    def _skip_to(self, index: int) -> None:
        for missing in range(self.size, min(index, self.size + MOST_GAPS)):
            self._note("log.gap", missing, expected="a leaf", actual="none")
        self.broken, self.size = True, index

    def _join(self, index: int, entry: bytes, leaf_hash: bytes, subtrees: bytes) -> None:
        """Check the hashes of a row and grow the tree. It grows by what is stored, where that could be a
        hash, so that one altered row is found once and not again at every height above it.
        """
        hashed = sha256(b"\x00" + entry).digest()
        if hashed != leaf_hash:
            self._note("log.hash", index, expected=hashed.hex(), actual=bytes(leaf_hash).hex())
            hashed = leaf_hash if len(leaf_hash) == HASH_SIZE else hashed
        if self.broken:
            return
        size, edge, completed = index, self._edge, []
        while size & 1:
            hashed = sha256(b"\x01" + edge.pop() + hashed).digest()
            completed.append(hashed)
            size >>= 1
        joined = b"".join(completed)
        if joined != subtrees:
            self._note("log.subtrees", index, expected=joined.hex(), actual=bytes(subtrees).hex())
            hashed = subtrees[-HASH_SIZE:] if completed and len(subtrees) == len(joined) else hashed
        edge.append(hashed)

    def _hear(
        self,
        index: int,
        leaf: Mapping[str, Any],
        happened: datetime,
        listed: Listed,
    ) -> None:
        if happened < self._latest and happened < self._latest - TOLERANCE:
            self._note("log.time", index, expected=f"from {plain(self._latest)}", actual=leaf["at"])
        self._latest = happened
        if leaf["kind"] in KEPT:
            self._keep(index, leaf)
        self.people.hear(index, leaf)
        self.lendings.hear(index, leaf, happened, listed)

    def _keep(self, index: int, leaf: Mapping[str, Any]) -> None:
        kind = leaf["kind"]
        self.kept[kind][leaf["subjects"][0]] = index
        if kind == LeafKind.AUDIT_FINISHED.value:
            self.last_audit = (index, leaf["detail"])

    def _note_columns(self, index: int, leaf: Mapping[str, Any], kind: str, at: str) -> None:
        self._note("log.columns", index, expected=f"{leaf['kind']} {leaf['at']}", actual=f"{kind} {at}")

    def _note(self, rule: str, index: int, *, expected: str, actual: str) -> None:
        told, found = expected[:LONGEST], actual[:LONGEST]
        self.found.append(Discrepancy(rule, index, LEAVES, str(index), told, found))


class Entries(Mapping[int, Mapping[str, Any]]):
    """The entries of some rows that can be read, by index; each is read when it is asked for."""

    def __init__(self, rows: Sequence[tuple[Any, ...]], reader: EntryReader) -> None:
        self._entries: dict[int, bytes] = {row[0]: row[3] for row in rows}
        self._reader = reader
        self._read: dict[int, Mapping[str, Any]] = {}

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        if index not in self._read:
            try:
                self._read[index], _ = self._reader.read(self._entries[index])
            except EntryRefused as error:
                raise KeyError(index) from error
        return self._read[index]

    def __iter__(self) -> Iterator[int]:
        return (index for index in self._entries if index in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
