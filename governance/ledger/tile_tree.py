"""A tree that grows leaf by leaf and gives back its tiles as they fill: for verifying logs of any size. Pure.

It holds at most 256 hashes a level, so a million leaves need no more memory than a thousand.
"""

from collections.abc import Iterator, Sequence

from governance.ledger.tiles import WIDTH, Tile
from governance.ledger.tree import EMPTY_ROOT, node_hash
from governance.ledger.tree import root as root_of

Filled = tuple[Tile, list[bytes]]


class TileTree:
    """`size` leaves so far; per level the hashes of the tile that is not full yet."""

    def __init__(self) -> None:
        self.size = 0
        self._open: list[list[bytes]] = [[]]

    def append(self, leaf: bytes) -> list[Filled]:
        """Add one leaf hash; the tiles that it filled, lowest level first (in most cases none)."""
        self.size += 1
        filled: list[Filled] = []
        joined, level = leaf, 0
        while True:
            hashes = self._open[level]
            hashes.append(joined)
            if len(hashes) < WIDTH:
                return filled
            index = (self.size >> 8 * (level + 1)) - 1
            filled.append((Tile(level, index), hashes))
            self._open[level] = []
            joined, level = root_of(hashes), level + 1
            if level == len(self._open):
                self._open.append([])

    def partial(self) -> Iterator[Filled]:
        """The tiles that are not full, lowest level first."""
        for level, hashes in enumerate(self._open):
            if hashes:
                yield Tile(level, self.size >> 8 * (level + 1), len(hashes)), hashes

    def root(self) -> bytes:
        """The root over all leaves so far."""
        subtrees = [subtree for hashes in reversed(self._open) for subtree in _complete(hashes)]
        if not subtrees:
            return EMPTY_ROOT
        joined = subtrees.pop()
        while subtrees:
            joined = node_hash(subtrees.pop(), joined)
        return joined


def _complete(hashes: Sequence[bytes]) -> Iterator[bytes]:
    """The roots of the complete subtrees over these hashes, largest first."""
    begin = 0
    while begin < len(hashes):
        width = 1 << ((len(hashes) - begin).bit_length() - 1)
        yield root_of(hashes[begin : begin + width])
        begin += width
