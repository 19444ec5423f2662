"""A guild from before its law was one document has the same law after the upgrade."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from governance.policies.law import HOUSE_LAW, Law, law_of, with_values
from guild.embedded import roles
from guild.tenancy import rls

BEFORE, UPGRADE = ("guild", "0008_quiet_hours"), ("guild", "0009_law")
ONE = UUID("0f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11")
OTHER = UUID("3f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11")


@dataclass(frozen=True)
class Kept:
    """A guild, for whoever reads its law."""

    law: dict[str, Any]


@pytest.fixture
def owner(db: None) -> Iterator[Any]:
    """A connection of the role that migrates, in a schema of its own that is gone afterwards."""
    connection = connections.create_connection("default")
    settings = copy.deepcopy(connection.settings_dict)
    settings["OPTIONS"].pop("pool")
    connection.settings_dict = settings | {"USER": roles.OWNER}
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before_the_law")
        cursor.execute("SET LOCAL search_path TO before_the_law")
    yield connection
    connection.rollback()
    connection.close()


def upgraded(connection: Any, *rows: tuple[Any, ...]) -> list[Law]:
    """The laws of guilds whose rows were these, in order, after the real migration of their walled table."""
    loader = MigrationLoader(connection)
    state = loader.project_state(BEFORE)
    with connection.schema_editor(atomic=False) as editor, connection.cursor() as cursor:
        editor.create_model(state.apps.get_model("guild", "Guild"))
        for number, row in enumerate(rows):
            cursor.execute(
                "INSERT INTO tenancy_guild (id, slug, name, description, created_at, individuality_floor, "
                "exchange_reach, exchange_partners, diversity_fall) "
                "VALUES (gen_random_uuid(), %s, '', '', now(), %s, %s, %s, %s)",
                [f"guild-{number}", *row],
            )
        for statement in rls.policy_sql("tenancy_guild", using=f"id = {rls.GUILD}", check="true"):
            cursor.execute(statement)
        loader.get_migration(*UPGRADE).apply(state, editor)
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'tenancy_guild'::regclass")
        assert cursor.fetchone() == (True,)
        cursor.execute("ALTER TABLE tenancy_guild NO FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT law FROM tenancy_guild ORDER BY slug")
        return [law_of(Kept(json.loads(law))) for (law,) in cursor.fetchall()]


def test_the_four_columns_of_before_say_the_same_as_one_document(owner: Any) -> None:
    as_founded, strict, open_to_all = upgraded(
        owner,
        (Decimal("0.60"), "guild", [], Decimal("0.25")),
        (Decimal("0.75"), "house", [OTHER, ONE], Decimal("0.05")),
        (Decimal("1.00"), "none", [], Decimal("1.00")),
    )
    assert as_founded == HOUSE_LAW
    assert strict == replace(
        HOUSE_LAW,
        individuality_floor=Decimal("0.75"),
        exchange_reach="house",
        exchange_partners=(str(ONE), str(OTHER)),
        diversity_fall=Decimal("0.05"),
        values=strict.values,
    )
    assert (open_to_all.individuality_floor, open_to_all.exchange_reach) == (Decimal("1.00"), "none")
    assert (open_to_all.exchange_partners, open_to_all.diversity_fall) == ((), Decimal("1.00"))


def test_what_was_carried_over_is_written_as_a_vote_would_write_it(owner: Any) -> None:
    """So that the digest of the law is the same for the same law."""
    (carried,) = upgraded(owner, (Decimal("0.70"), "house", [OTHER, ONE], Decimal("0.30")))
    voted = with_values(
        individuality_floor="0.70",
        exchange_reach="house",
        exchange_partners=f"{ONE} {OTHER}",
        diversity_fall="0.30",
    )
    assert carried == law_of(Kept(voted))
