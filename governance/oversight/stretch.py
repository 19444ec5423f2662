"""Rows of the log one after the other, each column in one piece, so that what is sound is seen at once. Pure.

A column is compared whole with what it must be, and only where it differs is there anything to look for row
by row (`joining`, `replay`).
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from struct import unpack
from sys import byteorder
from typing import NamedTuple

from governance.ledger.growth import grow

INSTANT_SIZE = 27
"""Characters of an instant, as an entry writes it."""


class Stretch(NamedTuple):
    """`number` rows with indexes from `first` to `last`, in order.

    `kinds` are joined by newlines, `moments` are as an entry would write them, one after the other, and so
    are `entries` and `subtrees`, with the lengths of each (big-endian, of four and of two octets).
    `hashes` are those of the leaves; `are_hashes` is whether each of them is as long as a hash.
    """

    first: int
    last: int
    number: int
    kinds: str
    moments: str
    entry_lengths: bytes
    entries: bytes
    are_hashes: bool
    hashes: bytes
    subtree_lengths: bytes
    subtrees: bytes

    @property
    def is_whole(self) -> bool:
        """Whether no row is missing between the first and the last."""
        return self.last - self.first + 1 == self.number

    def begins(self) -> list[int]:
        """Where each entry begins, and at last where the last one ends."""
        return list(accumulate(unpack(f">{self.number}i", self.entry_lengths), initial=0))

    def ats(self) -> list[str]:
        """When each row says that it happened."""
        moments = self.moments
        return [moments[begin : begin + INSTANT_SIZE] for begin in range(0, len(moments), INSTANT_SIZE)]


class Job(NamedTuple):
    """To join a stretch to a tree with this edge: what edge has it after so many rows, for each of `ends`?"""

    stretch: Stretch
    edge: Sequence[bytes]
    ends: Sequence[int]


Edges = Sequence[Sequence[bytes]]
"""The edge of a tree after each of the ends of a job."""


def edges_after(job: Job) -> Edges | None:
    """What a job asks for; None if any row does not hold the hashes that it must hold."""
    stretch, edge, begin, size = job.stretch, job.edge, 0, job.stretch.first
    entries = [stretch.entries[first:last] for first, last in pairwise(stretch.begins())]
    parts = []
    for end in job.ends:
        grown = grow(edge, size=size, entries=entries[begin:end])
        parts.append(grown)
        edge, begin, size = grown.edge, end, stretch.first + end
    subtrees = [subtree for part in parts for subtree in part.subtrees]
    holds = (
        stretch.are_hashes
        and b"".join(chain.from_iterable(part.hashes for part in parts)) == stretch.hashes
        and b"".join(subtrees) == stretch.subtrees
        and _lengths(subtrees) == stretch.subtree_lengths
    )
    return [part.edge for part in parts] if holds else None


def _lengths(pieces: Iterable[bytes]) -> bytes:
    lengths = array("h", map(len, pieces))
    if byteorder == "little":
        lengths.byteswap()
    return lengths.tobytes()
