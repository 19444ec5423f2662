"""What the clock may ask across guilds: ids and instants, through one function a question."""

from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection

from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from guild.tenancy.selectors import every_guild
from tests.cast import Cast


def test_the_errands_hold_ids_and_instants_alone(db: None, superuser: psycopg.Connection) -> None:
    rows = superuser.execute(
        "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = 'errands' ORDER BY 1"
    )
    assert [kind for (kind,) in rows] == ["timestamp with time zone", "uuid"]


def test_the_application_reads_no_table_of_them(db: None, superuser: psycopg.Connection) -> None:
    rows = superuser.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'errands'::regnamespace AND relkind = 'r' "
        "AND has_table_privilege('dreamscape_app', oid, 'SELECT, INSERT, UPDATE, DELETE')"
    )
    assert rows.fetchall() == []
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM errands.guild")


def test_every_guild_is_known_by_its_id_and_by_nothing_else(cast: Cast) -> None:
    assert set(every_guild()) == {cast.lantern.pk, cast.harbour.pk}
    assert Guild.objects.count() == 0
    with tenant(guild=uuid4()):
        assert Guild.objects.count() == 0
