"""Reads of the log in blocks, for whoever reads all of it. Inside the guild's tenant."""

from collections.abc import Iterator, Sequence
from sys import intern
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from governance.ledger.models import Leaf
from governance.ledger.rows import bound_cursor
from governance.oversight.lendings import Listed

BLOCK: Final = 5_000

_ROWS = (
    "SELECT index, kind, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), entry, "
    "leaf_hash, subtrees FROM ledger_leaf WHERE guild_id = %s AND index >= %s ORDER BY index LIMIT %s"
)
_PROVEN = (
    "SELECT leaf_index, commitment, contribution FROM consent_use_subject "
    "WHERE guild_id = %s AND leaf_index BETWEEN %s AND %s ORDER BY leaf_index, commitment"
)
_LISTED = (
    "SELECT u.id, u.use_id, u.dreamer_id, u.contribution, u.commitment, u.position, u.purpose, u.on, "
    "u.subject, u.count, u.leaf_index, u.at, s.commitment, s.dreamer_id "
    "FROM consent_use_subject u "
    "LEFT JOIN consent_subject s ON s.guild_id = u.guild_id AND s.contribution = u.contribution "
    "WHERE u.guild_id = %s AND u.leaf_index BETWEEN %s AND %s ORDER BY u.leaf_index, u.commitment"
)


class ListedRow(NamedTuple):
    """A row of `consent_use_subject`, with what stands for its contribution and whose that is."""

    id: UUID
    use_id: UUID
    dreamer_id: UUID
    contribution: UUID
    commitment: str
    position: int
    purpose: str
    on: str
    subject: UUID
    together: int
    leaf_index: int
    at: Any
    known_commitment: str | None
    owner_id: UUID | None


def leaf_blocks(guild: UUID, *, start: int, block: int = BLOCK) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows of the log from `start` on, in order, at most `block` at once: the fields of `replay.Row`."""
    while True:
        rows = _fetched(_ROWS, guild, start, block)
        if rows:
            yield rows
        if len(rows) < block:
            return
        start = rows[-1][0] + 1


def lists_between(guild: UUID, first: int, last: int) -> dict[int, Listed]:
    """What stands beside the leaves of use from `first` to `last`: each contribution in them."""
    lists: dict[int, list[tuple[str, UUID]]] = {}
    for index, commitment, contribution in _fetched(_PROVEN, guild, first, last):
        lists.setdefault(index, []).append((intern(commitment), contribution))
    return dict(lists)


def _fetched(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement, sent in binary: a fifth of what it costs to read them from text."""
    with bound_cursor(binary=True) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def listed_between(guild: UUID, first: int, last: int) -> list[ListedRow]:
    """What stands beside the leaves of use from `first` to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, [guild, first, last])
        return [ListedRow(*row) for row in cursor.fetchall()]


def entries_at(guild: UUID, indexes: Sequence[int]) -> dict[int, bytes]:
    """The entries of some leaves, by index; one that is missing is left out."""
    rows = Leaf.objects.filter(guild_id=guild, index__in=list(indexes)).values_list("index", "entry")
    return {index: bytes(entry) for index, entry in rows}
