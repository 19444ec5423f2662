"""The one-shot step before a release serves: roles and rights (when given a superuser), then the tables.

For machines whose Postgres is not ours: containers, or a managed database. It may be run at every release.
"""

import subprocess
import sys
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import psycopg

from guild.embedded import roles
from guild.embedded.environment import ROOT
from guild.embedded.errors import Misconfigured, ServerFailed
from guild.tenancy.rolecheck import why_no_answer


def migrate(environment: Mapping[str, str]) -> int:
    """Settle roles with DATABASE_ADMIN_URL (if given), migrate with DATABASE_OWNER_URL; the exit code."""
    owner_url = environment.get("DATABASE_OWNER_URL")
    if not owner_url:
        raise Misconfigured("DATABASE_OWNER_URL is not given: tables are made by the role dreamscape_owner.")
    if environment.get("DATABASE_ADMIN_URL"):
        settle_roles(environment)
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--noinput"]
    told = {**environment, "DATABASE_URL": owner_url}
    return subprocess.run(command, env=told, cwd=ROOT, check=False).returncode  # noqa: S603 our own words


def settle_roles(environment: Mapping[str, str]) -> None:
    """Make roles and database, with the passwords that the roles' own URLs hold."""
    admin_url = environment["DATABASE_ADMIN_URL"]
    urls = [
        environment.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_AUDITOR_URL")
    ]
    passwords = dict(filter(None, map(_password, urls)))
    unknown = set(passwords) - set(roles.ROLES)
    if unknown:
        raise Misconfigured(f"{unknown.pop()!r} is not a role of this product: use {', '.join(roles.ROLES)}.")
    name = urlsplit(environment["DATABASE_OWNER_URL"]).path.lstrip("/") or roles.DATABASE
    try:
        with psycopg.connect(admin_url, autocommit=True) as connection:
            roles.ensure_roles(connection, passwords=passwords)
            roles.ensure_database(connection, name)
        with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
            roles.grant_database_rights(connection)
    except psycopg.OperationalError as error:
        raise ServerFailed(
            f"The database at DATABASE_ADMIN_URL does not answer: {why_no_answer(error)}"
        ) from error


def _password(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    if not parts.username or parts.password is None:
        return None
    return unquote(parts.username), unquote(parts.password)
