"""The wall, seen from the application's role."""

import uuid

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from guild.tenancy.context import NOBODY, Tenant, current, in_each, tenant
from guild.tenancy.errors import NotAMember
from guild.tenancy.models import Guild, Membership
from guild.tenancy.selectors import membership_for, memberships_of
from guild.tenancy.services import end_membership
from tests import harness
from tests.cast import Cast


def settings_in_postgres() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(n, true) FROM unnest(ARRAY['app.guild_id', 'app.dreamer_id']) n"
        )
        guild, dreamer = (row[0] or "" for row in cursor.fetchall())
        return guild, dreamer


def test_tests_connect_as_the_application_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("dreamscape_app", False)


def test_without_tenant_no_row_is_visible(cast: Cast) -> None:
    assert (Guild.objects.count(), Membership.objects.count()) == (0, 0)


def test_guild_tenant_sees_its_own_members_only(cast: Cast) -> None:
    with tenant(guild=cast.harbour.pk):
        assert [member.display_name for member in Membership.objects.all()] == ["Zed"]
        assert [guild.slug for guild in Guild.objects.all()] == ["harbour"]


def test_dreamer_tenant_sees_own_memberships_and_their_guilds(cast: Cast) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        assert [member.pk for member in memberships_of(cast.mira.dreamer_id)] == [cast.mira.pk]
        assert [guild.slug for guild in Guild.objects.all()] == ["lantern"]


def test_two_guilds_interleaved_on_one_connection(cast: Cast) -> None:
    for _ in range(3):
        with tenant(guild=cast.lantern.pk):
            assert Membership.objects.count() == 5
        with tenant(guild=cast.harbour.pk):
            assert Membership.objects.count() == 1


def test_inner_tenant_gives_back_the_outer_one(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        with tenant(guild=cast.harbour.pk):
            assert current() == Tenant(cast.harbour.pk, None)
        assert current() == Tenant(cast.lantern.pk, cast.ayla.dreamer_id)
        assert settings_in_postgres() == (str(cast.lantern.pk), str(cast.ayla.dreamer_id))
    assert current() == NOBODY
    assert settings_in_postgres() == ("", "")


def test_rolled_back_inner_tenant_gives_back_the_outer_one(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk):
        with pytest.raises(ZeroDivisionError), tenant(guild=cast.harbour.pk):
            raise ZeroDivisionError
        assert settings_in_postgres() == (str(cast.lantern.pk), "")
        assert Membership.objects.count() == 5


def test_setting_ends_with_its_transaction(live_cast: Cast) -> None:
    with tenant(guild=live_cast.lantern.pk):
        assert settings_in_postgres()[0] == str(live_cast.lantern.pk)
    assert settings_in_postgres() == ("", "")
    assert Membership.objects.count() == 0


def test_row_of_another_guild_cannot_be_written(cast: Cast) -> None:
    mira = {"dreamer_id": cast.mira.dreamer_id, "display_name": "Mira"}
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with tenant(guild=cast.lantern.pk), refused, transaction.atomic():
        Membership.objects.create(guild_id=cast.harbour.pk, **mira)


def test_raw_sql_with_the_wrong_setting_sees_nothing(live_cast: Cast) -> None:
    with psycopg.connect(harness.APP_URL) as raw:
        for value in (str(uuid.uuid4()), "", str(live_cast.zed.dreamer_id)):
            raw.execute("SELECT set_config('app.guild_id', %s, false)", [value])
            assert raw.execute("SELECT count(*) FROM tenancy_membership").fetchone() == (0,)


def test_stranger_and_former_member_find_no_guild(cast: Cast) -> None:
    with tenant(dreamer=cast.zed.dreamer_id), pytest.raises(NotAMember):
        membership_for(cast.zed.dreamer_id, "lantern")
    with tenant(guild=cast.lantern.pk):
        end_membership(membership=cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id), pytest.raises(NotAMember):
        membership_for(cast.mira.dreamer_id, "lantern")


def test_each_in_turn_is_seen_once_beside_the_guild_and_then_what_was_before(cast: Cast) -> None:
    people = [cast.mira.dreamer_id, cast.finn.dreamer_id, cast.mira.dreamer_id]
    seen: list[tuple[str, str]] = []
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id) as mine:
        in_each(people, lambda dreamer: seen.append(settings_in_postgres()))
        after = (settings_in_postgres(), current())
    assert seen == [(str(cast.lantern.pk), str(dreamer)) for dreamer in sorted(set(people))]
    assert after == ((str(mine.guild), str(mine.dreamer)), mine)


def test_an_error_while_somebody_else_is_seen_undoes_everything_whoever_catches_it(live_cast: Cast) -> None:
    def fail(dreamer: uuid.UUID) -> None:
        raise ZeroDivisionError

    with tenant(guild=live_cast.lantern.pk) as guild:
        end_membership(membership=live_cast.mira)
        with pytest.raises(ZeroDivisionError):
            in_each([live_cast.finn.dreamer_id], fail)
        assert current() == guild
        with pytest.raises(transaction.TransactionManagementError):
            Membership.objects.count()
    with tenant(guild=live_cast.lantern.pk):
        assert Membership.objects.get(pk=live_cast.mira.pk).is_live
