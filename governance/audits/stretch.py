"""Rows of the log one after the other, each column in one piece, so that what is sound is seen at once. Pure.

A column is compared whole with what it must be, and only where it differs is there anything to look for row
by row (`joining`, `replay`).
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from governance.ledger.growth import Grown
from governance.ledger.instants import Instants
from governance.ledger.tree import HASH_SIZE

STATEMENT: Final = (
    "SELECT min(index), max(index), "
    "string_agg(CASE WHEN octet_length(kind) <= 40 THEN kind ELSE '' END, E'\\n'), "
    "string_agg(int8send(index) || timestamptz_send(at) || int8send("
    "(octet_length(entry)::int8 << 32) | (octet_length(leaf_hash)::int8 << 16) | octet_length(subtrees)), "
    "''), string_agg(CASE WHEN octet_length(entry) < 65536 THEN entry END, ''), "
    "string_agg(CASE WHEN octet_length(leaf_hash) < 65536 THEN leaf_hash END, ''), "
    "string_agg(CASE WHEN octet_length(subtrees) < 65536 THEN subtrees END, '') "
    "FROM (SELECT * FROM ledger_leaf WHERE guild_id = %s AND index >= %s ORDER BY index LIMIT %s) AS leaf"
)
"""Gives what one `Stretch` is made of: of a guild, from an index on, so many rows at most.

What is longer than it may be is left out, and so is a row of which one of these is null: then it is not
whole.
"""

_MARKS: Final = np.dtype(
    [("index", ">i8"), ("at", ">i8"), ("entry", ">i4"), ("hash", ">u2"), ("subtrees", ">u2")]
)
_EPOCH: Final = np.datetime64("2000-01-01", "us")
"""From when on Postgres counts."""


class Stretch:
    """`number` rows with indexes from `first` to `last`, in order.

    `kinds` are joined by newlines; `entries`, `hashes` of leaves and `subtrees` stand one after the other,
    and `marks` tell for each row its index, when it was, and how long these three are. All are None where
    there is no row.
    """

    def __init__(
        self,
        first: int | None,
        last: int | None,
        kinds: str | None,
        marks: bytes | None,
        entries: bytes | None,
        hashes: bytes | None,
        subtrees: bytes | None,
    ) -> None:
        self.is_empty = first is None or last is None
        self.first, self.last, self.kinds = first or 0, last or 0, kinds or ""
        self.entries, self.hashes, self.subtrees = entries or b"", hashes or b"", subtrees or b""
        self._marks = np.frombuffer(marks or b"", _MARKS)
        self.number = len(self._marks)

    @cached_property
    def is_whole(self) -> bool:
        """Whether no row is missing between the first and the last and none is there twice, and each is as
        long as it may be: what is longer than its mark can tell makes the entry longer than it is.
        """
        return (
            self.last - self.first + 1 == self.number
            and bool((self._marks["index"] == np.arange(self.first, self.first + self.number)).all())
            and int(self.lengths.sum()) == len(self.entries)
        )

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How long each entry is."""
        return self._marks["entry"].astype(np.int64)

    @property
    def instants(self) -> Instants:
        """When each of them was."""
        return self._marks["at"].astype("m8[us]") + _EPOCH

    def cut(self) -> list[bytes]:
        """The entries, one by one."""
        ends: list[int] = np.cumsum(self.lengths).tolist()
        return [self.entries[begin:end] for begin, end in pairwise((0, *ends))]

    def hashes_are(self, parts: Sequence[Grown]) -> bool:
        """Whether the rows hold what these parts of a tree must have, one after the other."""
        subtrees = [subtree for part in parts for subtree in part.subtrees]
        return (
            bool((self._marks["hash"] == HASH_SIZE).all())
            and b"".join(chain.from_iterable(part.hashes for part in parts)) == self.hashes
            and b"".join(subtrees) == self.subtrees
            and self._marks["subtrees"].tolist() == list(map(len, subtrees))
        )
