"""Row-level security as migration operations: one behind every CreateModel of a guild's or person's table.

Each enables and forces row-level security and makes the policy `wall` of `dreamscape_app`; where that shows
more rows than it lets be written, `wall_delete` beside it holds deleting to what may be written. The settings
are read in a sub-select, which Postgres evaluates once a statement and not once a row; `nullif` because a
setting that was set in an earlier transaction reads as '' and not as null.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import RunSQL

GUILD = "(SELECT nullif(current_setting('app.guild_id', true), '')::uuid)"
DREAMER = "(SELECT nullif(current_setting('app.dreamer_id', true), '')::uuid)"


def quoted(table: str) -> str:
    """`vault.data_key` as an SQL name with its schema, `journal_dream` as one without."""
    return ".".join(f'"{part}"' for part in table.replace('"', "").split("."))


def policy_sql(table: str, *, using: str, check: str) -> list[Any]:
    """The statements that wall `table` in, in order."""
    name = quoted(table)
    walled = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS wall ON {name}",
        f"CREATE POLICY wall ON {name} TO dreamscape_app USING ({using}) WITH CHECK ({check})",
    ]
    return walled if using == check else [*walled, *delete_policy_sql(table, using=check)]


def delete_policy_sql(table: str, *, using: str) -> list[Any]:
    """The statements that let rows be deleted only where `using` holds as well.

    A policy's check asks about new rows alone: what `wall` shows, it would let be deleted. May be run again.
    """
    name = quoted(table)
    return [
        f"DROP POLICY IF EXISTS wall_delete ON {name}",
        f"CREATE POLICY wall_delete ON {name} AS RESTRICTIVE FOR DELETE TO dreamscape_app USING ({using})",
    ]


class Wall(RunSQL):
    """A policy written out: for a table whose rule is none of the three below."""

    def __init__(self, table: str, *, using: str, check: str | None = None) -> None:
        self.table, self.using, self.check = table, using, check
        super().__init__(policy_sql(table, using=using, check=check or using))

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {"using": self.using, "check": self.check})


class GuildTable(RunSQL):
    """Rows with a `guild_id`: seen and written inside that guild alone."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(policy_sql(table, using=f"guild_id = {GUILD}", check=f"guild_id = {GUILD}"))

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {})


class PersonalTable(RunSQL):
    """Rows with a `dreamer_id`: seen and written by that dreamer alone."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(policy_sql(table, using=f"dreamer_id = {DREAMER}", check=f"dreamer_id = {DREAMER}"))

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {})


class LentTable(RunSQL):
    """Rows with both: seen by the guild and, anywhere, by the dreamer; made and deleted inside the guild."""

    def __init__(self, table: str) -> None:
        self.table = table
        using = f"guild_id = {GUILD} OR dreamer_id = {DREAMER}"
        super().__init__(policy_sql(table, using=using, check=f"guild_id = {GUILD}"))

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {})


class StaysInItsGuild(RunSQL):
    """No row of this table ever changes guild: for every LentTable.

    Inside one guild's tenant a dreamer also sees their rows of another; the wall's check alone would let an
    UPDATE bring such a row over.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            [
                "CREATE OR REPLACE FUNCTION tenancy_stays_in_its_guild() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN IF NEW.guild_id IS DISTINCT FROM OLD.guild_id THEN "
                "RAISE EXCEPTION 'A row never changes guild.' USING ERRCODE = 'restrict_violation'; "
                "END IF; RETURN NEW; END $$",
                f"CREATE OR REPLACE TRIGGER stays_in_its_guild BEFORE UPDATE OF guild_id ON {quoted(table)} "
                "FOR EACH ROW EXECUTE FUNCTION tenancy_stays_in_its_guild()",
            ]
        )

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {})


class AppendOnly(RunSQL):
    """A table that only grows: UPDATE, DELETE and TRUNCATE are revoked, and a trigger stops them for all."""

    def __init__(self, table: str) -> None:
        self.table = table
        name, function = quoted(table), quoted(f"{table.replace('.', '_')}_only_grows")
        super().__init__(
            [
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM dreamscape_app",
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION 'Rows of {table} are never changed or removed.' "
                "USING ERRCODE = 'restrict_violation'; END $$",
                f"CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
            ]
        )

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {})


class GuildKey(RunSQL):
    """UNIQUE (guild_id, id): makes a guild table a target of `GuildForeignKey`."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {table}_guild_key UNIQUE (guild_id, id)"
        )

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table], {})


class GuildForeignKey(RunSQL):
    """A reference that cannot leave the guild: (guild_id, column) -> target (guild_id, id).

    A plain foreign key is checked past row-level security, and so accepts another guild's row. Give the
    model's ForeignKey `db_constraint=False` and let this be the constraint.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target
        super().__init__(
            f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {table}_{column}_guild_fk "
            f"FOREIGN KEY (guild_id, {column}) REFERENCES {quoted(target)} (guild_id, id) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return (type(self).__name__, [self.table, self.column, self.target], {})
