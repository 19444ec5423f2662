"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, proofs, and their verification. Pure.

A *node* is a complete subtree, named by its level (0 is a leaf) and its position within that level: it covers
the leaves `[position << level, (position + 1) << level)`. A *span* is a half-open range of leaves. Every hash
that a root or a proof needs is the hash of a span, and every such span falls apart into at most 64 nodes,
so whoever can look up nodes (a list in memory, a table on disk) can make any root or proof in O(log n).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from governance.ledger.errors import ProofRejected

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    """A complete subtree of `2**level` leaves."""

    level: int
    position: int

    @property
    def last_leaf(self) -> int:
        """Index of the leaf whose arrival completed this subtree."""
        return ((self.position + 1) << self.level) - 1


class Span(NamedTuple):
    """The leaves `begin <= i < end`; `begin` is a multiple of the largest power of two that fits inside."""

    begin: int
    end: int


Lookup = Callable[[Node], bytes]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_of(span: Span) -> tuple[Node, ...]:
    """The complete subtrees that make up a span, left to right (largest first)."""
    begin, end = span
    nodes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(Node(level, begin >> level))
        begin += 1 << level
    return tuple(nodes)


def span_hash(span: Span, lookup: Lookup) -> bytes:
    """MTH of the leaves of a span. The span of an empty tree hashes to `EMPTY_ROOT`."""
    nodes = nodes_of(span)
    if not nodes:
        return EMPTY_ROOT
    return _fold([lookup(node) for node in nodes])


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Join subtree hashes, given left to right, from the right as RFC 6962 splits them."""
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (`size` at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_spans(index: int, size: int) -> tuple[Span, ...]:
    """PATH(index, D[size]) as spans, from the leaf's sibling up to the root's child."""
    if not 0 <= index < size:
        raise ProofRejected(f"Leaf {index} is not in a log of {size} leaves: ask for a smaller index.")
    begin, end, spans = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(begin, middle))
            begin = middle
    return tuple(reversed(spans))


def consistency_spans(old_size: int, size: int) -> tuple[Span, ...]:
    """PROOF(old_size, D[size]) as spans. Equal sizes need no proof; an empty old tree has none."""
    if not 0 < old_size <= size:
        raise ProofRejected(f"A log of {size} leaves has no proof from {old_size}: ask for 1 to {size}.")
    begin, end, whole, spans = 0, size, True, []
    while end != old_size:
        middle = begin + _split(end - begin)
        if old_size <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(begin, middle))
            begin, whole = middle, False
    if not whole:
        spans.append(Span(begin, end))
    return tuple(reversed(spans))


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing tree: its size, and the hashes of its complete subtrees, largest first.

    It is all that is needed to append and to state the root.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        joined, kept, size = leaf, len(self.hashes), self.size
        while size & 1:
            kept -= 1
            joined = node_hash(self.hashes[kept], joined)
            size >>= 1
        return Frontier(self.size + 1, (*self.hashes[:kept], joined))

    def root(self) -> bytes:
        return _fold(self.hashes) if self.hashes else EMPTY_ROOT


def left_siblings(size: int) -> tuple[Node, ...]:
    """The nodes that the next leaf of a tree of `size` joins with, lowest level first (often none)."""
    nodes = []
    level = 0
    while (size >> level) & 1:
        nodes.append(Node(level, (size >> level) - 1))
        level += 1
    return tuple(nodes)


def completed_subtrees(leaf: bytes, siblings: Sequence[bytes]) -> tuple[bytes, ...]:
    """Hashes of the subtrees of level 1 and up that a leaf completes, from those of `left_siblings`."""
    hashes = []
    joined = leaf
    for sibling in siblings:
        joined = node_hash(sibling, joined)
        hashes.append(joined)
    return tuple(hashes)


class MemoryTree:
    """A whole tree in memory, from leaf hashes: the reference, and the tool for lists of commitments."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def lookup(self, node: Node) -> bytes:
        return self._levels[node.level][node.position]

    def root(self) -> bytes:
        return span_hash(Span(0, self.size), self.lookup)


def root(leaves: Sequence[bytes]) -> bytes:
    """Merkle tree hash of a list of leaf hashes: joined by pairs, row by row; a last one alone goes up."""
    row, sha256 = list(leaves), hashlib.sha256
    while len(row) > 1:
        alone = row[-1:] if len(row) & 1 else []
        pairs = zip(row[::2], row[1::2], strict=False)
        row = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + alone
    return row[0] if row else EMPTY_ROOT


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Audit path of the leaf at `index` in the tree of these leaf hashes."""
    tree = MemoryTree(leaves)
    return tuple(span_hash(span, tree.lookup) for span in inclusion_spans(index, tree.size))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Proof that the tree of the first `old_size` leaf hashes is a prefix of the tree of them all."""
    tree = MemoryTree(leaves)
    return tuple(span_hash(span, tree.lookup) for span in consistency_spans(old_size, tree.size))
