"""What a table of ours may not hold, as its model declares it and as the catalogue of the database tells."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, Field, Model, UniqueConstraint

from governance.audits.walls import Walls, full_name

_OPTIONAL: Final = (
    "SELECT n.nspname || '.' || c.relname, a.attname FROM pg_attribute a "
    "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'vault') AND c.relkind IN ('r', 'p') "
    "AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull"
)
_ONCE: Final = (
    "SELECT n.nspname || '.' || c.relname, x.relname, i.indpred IS NULL, ARRAY(SELECT a.attname::text "
    "FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(i.indkey) ORDER BY 1) "
    "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'vault') "
    "AND i.indisunique AND i.indisvalid AND i.indisready AND i.indislive"
)
_HELD: Final = (
    "SELECT n.nspname || '.' || c.relname, k.conname, k.contype::text, ARRAY(SELECT a.attname::text "
    "FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(k.conkey) ORDER BY 1) "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'vault') AND k.convalidated"
)


class Bound(NamedTuple):
    """One thing that a table may not hold: under its name in the database, or else by its columns."""

    table: str
    what: str
    name: str = ""
    columns: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For a finding."""
        return f"{self.what} {self.name or ','.join(self.columns)}"


REQUIRED, ONCE, HELD, REFERS = "value in", "only one of", "constraint", "reference of"


def declared_bounds(walls: Walls) -> Iterator[Bound]:
    """All bounds that models declare, and those that only statements of migrations do."""
    for model in apps.get_models():
        if full_name(model._meta.db_table) in walls.tables:
            yield from _of_model(model)
    for table, name in sorted(walls.bounds):
        yield Bound(table, HELD, name)


def missing_bounds(bounds: Iterable[Bound]) -> Iterator[Bound]:
    """Those of the bounds that the database does not keep to."""
    optional = set(map(tuple, _fetched(_OPTIONAL)))
    once, held = _fetched(_ONCE), _fetched(_HELD)
    kept = {Bound(table, ONCE, columns=tuple(columns)) for table, _, is_whole, columns in once if is_whole}
    kept |= {Bound(table, ONCE, name) for table, name, _, _ in once}
    kept |= {Bound(table, HELD, name) for table, name, _, _ in held}
    kept |= {Bound(table, REFERS, columns=tuple(columns)) for table, _, kind, columns in held if kind == "f"}
    for bound in bounds:
        if bound.what == REQUIRED:
            if (bound.table, *bound.columns) in optional:
                yield bound
        elif bound not in kept:
            yield bound


def _of_model(model: type[Model]) -> Iterator[Bound]:
    meta, table = model._meta, full_name(model._meta.db_table)
    columns = [field for field in meta.local_concrete_fields if field.column]
    for field in columns:
        yield from _of_field(table, field)
    for together in (_columns(model, key) for key in (*meta.unique_together, *_key(model))):
        yield Bound(table, ONCE, columns=together)
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield Bound(table, ONCE, constraint.name)
        elif isinstance(constraint, CheckConstraint):
            yield Bound(table, HELD, constraint.name)


def _of_field(table: str, field: "Field[Any, Any]") -> Iterator[Bound]:
    column = str(field.column)
    if not field.null:
        yield Bound(table, REQUIRED, columns=(column,))
    if field.unique:
        yield Bound(table, ONCE, columns=(column,))
    if field.remote_field is not None and getattr(field, "db_constraint", False):
        yield Bound(table, REFERS, columns=(column,))


def _key(model: type[Model]) -> Iterator[Sequence[str]]:
    """The fields of a key of several."""
    names = getattr(model._meta.pk, "field_names", None)
    if names:
        yield names


def _columns(model: type[Model], names: Sequence[str]) -> tuple[str, ...]:
    columns = {field.name: str(field.column) for field in model._meta.local_concrete_fields}
    return tuple(sorted(columns[name] for name in names))


def _fetched(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
