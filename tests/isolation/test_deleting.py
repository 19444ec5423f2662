"""What is seen from outside a guild is not deleted from there, and keys are deleted from nowhere."""

from importlib import import_module

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg import sql

from guild.tenancy.context import tenant
from guild.tenancy.rls import delete_policy_sql
from guild.vault.models import DataKey
from tests import harness
from tests.cast import Cast
from tests.isolation.world import World, make_world

NARROWER = import_module("guild.migrations.0003_narrower_grants")
ONLY_GROW = {"consent_statement", "consent_use_subject"}


def seen_and_deleted(table: str) -> tuple[int, int]:
    """How many rows are visible, and how many of them could be deleted (without references, rolled back)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        seen = int(cursor.fetchone()[0])
        with transaction.atomic():
            cursor.execute(f"DELETE FROM {table}")
            deleted = cursor.rowcount
            transaction.set_rollback(True)
    return seen, deleted


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def test_dreamer_alone_deletes_none_of_the_rows_it_sees(world: World) -> None:
    """Of those tables from which the application may delete at all."""
    counts = {}
    with tenant(dreamer=world.cast.mira.dreamer_id):
        for table in set(NARROWER.DELETED_INSIDE) - ONLY_GROW:
            counts[table] = seen_and_deleted(table)
    assert {table: deleted for table, (_, deleted) in counts.items() if deleted} == {}
    seen = {table for table, (visible, _) in counts.items() if visible}
    assert {"tenancy_guild", "tenancy_membership", "consent_subject", "lounges_contribution"} <= seen


def test_another_guilds_tenant_deletes_none_of_the_dreamers_rows(world: World) -> None:
    with tenant(guild=world.cast.harbour.pk, dreamer=world.cast.mira.dreamer_id):
        assert seen_and_deleted("lounges_contribution") == (1, 0)


def test_a_dreamers_row_is_not_brought_over_into_another_guild(world: World) -> None:
    with (
        tenant(guild=world.cast.harbour.pk, dreamer=world.cast.mira.dreamer_id),
        pytest.raises(IntegrityError, match="never changes guild"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE lounges_contribution SET guild_id = %s", [world.cast.harbour.pk])


def test_guild_deletes_its_own_rows(world: World) -> None:
    with tenant(guild=world.cast.lantern.pk):
        seen, deleted = seen_and_deleted("lounges_commandreceipt")
        assert seen == deleted
        assert seen_and_deleted("dreamscapes_voice") == (3, 3)


def test_raw_sql_of_a_dreamer_deletes_no_membership(live_cast: Cast) -> None:
    with psycopg.connect(harness.APP_URL) as raw:
        raw.execute("SELECT set_config('app.dreamer_id', %s, false)", [str(live_cast.mira.dreamer_id)])
        assert raw.execute("SELECT count(*) FROM tenancy_membership").fetchone() == (1,)
        assert raw.execute("DELETE FROM tenancy_membership").rowcount == 0


@pytest.mark.parametrize("table", sorted(ONLY_GROW))
def test_statements_of_consent_are_deleted_by_nobody(cast: Cast, table: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id), refused, transaction.atomic():
        seen_and_deleted(table)


def test_a_key_is_destroyed_and_never_deleted(world: World) -> None:
    with tenant(dreamer=world.cast.mira.dreamer_id):
        assert DataKey.objects.count() > 0
        with (
            pytest.raises(ProgrammingError, match="permission denied for table data_key"),
            transaction.atomic(),
        ):
            DataKey.objects.all().delete()
        assert DataKey.objects.update(wrapped=None, destroyed_at="2026-11-01T00:00Z") > 0


def test_walls_without_their_delete_policy_are_given_it_by_the_migration(
    superuser: psycopg.Connection, db: None
) -> None:
    """As they stood where they were made before; once more changes nothing."""
    named = ", ".join(f"'{table}'" for table in NARROWER.DELETED_INSIDE)
    policies = f"SELECT count(*) FROM pg_policies WHERE policyname = 'wall_delete' AND tablename IN ({named})"
    statements = [
        statement
        for table, using in NARROWER.DELETED_INSIDE.items()
        for statement in delete_policy_sql(table, using=using)
    ]
    with superuser.transaction(force_rollback=True):
        before = superuser.execute(policies).fetchone()
        for table in NARROWER.DELETED_INSIDE:
            superuser.execute(sql.SQL("DROP POLICY wall_delete ON {}").format(sql.Identifier(table)))
        for statement in statements * 2:
            superuser.execute(statement)
        assert superuser.execute(policies).fetchone() == before == (len(NARROWER.DELETED_INSIDE),)


def test_auditor_may_read_no_table_and_loses_what_an_open_default_gave(
    superuser: psycopg.Connection, db: None
) -> None:
    readable = (
        "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'vault') AND "
        "has_table_privilege('dreamscape_auditor', format('%I.%I', schemaname, tablename), 'SELECT')"
    )
    assert superuser.execute(readable).fetchone() == (0,)
    with superuser.transaction(force_rollback=True):
        superuser.execute("GRANT SELECT ON django_session, mfa_authenticator TO dreamscape_auditor")
        assert superuser.execute(readable).fetchone() == (2,)
        superuser.execute(NARROWER.AUDITOR_READS_NOTHING)
        assert superuser.execute(readable).fetchone() == (0,)
