"""A guild's whole log read again from its rows: hashes, order and story, in one pass. Pure.

Rows come in blocks, in order; memory holds the right edge of the tree and what `belonging` and `lendings`
need to know, however long the log is.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.tree import EMPTY_ROOT, HASH_SIZE, node_hash
from governance.oversight.belonging import Belonging
from governance.oversight.discrepancies import LONGEST, Discrepancy, plain
from governance.oversight.lendings import Lendings, Listed

LEAVES: Final = "ledger_leaf"
TOLERANCE: Final = timedelta(minutes=5)
"""How far a leaf may stand before the one in front of it: a transaction notes its time before it has the
log.
"""

MOST_GAPS: Final = 100
_ALLOWED: Final = bytes(
    set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:+/=,#-") | set(b'"{}[]')
)
_FIELDS: Final = 6
_KINDS: Final = frozenset(LeafKind.values)
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
_canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_NOTHING_LISTED: Final[Listed] = ()


class Row(NamedTuple):
    """A row of the log, as it is stored."""

    number: int
    kind: str
    at: datetime
    entry: bytes
    leaf_hash: bytes
    subtrees: bytes


class Replay:
    """What the rows fed so far come to. `found` is what was wrong with them; take it and empty it as you
    like.

    `roots` are those over the first n leaves, for each n that `wanted` named before they were fed; None
    where a leaf is missing below.
    """

    def __init__(self, *, guild: str, laws: Mapping[str, str], wanted: Iterable[int] = ()) -> None:
        self.size = 0
        self.broken = False
        self.found: list[Discrepancy] = []
        self.people = Belonging(laws=laws, found=self.found)
        self.lendings = Lendings(guild=guild, people=self.people, found=self.found)
        self.kept: dict[str, dict[str, int]] = {kind: {} for kind in KEPT}
        self.counts: dict[str, int] = {}
        self.last_audit: tuple[int, Mapping[str, Any]] | None = None
        self.roots: dict[int, bytes | None] = {0: EMPTY_ROOT}
        self._wanted = set(wanted)
        self._edge: list[bytes] = []
        self._latest: datetime | None = None

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

    def feed(
        self, rows: Sequence[tuple[Any, ...]], lists: Mapping[int, Listed]
    ) -> dict[int, Mapping[str, Any]]:
        """Take in the next rows (the fields of `Row`, in order), with what stands beside those of use.

        The entries that could be read, by index.
        """
        read = {}
        for index, kind, at, entry, leaf_hash, subtrees in rows:
            if index != self.size:
                self._skip_to(index)
            self._join(index, entry, leaf_hash, subtrees)
            leaf = self._decoded(index, entry)
            if leaf is not None:
                read[index] = leaf
                self._hear(index, leaf, kind, at, lists)
            self.size = index + 1
            if self.size in self._wanted:
                self.roots[self.size] = self.root()
        return read

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

    def _decoded(self, index: int, entry: bytes) -> Mapping[str, Any] | None:
        """The entry of a row, if it is what the ledger would write."""
        try:
            text = entry.decode("ascii")
            leaf: Mapping[str, Any] = json.loads(text)
            if entry.translate(None, _ALLOWED) or len(leaf) != _FIELDS or _canonical(leaf) != text:
                leaves.decode(entry)
            if leaf["kind"] not in _KINDS:
                raise EntryRefused(f"There is no kind of leaf {leaf['kind']}.")
        except (ValueError, TypeError, KeyError, EntryRefused) as error:
            self._note("log.entry", index, expected="an entry", actual=type(error).__name__)
            return None
        return leaf

    def _hear(
        self, index: int, leaf: Mapping[str, Any], kind: str, at: datetime, lists: Mapping[int, Listed]
    ) -> None:
        try:
            happened = datetime.fromisoformat(leaf["at"])
            if leaf["kind"] != kind or happened != at:
                self._note_columns(index, leaf, kind, at)
            if self._latest is not None and happened < self._latest - TOLERANCE:
                self._note("log.time", index, expected=f"from {plain(self._latest)}", actual=leaf["at"])
            self._latest = happened
            self._keep(index, leaf)
            self.people.hear(index, leaf)
            self.lendings.hear(index, leaf, happened, lists.get(index, _NOTHING_LISTED))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            self._note("log.entry", index, expected=f"an entry of {kind}", actual=type(error).__name__)

    def _keep(self, index: int, leaf: Mapping[str, Any]) -> None:
        kind = leaf["kind"]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if kind in KEPT:
            self.kept[kind][leaf["subjects"][0]] = index
        if kind == LeafKind.AUDIT_FINISHED.value:
            self.last_audit = (index, leaf["detail"])

    def _note_columns(self, index: int, leaf: Mapping[str, Any], kind: str, at: datetime) -> None:
        expected, actual = f"{leaf['kind']} {leaf['at']}", f"{kind} {plain(at)}"
        self._note("log.columns", index, expected=expected, actual=actual)

    def _note(self, rule: str, index: int, *, expected: str, actual: str) -> None:
        told, found = expected[:LONGEST], actual[:LONGEST]
        self.found.append(Discrepancy(rule, index, LEAVES, str(index), told, found))
