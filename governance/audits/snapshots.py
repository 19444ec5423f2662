"""A view of a guild as it is at one moment, and its name, by which another connection can have the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from psycopg import DataError
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader

from guild.tenancy.context import tenant

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
LATEST: Final = datetime.max.replace(tzinfo=UTC)
_INSTANT: Final = "timestamptz"

_name: ContextVar[str | None] = ContextVar("snapshot", default=None)


@contextmanager
def snapshot(guild: UUID) -> Iterator[None]:
    """A transaction that sees the guild as it is at one moment, log and rows alike, and writes nothing.

    Rows and leaves are written together, so at one moment they agree however busy the guild is. Inside of
    another transaction it is that one's view.
    """
    if connection.in_atomic_block:
        with tenant(guild=guild), _any_instant_read():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            token = _name.set(cursor.fetchone()[0])
        try:
            with tenant(guild=guild), _any_instant_read():
                yield
        finally:
            _name.reset(token)


def snapshot_name() -> str | None:
    """The name of the view that the present transaction has, for others to share; None where it may not be
    shared, since it sees what was not committed.
    """
    return _name.get()


class _AnyInstant(TimestamptzLoader):
    """Reads what no application of ours writes as well: before the first and after the last year that there
    is, it is the first or the last instant.
    """

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            return super().load(data).replace(tzinfo=UTC)
        except DataError:
            text = bytes(data)
            return EARLIEST if text.startswith(b"-") or text.endswith(b"BC") else LATEST


@contextmanager
def _any_instant_read() -> Iterator[None]:
    """Meanwhile no row is unreadable for when it is said to have been."""
    adapters = connection.connection.adapters
    usual = adapters.get_loader(adapters.types[_INSTANT].oid, Format.TEXT)
    adapters.register_loader(_INSTANT, _AnyInstant)
    try:
        yield
    finally:
        adapters.register_loader(_INSTANT, usual)
