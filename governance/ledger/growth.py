"""A tree that grows by many leaves at once: `tree.Frontier` at the speed of hashing alone. Pure."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

Edge = Sequence[bytes]
"""The hashes of the complete subtrees at the right edge of a tree, largest first: one a bit of its size."""


class Grown(NamedTuple):
    """What some leaves add to a tree: for each its hash, and those of the subtrees that it completes, joined;
    and the edge of the tree after them.
    """

    hashes: list[bytes]
    subtrees: list[bytes]
    edge: list[bytes]


def grow(edge: Edge, *, size: int, entries: Sequence[bytes]) -> Grown:
    """Let a tree of `size` leaves with that edge grow by these entries.

    Level by level: a row of nodes, with what waits for it at its left, gives the row above by pairs.
    """
    row = hashes = [sha256(b"\x00" + entry).digest() for entry in entries]
    subtrees, waiting = [b""] * len(entries), list(edge)
    after: list[bytes] = []
    first, level = size, 0
    while row or waiting:
        if first & 1:
            row, first = [waiting.pop(), *row], first - 1
        if len(row) & 1:
            after.append(row[-1])
        row = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        first, level = first >> 1, level + 1
        if row:
            last = ((first + 1) << level) - 1 - size
            ends = slice(last, None, 1 << level)
            subtrees[ends] = map(bytes.__add__, subtrees[ends], row)
    return Grown(hashes, subtrees, after[::-1])
