"""Rows of the guild that refer to rows of the guild, and whether those are there.

What joins two tables passes by a row that refers to nothing, so no other check would see one.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from guild.tenancy.models import Membership

MOST: Final = 20
"""Rows that are named of one reference: where there are more, the first lead to the rest."""

RULES = (
    Rule(
        "row.reference",
        Severity.MAJOR,
        "A row refers to something that the guild does not have.",
        "It was put there by hand, or what it refers to was removed: pages and other checks pass it by.",
        "Remove it, or restore what it refers to from a backup.",
        (Advice.RESTORE,),
    ),
)


class Reference(NamedTuple):
    """A column of a table, and the table whose rows it names by their ids."""

    table: str
    column: str
    target: str


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every reference from a row of the guild to another."""
    for reference in references():
        for (row,) in _astray(reference, examination):
            told = f"a row of {reference.target}"
            yield Discrepancy("row.reference", None, reference.table, row, told, f"{reference.column}: none")
        examination.count("references")


def references() -> list[Reference]:
    """Of every model with a guild, to memberships and to whatever is the guild's and no dreamer's: rows of a
    dreamer may be walled to them, and an audit does not see whether they are there.
    """
    ours = [model for model in apps.get_models() if _fields(model).keys() >= {"id", "guild"}]
    targets = {model for model in ours if "dreamer" not in _fields(model)} | {Membership}
    return sorted(
        Reference(model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in ours
        for field in _fields(model).values()
        if isinstance(field, models.ForeignKey) and field.related_model in targets
    )


def _fields(model: type[models.Model]) -> dict[str, Any]:
    return {field.name: field for field in model._meta.concrete_fields}


def _astray(reference: Reference, examination: Examination) -> list[tuple[str]]:
    """The ids of rows that refer to nothing."""
    table, column, target = map(sql.Identifier, reference)
    statement = sql.SQL(
        "SELECT named.id::text FROM {table} AS named "
        "WHERE named.guild_id = %s AND named.{column} IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM {target} AS other WHERE other.id = named.{column}) "
        "ORDER BY 1 LIMIT %s"
    ).format(table=table, column=column, target=target)
    with connection.cursor() as cursor:
        cursor.execute(statement, [examination.guild, MOST])
        return cursor.fetchall()


CHECK = Check("references", "Rows that refer to other rows", look, RULES)
