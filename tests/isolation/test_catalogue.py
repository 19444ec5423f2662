"""Postgres' own catalogue says whether every table of a guild or a person is walled in."""

from collections.abc import Callable

import psycopg
import pytest
from django.apps import apps

from tests.cast import Cast

OURS = ("guild", "governance", "lounges", "colonies")

# Tables of ours that hold neither a guild's nor a person's rows behind a wall, and why that is right.
WITHOUT_WALL = {
    "public.dreamers_dreamer": "the account itself: sign-in must find it before anybody is known",
}
# Personal libraries' tables: they are read by the account alone, through the library.
OF_LIBRARIES = {
    "public.account_emailaddress",
    "public.account_emailconfirmation",
    "public.mfa_authenticator",
    "public.django_session",
    "public.django_migrations",
    "public.django_content_type",
    "public.auth_permission",
    "public.auth_group",
    "public.auth_group_permissions",
}

Fetch = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def fetch(db: None, superuser: psycopg.Connection) -> Fetch:
    return lambda statement: superuser.execute(statement).fetchall()


def walled_tables(fetch: Fetch) -> set[str]:
    """Every table with a guild_id or dreamer_id column, and the guild table itself."""
    rows = fetch(
        "SELECT DISTINCT table_schema || '.' || table_name FROM information_schema.columns "
        "WHERE table_schema IN ('public', 'vault') AND column_name IN ('guild_id', 'dreamer_id')"
    )
    return {str(row[0]) for row in rows} | {"public.tenancy_guild"}


def test_every_table_is_walled_or_named_with_a_reason(fetch: Fetch) -> None:
    rows = fetch(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'vault')"
    )
    every = {str(row[0]) for row in rows}
    assert every - walled_tables(fetch) - OF_LIBRARIES == set(WITHOUT_WALL)


def test_every_model_of_ours_has_its_table_in_the_catalogue(fetch: Fetch) -> None:
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    tables = {model._meta.db_table.replace('"', "") for model in models}
    named = {name.removeprefix("public.") for name in walled_tables(fetch) | set(WITHOUT_WALL)}
    assert tables == named


def test_every_walled_table_enables_and_forces_security(fetch: Fetch) -> None:
    rows = fetch(
        "SELECT n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'vault') AND c.relkind = 'r'"
    )
    states = {str(name): tuple(state) for name, *state in rows}
    expected = dict.fromkeys(walled_tables(fetch), (True, True))
    assert {name: states[name] for name in expected} == expected


def policies(fetch: Fetch, name: str) -> dict[str, tuple[object, ...]]:
    """By table: whether it is permissive, for which command and roles, what it shows and what it checks."""
    rows = fetch(
        "SELECT schemaname || '.' || tablename, permissive, cmd, roles::text, qual, with_check "
        f"FROM pg_policies WHERE policyname = '{name}'"
    )
    return {str(table): tuple(policy) for table, *policy in rows}


def test_every_walled_table_has_one_permissive_policy_for_everything(fetch: Fetch) -> None:
    """Two permissive ones would add up: each could open what the other closes."""
    walls = policies(fetch, "wall")
    assert set(walls) == walled_tables(fetch)
    assert {wall[:3] for wall in walls.values()} == {("PERMISSIVE", "ALL", "{dreamscape_app}")}
    assert [table for table, wall in walls.items() if None in wall[3:]] == []


def test_where_more_is_seen_than_may_be_written_deleting_is_held_to_the_latter(fetch: Fetch) -> None:
    """A check asks about new rows alone: without `wall_delete`, whatever is seen could be deleted."""
    wider = {table: wall[4] for table, wall in policies(fetch, "wall").items() if wall[3] != wall[4]}
    assert {"public.tenancy_membership", "public.consent_subject", "public.lounges_contribution"} <= set(
        wider
    )
    assert policies(fetch, "wall_delete") == {
        table: ("RESTRICTIVE", "DELETE", "{dreamscape_app}", check, None) for table, check in wider.items()
    }


def test_where_more_is_seen_than_may_be_written_no_row_changes_guild(fetch: Fetch) -> None:
    wider = {table for table, wall in policies(fetch, "wall").items() if wall[3] != wall[4]}
    held = fetch(
        "SELECT n.nspname || '.' || c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE t.tgname = 'stays_in_its_guild' AND t.tgenabled = 'O'"
    )
    assert {str(table) for (table,) in held} == wider - {"public.tenancy_guild"}


def test_there_is_no_policy_besides_these_two(fetch: Fetch) -> None:
    assert fetch("SELECT polname FROM pg_policy WHERE polname NOT IN ('wall', 'wall_delete')") == []


def test_every_policy_reads_its_setting_once_a_statement(fetch: Fetch) -> None:
    rows = fetch(
        "SELECT polrelid::regclass::text, pg_get_expr(polqual, polrelid), "
        "pg_get_expr(polwithcheck, polrelid) FROM pg_policy"
    )
    for table, using, check in rows:
        for expression in (str(using), str(check)):
            assert expression.count("current_setting") == expression.count(
                "SELECT (NULLIF(current_setting"
            ), table


def test_the_application_owns_nothing_and_may_not_truncate(fetch: Fetch) -> None:
    assert fetch("SELECT relname FROM pg_class WHERE relowner = 'dreamscape_app'::regrole") == []
    truncatable = fetch(
        "SELECT table_name FROM information_schema.role_table_grants "
        "WHERE grantee = 'dreamscape_app' AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')"
    )
    assert truncatable == []


def test_unique_constraints_of_guild_tables_lead_with_the_guild(fetch: Fetch) -> None:
    """A plain UNIQUE error would tell a stranger what exists elsewhere; primary keys are random."""
    rows = fetch(
        "SELECT c.relname, i.relname, "
        "(SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = x.indkey[0]) "
        "FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
        "AND x.indisunique AND NOT x.indisprimary "
        "AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'guild_id')"
    )
    assert [(table, index) for table, index, first in rows if first != "guild_id"] == []


def test_references_between_guild_tables_lead_with_the_guild(fetch: Fetch) -> None:
    """A plain reference is checked past row-level security and would accept another guild's row."""
    guild_table = (
        "EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = {} "
        "AND a.attname = 'guild_id' AND NOT a.attisdropped)"
    )
    rows = fetch(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' "
        f"AND {guild_table.format('conrelid')} AND {guild_table.format('confrelid')} "
        "AND (SELECT attname FROM pg_attribute "
        "WHERE attrelid = conrelid AND attnum = conkey[1]) <> 'guild_id'"
    )
    assert rows == []


def test_a_reference_into_another_guild_is_refused(cast: Cast, fetch: Fetch) -> None:
    """Every model's reference to a guild table has its composite constraint in the database."""
    declared = set()
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                remote = field.remote_field.model if field.is_relation else None
                if remote is not None and any(f.column == "guild_id" for f in remote._meta.concrete_fields):
                    declared.add((model._meta.db_table, field.column))
    rows = fetch(
        "SELECT conrelid::regclass::text, (SELECT attname FROM pg_attribute "
        "WHERE attrelid = conrelid AND attnum = conkey[2]) FROM pg_constraint "
        "WHERE contype = 'f' AND array_length(conkey, 1) = 2"
    )
    assert declared <= {(str(table), str(column)) for table, column in rows}
