"""Web, worker and beat refuse to run as a database role that could see past row-level security."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connections

# What the login role is, or could become with SET ROLE: any of it would make the walls a matter of courtesy.
_POWERS = """
SELECT session_user,
       (SELECT rolname FROM pg_roles WHERE rolsuper AND pg_has_role(session_user, oid, 'MEMBER') LIMIT 1),
       (SELECT rolname FROM pg_roles WHERE rolbypassrls AND pg_has_role(session_user, oid, 'MEMBER') LIMIT 1),
       (SELECT c.oid::regclass::text
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
           AND pg_has_role(session_user, c.relowner, 'MEMBER')
         ORDER BY 1 LIMIT 1)
"""
ADVICE = "give DATABASE_URL the role dreamscape_app"


def unsafe_role(parameters: Mapping[str, Any]) -> str | None:
    """Why the role of these psycopg connection parameters must not serve anybody; None when it may.

    Raises psycopg.OperationalError when the database does not answer.
    """
    with psycopg.connect(**parameters) as connection:
        row = connection.execute(_POWERS).fetchone()
    assert row is not None  # noqa: S101 a SELECT without FROM has one row
    role, superuser, bypasses, owned = row
    if superuser is not None:
        return (
            f"The database role {role!r} has a superuser's rights and would see every guild's rows: {ADVICE}."
        )
    if bypasses is not None:
        return f"The database role {role!r} may bypass row-level security: {ADVICE}."
    if owned is not None:
        return f"The database role {role!r} owns the table {owned} and could lift its walls: {ADVICE}."
    return None


def refuse_unsafe_role() -> None:
    """End this process with one sentence unless its database role is held by row-level security.

    Called where a process begins, before it serves anything. Not being able to ask is a refusal too.
    SystemExit, because Celery's signals swallow every Exception.
    """
    parameters = _connection_parameters()
    try:
        reason = unsafe_role(parameters)
    except psycopg.OperationalError as error:
        raise SystemExit(
            f"The database does not answer, so nothing is served: {why_no_answer(error)}"
        ) from None
    if reason is not None:
        raise SystemExit(reason)


def why_no_answer(error: psycopg.OperationalError) -> str:
    """The line of a failed connection that tells why; the last may only ask whether a server runs there."""
    lines = str(error).strip().splitlines() or ["it said nothing"]
    telling = [line for line in lines if "failed: " in line or "FATAL" in line]
    return (telling or lines[-1:])[0].strip()


def _connection_parameters() -> dict[str, Any]:
    """What Django connects with, read without opening a connection: an event loop may be running."""
    wanted = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "service", "passfile")
    given = connections["default"].get_connection_params()
    return {name: given[name] for name in wanted if name in given}
