"""What the migrations declare of the database's walls, read from their statements."""

import pytest

from governance.audits.walls import (
    BY_DEFAULT,
    Policy,
    Trigger,
    Walls,
    declared,
    full_name,
    plain_expression,
    trigger_of,
)
from guild.tenancy import rls

GUILD = "guild_id = (SELECT nullif(current_setting('app.guild_id', true), '')::uuid)"


def read(*statements: str) -> Walls:
    walls = Walls()
    for statement in statements:
        walls.read(statement)
    return walls


def test_the_statements_of_a_walled_table_are_read() -> None:
    walls = read(*rls.policy_sql("journal_dream", using=f"{GUILD} OR true", check=GUILD))
    assert walls.walled == {"public.journal_dream"}
    wall = Policy(
        "PERMISSIVE", "ALL", "dreamscape_app", plain_expression(f"{GUILD} OR true"), plain_expression(GUILD)
    )
    delete = Policy("RESTRICTIVE", "DELETE", "dreamscape_app", plain_expression(GUILD), "")
    assert walls.policies == {
        ("public.journal_dream", "wall"): wall,
        ("public.journal_dream", "wall_delete"): delete,
    }


def test_a_table_that_only_grows_is_read() -> None:
    walls = read(*rls.AppendOnly("vault.data_key").sql)
    function = "public.vault_data_key_only_grows"
    assert walls.triggers == {
        ("vault.data_key", "only_grows"): Trigger(
            "BEFORE", frozenset({"UPDATE", "DELETE", "TRUNCATE"}), "STATEMENT", function
        )
    }
    assert "never changed or removed" in walls.functions[function]
    assert walls.rights_on("vault.data_key") == {"SELECT", "INSERT"}
    assert walls.rights_on("public.another") == BY_DEFAULT


@pytest.mark.parametrize(
    ("statement", "rights"),
    [
        ("REVOKE DELETE ON vault.data_key FROM dreamscape_app", {"SELECT", "INSERT", "UPDATE"}),
        ("REVOKE ALL ON vault.data_key FROM dreamscape_app, PUBLIC", set()),
        ("GRANT TRUNCATE ON vault.data_key TO dreamscape_app", BY_DEFAULT | {"TRUNCATE"}),
        ("REVOKE ALL ON vault.data_key FROM dreamscape_auditor", BY_DEFAULT),
        ("REVOKE ALL ON FUNCTION f(uuid) FROM dreamscape_app", BY_DEFAULT),
    ],
)
def test_what_is_granted_and_revoked_is_read(statement: str, rights: set[str]) -> None:
    assert read(statement).rights_on("vault.data_key") == rights


def test_an_expression_is_the_same_as_written_and_as_postgres_gives_it_back() -> None:
    back = (
        "(guild_id = ( SELECT (NULLIF(current_setting('app.guild_id'::text, true), ''::text))::uuid "
        'AS "nullif"))'
    )
    assert plain_expression(back) == plain_expression(GUILD)
    assert plain_expression("t.guild_id = other.guild_id") == plain_expression("guild_id = guild_id")
    assert plain_expression("guild_id = true") != plain_expression("dreamer_id = true")


def test_a_trigger_is_the_same_as_written_and_as_postgres_gives_it_back() -> None:
    back = (
        "CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_leaf "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_leaf_only_grows()"
    )
    assert trigger_of(back) == declared().triggers["public.ledger_leaf", "only_grows"]
    assert trigger_of("CREATE CONSTRAINT TRIGGER other AFTER INSERT ON t EXECUTE FUNCTION f()") is None


def test_every_table_of_ours_that_is_walled_is_declared() -> None:
    """An audit of an untouched database finds nothing; that it looks at all of it is shown here."""
    walls = declared()
    assert {"public.ledger_leaf", "public.tenancy_guild", "vault.data_key"} <= walls.walled
    assert walls.walled <= walls.tables
    assert {table for table, _ in walls.policies} == walls.walled
    assert full_name('vault"."data_key') == "vault.data_key"
