"""A view of a guild as it is at one moment, and its name, by which another connection can have the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from guild.tenancy.context import tenant

_name: ContextVar[str | None] = ContextVar("snapshot", default=None)


@contextmanager
def snapshot(guild: UUID) -> Iterator[None]:
    """A transaction that sees the guild as it is at one moment, log and rows alike, and writes nothing.

    Rows and leaves are written together, so at one moment they agree however busy the guild is. Inside of
    another transaction it is that one's view.
    """
    if connection.in_atomic_block:
        with tenant(guild=guild):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            token = _name.set(cursor.fetchone()[0])
        try:
            with tenant(guild=guild):
                yield
        finally:
            _name.reset(token)


def snapshot_name() -> str | None:
    """The name of the view that the present transaction has, for others to share; None where it may not be
    shared, since it sees what was not committed.
    """
    return _name.get()
