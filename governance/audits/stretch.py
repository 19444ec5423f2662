"""Rows of the log one after the other, each column in one piece, so that what is sound is seen at once. Pure.

A column is compared whole with what it must be, and only where it differs is there anything to look for row
by row (`joining`, `replay`).
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from sys import byteorder
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.ledger.growth import Grown

STATEMENT: Final = (
    "SELECT min(index), max(index), count(*), string_agg(kind, E'\\n'), "
    "string_agg(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), ''), "
    "string_agg(int4send(octet_length(entry)), ''), string_agg(entry, ''), "
    "bool_and(octet_length(leaf_hash) = 32), string_agg(leaf_hash, ''), "
    "string_agg(int2send(octet_length(subtrees)::int2), ''), string_agg(subtrees, '') "
    "FROM (SELECT * FROM ledger_leaf WHERE guild_id = %s AND index >= %s ORDER BY index LIMIT %s) AS leaf"
)
"""Gives the fields of one `Stretch`: of a guild, from an index on, so many rows at most."""


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

    def lengths(self) -> NDArray[np.int64]:
        """How long each entry is."""
        return np.frombuffer(self.entry_lengths, ">i4").astype(np.int64)

    def cut(self) -> list[bytes]:
        """The entries, one by one."""
        ends: list[int] = np.cumsum(self.lengths()).tolist()
        return [self.entries[begin:end] for begin, end in pairwise((0, *ends))]

    def hashes_are(self, parts: Sequence[Grown]) -> bool:
        """Whether the rows hold what these parts of a tree must have, one after the other."""
        subtrees = [subtree for part in parts for subtree in part.subtrees]
        return (
            self.are_hashes
            and b"".join(chain.from_iterable(part.hashes for part in parts)) == self.hashes
            and b"".join(subtrees) == self.subtrees
            and _lengths(subtrees) == self.subtree_lengths
        )


def _lengths(pieces: Iterable[bytes]) -> bytes:
    lengths = array("h", map(len, pieces))
    if byteorder == "little":
        lengths.byteswap()
    return lengths.tobytes()
