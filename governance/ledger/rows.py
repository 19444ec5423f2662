"""The SQL of a leaf, and of a row that is written in the same statement and so the same round trip."""

from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model
from psycopg import Cursor
from psycopg.pq import Format

LEAF = "SELECT * FROM ledger_append(%s, %s, %s, %s)"
_INDEX = "leaf_index"


def with_leaf(row: Model) -> tuple[str, tuple[Any, ...]]:
    """The statement that writes a leaf and, with the leaf's index, this row; the row's values.

    The values come after the four of `LEAF`.
    """
    statement, fields = _statement(type(row))
    return statement, tuple(
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields
    )


def bound_cursor(*, binary: bool = False) -> CursorWrapper:
    """A cursor as `connection.cursor()` gives, but one that binds on the server.

    So Postgres can keep its plan from one leaf to the next (`prepare_threshold` says from when on): planning
    is a quarter of what a leaf costs. And with `binary` it sends rows as they are, and not as text.
    """
    if connection.queries_logged and not binary:
        return connection.cursor()  # a statement with a kept plan would be logged without its text
    connection.ensure_connection()
    cursor: Any = Cursor(connection.connection)
    cursor.format = Format.BINARY if binary else Format.TEXT
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cursor)


def mark_written(row: Model, *, leaf_index: int) -> None:
    """Let the row know that it is stored, as `save` would."""
    setattr(row, _INDEX, leaf_index)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    quote, meta = connection.ops.quote_name, model._meta
    fields = tuple(field for field in meta.concrete_fields if field.attname != _INDEX)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = (  # nothing but names from our own models
        f"WITH leaf AS ({LEAF}), "  # noqa: S608
        f"beside AS (INSERT INTO {quote(meta.db_table)} ({columns}, {quote(_INDEX)}) "
        f"VALUES ({marks}, (SELECT size FROM leaf))) SELECT * FROM leaf"
    )
    return statement, fields
