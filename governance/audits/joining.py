"""The tree that the rows of a log come to, and which rows do not fit into it. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from governance.audits.discrepancies import LONGEST, Discrepancy
from governance.audits.stretch import Stretch
from governance.ledger.growth import Grown, grow
from governance.ledger.tree import EMPTY_ROOT, HASH_SIZE, node_hash

LEAVES: Final = "ledger_leaf"
MOST_GAPS: Final = 100


class Joined(NamedTuple):
    """A tree of so many leaves by its right edge, and the roots that were kept on the way."""

    size: int
    edge: Sequence[bytes]
    roots: Mapping[int, bytes | None]


class Joining:
    """The tree over the first `size` leaves; `broken` once one was missing.

    `roots` are those over the first n leaves, for each n that was wanted before it was passed; None where a
    leaf is missing below.
    """

    def __init__(self, *, found: list[Discrepancy]) -> None:
        self.size = 0
        self.broken = False
        self.roots: dict[int, bytes | None] = {0: EMPTY_ROOT}
        self._found = found
        self._wanted: set[int] = set()
        self._edge: list[bytes] = []

    def want(self, sizes: Collection[int]) -> None:
        """Keep the roots at these sizes too, as far as they are still to come."""
        self._wanted.update(sizes)
        self._keep_root()

    def joined(self) -> Joined:
        """What it came to, for another one to follow."""
        return Joined(self.size, tuple(self._edge), dict(self.roots))

    def follow(self, joined: Joined) -> None:
        """Come to what another one came to that started from here."""
        self.size, self._edge = joined.size, list(joined.edge)
        self.roots.update(joined.roots)

    def wanted(self) -> list[int]:
        """The sizes still to come at which roots are kept."""
        return sorted(size for size in self._wanted if size > self.size)

    def root(self) -> bytes | None:
        """The root over everything joined; None once a leaf was missing."""
        if self.broken:
            return None
        if not self._edge:
            return EMPTY_ROOT
        joined = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            joined = node_hash(left, joined)
        return joined

    def take(self, stretch: Stretch) -> bool:
        """Join these rows at once. Whether that could be: where there is anything wrong with their hashes
        nothing is joined, and `take_each` says what.
        """
        if self.broken or stretch.first != self.size or not stretch.is_whole:
            return False
        parts = list(self._grown(stretch.cut()))
        if not stretch.hashes_are(parts):
            return False
        for part in parts:
            self._edge, self.size = part.edge, self.size + len(part.hashes)
            self._keep_root()
        return True

    def _grown(self, entries: Sequence[bytes]) -> Iterator[Grown]:
        """What these entries add to the tree, cut where a root is wanted."""
        begin, edge, size = 0, self._edge, self.size
        ends = sorted(
            size - self.size for size in self._wanted if self.size < size < self.size + len(entries)
        )
        for end in (*ends, len(entries)):
            grown = grow(edge, size=size, entries=entries[begin:end])
            begin, edge, size = end, grown.edge, self.size + end
            yield grown

    def take_each(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Join rows (the fields of `replay.Row`) one by one, and say which of them are wrong."""
        for index, _, _, entry, leaf_hash, subtrees in rows:
            if index != self.size:
                self._skip_to(index)
            self._join(index, entry, leaf_hash, subtrees)
            self.size = index + 1
            self._keep_root()

    def _keep_root(self) -> None:
        if self.size in self._wanted:
            self.roots[self.size] = self.root()

    def _skip_to(self, index: int) -> None:
        if index < self.size:
            self._note("log.place", index, expected="one leaf", actual="another one")
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
            hashed = node_hash(edge.pop(), hashed)
            completed.append(hashed)
            size >>= 1
        joined = b"".join(completed)
        if joined != subtrees:
            self._note("log.subtrees", index, expected=joined.hex(), actual=bytes(subtrees).hex())
            hashed = subtrees[-HASH_SIZE:] if completed and len(subtrees) == len(joined) else hashed
        edge.append(hashed)

    def _note(self, rule: str, index: int, *, expected: str, actual: str) -> None:
        told, found = expected[:LONGEST], actual[:LONGEST]
        self._found.append(Discrepancy(rule, index, LEAVES, str(index), told, found))
