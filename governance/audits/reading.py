"""Reads of the log in blocks, for whoever reads all of it. Inside the guild's tenant."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from struct import iter_unpack
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from psycopg import Cursor
from psycopg.pq import Format

from governance.audits.loans import Listed
from governance.audits.stretch import STATEMENT, Stretch
from governance.ledger.models import Leaf
from governance.ledger.rows import bound_cursor

BLOCK: Final = 5_000
MOST_ODD: Final = 100

_ROWS = (
    "SELECT index, left(kind, 41), CASE WHEN at >= '0001-01-01' AND at < '10000-01-01' "
    "THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') ELSE left(at::text, 40) END, "
    "substr(coalesce(entry, ''), 1, 65536), substr(coalesce(leaf_hash, ''), 1, 64), "
    "substr(coalesce(subtrees, ''), 1, 4096) FROM ledger_leaf "
    "WHERE guild_id = %s AND index BETWEEN %s AND %s ORDER BY index"
)
_PROVEN = (
    "SELECT string_agg(int8send(leaf_index), ''), "
    "string_agg(translate(left(coalesce(commitment, ''), 65), E'\\n', ' '), E'\\n'), "
    "string_agg(uuid_send(coalesce(contribution, '00000000-0000-0000-0000-000000000000')), '') "
    "FROM (SELECT leaf_index, commitment, contribution "
    "FROM consent_use_subject WHERE guild_id = %s AND leaf_index BETWEEN %s AND %s "
    "ORDER BY leaf_index, commitment) AS listed"
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


class Ask:
    """The next rows of the log and what stands beside them, asked for at once and taken when they are there.

    Made in a pipeline of the connection, so that the database reads them while others work.
    """

    def __init__(self, guild: UUID, *, start: int) -> None:
        self._guild, self._start = guild, start
        self._stretch = _sent(STATEMENT, guild, start, BLOCK)
        self._lists = AskLists(guild, start=start)

    def take(self) -> tuple[Stretch, dict[int, Listed]] | None:
        """The rows, and each contribution in those of use, by index; None where the log ends."""
        (row,) = self._stretch.fetchall()
        stretch = Stretch(*row)
        if stretch.is_empty:
            return None
        if stretch.is_whole and stretch.first == self._start:
            return stretch, self._lists.take()
        return stretch, _lists(_fetched(_PROVEN, self._guild, stretch.first, stretch.last))


class AskLists:
    """What stands beside the leaves of use among the next rows: asked for and taken in the same way."""

    def __init__(self, guild: UUID, *, start: int) -> None:
        self._proven = _sent(_PROVEN, guild, start, start + BLOCK - 1)

    def take(self) -> dict[int, Listed]:
        """Each contribution in those of use, by index."""
        return _lists(self._proven.fetchall())


def pipeline() -> AbstractContextManager[Any]:
    """Statements sent in it are answered while others work; at its end all answers are there."""
    connection.ensure_connection()
    pipeline: AbstractContextManager[Any] = connection.connection.pipeline()
    return pipeline


def rows_between(guild: UUID, first: int, last: int) -> list[tuple[Any, ...]]:
    """The rows of the log from `first` to `last`, in order: the fields of `replay.Row`."""
    return _fetched(_ROWS, guild, first, last)


def _lists(rows: Sequence[tuple[Any, ...]]) -> dict[int, Listed]:
    """The three columns of `_PROVEN`, taken apart; a commitment that is none may have lost a line break."""
    ((indexes, commitments, contributions),) = rows
    lists: dict[int, list[tuple[str, bytes]]] = {}
    if indexes is not None:
        each = zip(
            iter_unpack(">q", indexes),
            commitments.split("\n"),
            iter_unpack("16s", contributions),
            strict=True,
        )
        for (index,), commitment, (contribution,) in each:
            lists.setdefault(index, []).append((commitment, contribution))
    return dict(lists)


def _sent(statement: str, *values: Any) -> Cursor[Any]:
    cursor = Cursor(connection.connection)
    cursor.format = Format.BINARY
    return cursor.execute(statement, values)


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


def before_the_first(guild: UUID) -> list[int]:
    """Indexes of leaves that stand before the first: a few of them, there are none in a log."""
    rows = Leaf.objects.filter(guild_id=guild, index__lt=0).order_by("-index")
    return list(rows.values_list("index", flat=True)[:MOST_ODD])
