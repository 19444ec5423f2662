"""The database roles: one that owns and migrates, one that serves, one for audits.

This is the only place where they are written down. It is used by the embedded cluster, by the tests and by
the deployment's `python -m guild.embedded migrate`, and may be run again at any time.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

OWNER = "dreamscape_owner"
APP = "dreamscape_app"
AUDITOR = "dreamscape_auditor"
ROLES = (OWNER, APP, AUDITOR)
DATABASE = "dreamscape"

_UNPRIVILEGED = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION")

# Rights in one database. The owner makes every table; what it makes opens to the app by default.
# The auditor may come in and read nothing: an open default would hand it sessions, password hashes, second
# factors and addresses. What an audit reads is granted by the migration that brings it, table by table.
# CREATE on the database lets the owner make schemas; each is open only to whom it is granted to.
_DATABASE_RIGHTS = (
    "ALTER DATABASE {database} OWNER TO {owner}",
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
    "GRANT CONNECT ON DATABASE {database} TO {app}, {auditor}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT ALL ON SCHEMA public TO {owner}",
    "GRANT USAGE ON SCHEMA public TO {app}, {auditor}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE ALL ON TABLES FROM {auditor}",
)


def ensure_roles(connection: psycopg.Connection, *, passwords: Mapping[str, str] | None = None) -> None:
    """Make the three roles, and take from them whatever could pass row-level security.

    `connection` is a superuser's, in any database of the cluster. `passwords` by role name are set when
    given. One transaction: all or nothing.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('dreamscape roles'))")
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in ROLES:
            verb = sql.SQL("ALTER ROLE" if role in known else "CREATE ROLE")
            connection.execute(sql.SQL("{} {} {}").format(verb, sql.Identifier(role), _UNPRIVILEGED))
        for role, password in (passwords or {}).items():
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
            )


def ensure_database(connection: psycopg.Connection, name: str = DATABASE) -> bool:
    """Make a database unless it exists; tells whether it was made (autocommit, as superuser)."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is not None:
        return False
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
    connection.execute(statement)
    return True


def grant_database_rights(connection: psycopg.Connection) -> None:
    """Settle who may do what in the database that this superuser connection is in."""
    names = {
        "database": sql.Identifier(connection.info.dbname),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
        "auditor": sql.Identifier(AUDITOR),
    }
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('dreamscape roles'))")
        for statement in _DATABASE_RIGHTS:
            connection.execute(sql.SQL(statement).format(**names))
