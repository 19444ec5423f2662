"""The walls of the database itself."""

from guild.embedded import roles
from tests.faults.audited_guild import Place, Scene, sql
from tests.faults.manipulations.registry import (
    LEAVES,
    LENT,
    STATED,
    USED,
    together,
)


def done_to_the_database(statement: str, rule: str, table: str, row: str) -> Place:
    sql(statement)
    return rule, None, f"public.{table}", row


@together
def a_policy_is_removed(scene: Scene) -> Place:
    return done_to_the_database("DROP POLICY wall ON consent_use", "wall.policy", USED, "policy wall")


@together
def a_policy_is_widened(scene: Scene) -> Place:
    statement = "ALTER POLICY wall ON lounges_contribution USING (true)"
    return done_to_the_database(statement, "wall.policy", LENT, "policy wall")


@together
def a_policy_is_added(scene: Scene) -> Place:
    statement = "CREATE POLICY door ON lounges_contribution TO dreamscape_app USING (true)"
    return done_to_the_database(statement, "wall.policy", LENT, "policy door")


@together
def row_level_security_is_turned_off(scene: Scene) -> Place:
    statement = "ALTER TABLE consent_subject DISABLE ROW LEVEL SECURITY"
    return done_to_the_database(statement, "wall.table", "consent_subject", "row-level security")


@together
def row_level_security_is_no_longer_forced(scene: Scene) -> Place:
    statement = "ALTER TABLE ledger_leaf NO FORCE ROW LEVEL SECURITY"
    return done_to_the_database(statement, "wall.table", LEAVES, "row-level security")


@together
def a_trigger_is_removed(scene: Scene) -> Place:
    statement = "DROP TRIGGER only_grows ON ledger_leaf"
    return done_to_the_database(statement, "wall.trigger", LEAVES, "trigger only_grows")


@together
def a_trigger_is_turned_off(scene: Scene) -> Place:
    statement = "ALTER TABLE lounges_contribution DISABLE TRIGGER stays_in_its_guild"
    return done_to_the_database(statement, "wall.trigger", LENT, "trigger stays_in_its_guild")


@together
def a_trigger_is_emptied(scene: Scene) -> Place:
    statement = (
        "CREATE OR REPLACE FUNCTION consent_statement_only_grows() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$"
    )
    return done_to_the_database(statement, "wall.trigger", STATED, "trigger only_grows")


@together
def a_trigger_is_added(scene: Scene) -> Place:
    statement = (
        "CREATE TRIGGER follow BEFORE INSERT ON consent_use FOR EACH ROW "
        "EXECUTE FUNCTION tenancy_stays_in_its_guild()"
    )
    return done_to_the_database(statement, "wall.trigger", USED, "trigger follow")


@together
def the_application_may_rewrite_the_log(scene: Scene) -> Place:
    statement = "GRANT UPDATE ON ledger_leaf TO dreamscape_app"
    return done_to_the_database(statement, "wall.right", LEAVES, f"rights of {roles.APP}")


@together
def the_application_may_rewrite_one_column_of_the_log(scene: Scene) -> Place:
    statement = "GRANT UPDATE (entry) ON ledger_leaf TO dreamscape_app"
    return done_to_the_database(statement, "wall.right", LEAVES, f"rights of {roles.APP}")


@together
def everybody_may_read_what_is_lent(scene: Scene) -> Place:
    statement = "GRANT SELECT ON lounges_contribution TO PUBLIC"
    return done_to_the_database(statement, "wall.right", LENT, "rights of public")


@together
def the_application_is_made_a_superuser(scene: Scene) -> Place:
    sql("ALTER ROLE dreamscape_app SUPERUSER")
    return "wall.role", None, "pg_roles", "dreamscape_app superuser"


@together
def the_application_is_let_into_the_owners_role(scene: Scene) -> Place:
    sql("GRANT dreamscape_owner TO dreamscape_app")
    return "wall.role", None, "pg_roles", "dreamscape_app member of dreamscape_owner"


@together
def the_application_is_given_a_table(scene: Scene) -> Place:
    sql("ALTER TABLE consent_use OWNER TO dreamscape_app")
    return "wall.role", None, "pg_roles", "dreamscape_app owns consent_use"


@together
def the_application_is_given_a_function_that_sees_past_the_walls(scene: Scene) -> Place:
    sql("CREATE FUNCTION door() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'")
    return "wall.function", None, "pg_proc", "public.door"


@together
def what_lists_the_guilds_leaves_one_out(scene: Scene) -> Place:
    sql(
        "CREATE OR REPLACE FUNCTION tenancy_guild_ids() RETURNS SETOF uuid LANGUAGE sql STABLE "
        "SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT NULL::uuid WHERE false'"
    )
    return "wall.function", None, "pg_proc", "public.tenancy_guild_ids"


@together
def what_writes_leaves_is_there_under_the_same_name_for_others(scene: Scene) -> Place:
    sql("CREATE FUNCTION ledger_append(uuid) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'")
    return "wall.function", None, "pg_proc", "public.ledger_append"


@together
def a_function_stands_in_for_one_that_a_policy_calls(scene: Scene) -> Place:
    sql(
        "CREATE SCHEMA aside; CREATE FUNCTION aside.current_setting(text, boolean) RETURNS text "
        "LANGUAGE sql AS 'SELECT NULL::text'"
    )
    return "wall.function", None, "pg_proc", "aside.current_setting"


@together
def what_is_sent_to_a_table_goes_nowhere(scene: Scene) -> Place:
    statement = "CREATE RULE quiet AS ON DELETE TO consent_subject DO INSTEAD NOTHING"
    return done_to_the_database(statement, "wall.rewrite", "consent_subject", "rule quiet")


@together
def a_leaf_may_be_there_twice(scene: Scene) -> Place:
    statement = "ALTER TABLE ledger_leaf DROP CONSTRAINT ledger_leaf_pkey"
    return done_to_the_database(statement, "wall.bound", LEAVES, "only one of guild_id,index")


@together
def a_statement_may_be_there_twice(scene: Scene) -> Place:
    statement = "ALTER TABLE consent_statement DROP CONSTRAINT one_statement_a_leaf"
    return done_to_the_database(statement, "wall.bound", STATED, "only one of one_statement_a_leaf")


@together
def an_index_may_be_below_zero(scene: Scene) -> Place:
    statement = "ALTER TABLE ledger_leaf DROP CONSTRAINT leaf_index_counts_from_zero"
    return done_to_the_database(statement, "wall.bound", LEAVES, "constraint leaf_index_counts_from_zero")


@together
def a_checkpoint_may_be_without_a_root(scene: Scene) -> Place:
    statement = "ALTER TABLE ledger_checkpoint ALTER COLUMN root DROP NOT NULL"
    return done_to_the_database(statement, "wall.bound", "ledger_checkpoint", "value in root")


@together
def references_are_no_longer_held_to_what_they_refer_to(scene: Scene) -> Place:
    name = "constraint ledger_cosignature_checkpoint_id_guild_fk"
    statement = "ALTER TABLE ledger_cosignature DISABLE TRIGGER ALL"
    return done_to_the_database(statement, "wall.bound", "ledger_cosignature", name)


@together
def a_part_in_a_use_may_be_of_no_use(scene: Scene) -> Place:
    name = "consent_use_subject_use_id_guild_fk"
    statement = f"ALTER TABLE consent_use_subject DROP CONSTRAINT {name}"
    return done_to_the_database(statement, "wall.bound", "consent_use_subject", f"constraint {name}")
