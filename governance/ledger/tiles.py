"""The paths and bytes of a tiled log (c2sp.org/tlog-tiles). Pure.

A tile of level `l` holds up to 256 hashes of subtrees of `256**l` leaves; an entry bundle holds the entries
under the tile of level 0 at the same index. The last of a level may be partial, and then says its width.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from governance.ledger.errors import NoteMalformed
from governance.ledger.tree import HASH_SIZE, Node

HEIGHT = 8
WIDTH = 1 << HEIGHT
LEVELS = 8  # of 64 bits of leaves
_PATH = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")
_LENGTH_BYTES = 2


@dataclass(frozen=True)
class Tile:
    """One tile, or with `level` None one entry bundle: its index within the level, and its width."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Below `<prefix>/tile/`."""
        partial = "" if self.is_full else f".p/{self.width}"
        return f"{'entries' if self.level is None else self.level}/{_grouped(self.index)}{partial}"

    @property
    def leaves(self) -> int:
        """How many leaves a log has at least in which this tile is this wide."""
        return (self.index * WIDTH + self.width) << (HEIGHT * (self.level or 0))

    @property
    def nodes(self) -> list[Node]:
        """The subtrees whose hashes stand in it, left to right."""
        first = self.index * WIDTH
        return [Node(HEIGHT * (self.level or 0), first + offset) for offset in range(self.width)]


def parse_path(path: str) -> Tile:
    """Read what stands below `<prefix>/tile/`. Raises NoteMalformed for any other spelling."""
    found = _PATH.match(path)
    if found is None:
        raise NoteMalformed("This is not the path of a tile.")
    level, groups, width = found.groups()
    index = int(groups.replace("x", "").replace("/", ""))
    tile = Tile(None if level == "entries" else int(level), index, int(width) if width else WIDTH)
    if (tile.level or 0) >= LEVELS or tile.path != path or (width and tile.is_full) or tile.width > WIDTH:
        raise NoteMalformed("This is not the path of a tile.")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of hashes of a log of `size` leaves, level by level, the partial one last."""
    for level in range(LEVELS):
        yield from _row(level, size >> (HEIGHT * level))


def bundles_of(size: int) -> Iterator[Tile]:
    """Every entry bundle of a log of `size` leaves, in order."""
    yield from _row(None, size)


def _row(level: int | None, hashes: int) -> Iterator[Tile]:
    for index in range(hashes // WIDTH):
        yield Tile(level, index)
    if hashes % WIDTH:
        yield Tile(level, hashes // WIDTH, hashes % WIDTH)


def split_tile(content: bytes, *, width: int) -> list[bytes]:
    """The hashes of a tile. Raises NoteMalformed unless there are exactly `width`."""
    if len(content) != width * HASH_SIZE:
        raise NoteMalformed(f"A tile of {width} hashes has {len(content)} bytes.")
    return [content[start : start + HASH_SIZE] for start in range(0, len(content), HASH_SIZE)]


def make_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def split_bundle(content: bytes, *, width: int) -> list[bytes]:
    """The entries of a bundle. Raises NoteMalformed unless there are exactly `width` and nothing else."""
    entries, position = [], 0
    for _ in range(width):
        length = int.from_bytes(content[position : position + _LENGTH_BYTES], "big")
        begin = position + _LENGTH_BYTES
        position = begin + length
        if position > len(content) or begin > len(content):
            raise NoteMalformed(f"An entry bundle ends before its {width} entries do.")
        entries.append(content[begin:position])
    if position != len(content):
        raise NoteMalformed(f"An entry bundle goes on after its {width} entries.")
    return entries


def _grouped(index: int) -> str:
    """1234067 as x001/x234/067."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
