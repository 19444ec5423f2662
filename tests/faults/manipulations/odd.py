"""What no application would write: rows that cannot be, in a database whose walls against them are down."""

import json
from typing import Any
from uuid import uuid4

from governance.audits import services
from governance.audits.bearing import FORMS
from governance.audits.discrepancies import Discrepancy
from governance.audits.findings import raise_one
from governance.audits.registry import every_check
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from guild.tenancy.context import tenant
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.consents import changed_statement, listed_in, use_of
from tests.faults.manipulations.guild import a_finding
from tests.faults.manipulations.log import changed_leaf
from tests.faults.manipulations.registry import (
    LEAVES,
    LISTED,
    MEMBERS,
    SIGNED,
    appended,
    columns,
    manipulation,
)

FINDINGS, AUDITS, COSIGNED = "oversight_finding", "oversight_audit", "ledger_cosignature"


def bare(*columns: str, table: str = LEAVES) -> None:
    """Nothing keeps the rows of a table from being there twice, or from holding nothing."""
    for name, kind in sql(
        "SELECT conname, contype::text FROM pg_constraint WHERE conrelid = %s::regclass", table
    ):
        if kind in "puc":
            sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
    for column in columns:
        sql(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")


@manipulation
def a_consent_was_given_at_the_end_of_time(scene: Scene) -> Place:
    return changed_statement(scene, "stated_at = 'infinity'")


@manipulation
def a_consent_was_given_before_christ(scene: Scene) -> Place:
    return changed_statement(scene, "stated_at = '0044-03-15 12:00:00+00 BC'")


@manipulation
def a_consent_has_run_out_before_there_was_time(scene: Scene) -> Place:
    return changed_statement(scene, "expires_at = '-infinity'")


@manipulation
def a_member_came_after_the_last_year(scene: Scene) -> Place:
    row = scene.members["lara"].pk
    sql("UPDATE tenancy_membership SET ended_at = 'infinity' WHERE id = %s", row)
    return "member.row", None, MEMBERS, str(row)


@manipulation
def a_leaf_is_shown_in_the_same_year_before_christ(scene: Scene) -> Place:
    shown = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return changed_leaf(scene, f"at = ({shown} || '+00 BC')::timestamptz", "log.columns")


@manipulation
def a_leaf_is_shown_at_the_end_of_time(scene: Scene) -> Place:
    return changed_leaf(scene, "at = 'infinity'", "log.columns")


@manipulation
def a_leaf_stands_at_the_index_of_another(scene: Scene) -> Place:
    bare()
    sql("UPDATE ledger_leaf SET index = 21 WHERE guild_id = %s AND index = 22", scene.guild)
    return "log.place", 21, LEAVES, "21"


@manipulation
def a_leaf_is_there_twice(scene: Scene) -> Place:
    bare()
    sql("INSERT INTO ledger_leaf SELECT * FROM ledger_leaf WHERE guild_id = %s AND index = 21", scene.guild)
    return "log.place", 21, LEAVES, "21"


@manipulation
def a_leaf_stands_before_the_first(scene: Scene) -> Place:
    bare()
    sql(
        f"INSERT INTO ledger_leaf SELECT {columns(LEAVES, index=-1)} WHERE guild_id = %s AND index = 21",
        scene.guild,
    )
    return "log.place", -1, LEAVES, "-1"


@manipulation
def a_leaf_stands_far_beyond_the_end(scene: Scene) -> Place:
    size = one("SELECT max(index) + 1 FROM ledger_leaf WHERE guild_id = %s", scene.guild)
    far = columns(LEAVES, index=2**50 - 1)
    sql(f"INSERT INTO ledger_leaf SELECT {far} WHERE guild_id = %s AND index = 21", scene.guild)
    return "log.gap", size, LEAVES, str(size)


@manipulation
def a_leaf_holds_nothing(scene: Scene) -> Place:
    bare("entry", "leaf_hash", "subtrees", "kind", "at")
    return changed_leaf(scene, "entry = NULL, subtrees = NULL, kind = NULL, at = NULL", "log.hash")


@manipulation
def every_leaf_loses_its_time(scene: Scene) -> Place:
    bare("at")
    sql("UPDATE ledger_leaf SET at = NULL WHERE guild_id = %s", scene.guild)
    return "log.columns", 21, LEAVES, "21"


@manipulation
def a_leaf_is_longer_than_any_may_be(scene: Scene) -> Place:
    return changed_leaf(scene, "entry = entry || repeat('x', 70000)::bytea", "log.hash")


@manipulation
def what_stands_for_a_dream_in_a_use_is_nothing(scene: Scene) -> Place:
    use, leaf = use_of("blend")
    bare("commitment", "contribution", table=LISTED)
    sql("UPDATE consent_use_subject SET commitment = NULL, contribution = NULL WHERE id = %s", listed_in(use))
    return "use.list", leaf, LISTED, ""


@manipulation
def a_leaf_lets_in_somebody_with_a_name_too_long_for_a_finding(scene: Scene) -> Place:
    ayla = scene.members["ayla"]
    who = "m" * 200
    appended(scene, LeafKind.MEMBERSHIP_STARTED, actor=ayla.pseudonym, subjects=[who])
    return "member.lost", None, MEMBERS, who[:80]


@manipulation
def a_table_with_a_name_too_long_for_a_finding_is_not_walled(scene: Scene) -> Place:
    name = "t" * 63
    sql(f"CREATE TABLE {name} (guild_id uuid)")
    return "wall.table", None, f"public.{name}"[:63], "row-level security"


@manipulation
def a_finding_is_turned_to_another_row(scene: Scene) -> Place:
    row = a_finding(scene)
    sql("UPDATE oversight_finding SET \"row\" = 'elsewhere', leaf_index = 2 WHERE id = %s", row)
    return "finding.row", None, FINDINGS, str(row)


@manipulation
def what_members_brought_before_the_enforcers_is_called_gone(scene: Scene) -> Place:
    with tenant(guild=scene.guild):
        ledger.hold(guild=scene.guild)
        made = raise_one(guild=scene.guild, about=Discrepancy("log.time", 1), at=scene.audit.requested_at)
    sql("UPDATE oversight_finding SET gone_at = now() WHERE id = %s", made.pk)
    return "finding.row", made.made_leaf, FINDINGS, str(made.pk)


@manipulation
def an_audit_that_never_ended_is_called_finished(scene: Scene) -> Place:
    row = uuid4()
    asked = appended(scene, LeafKind.AUDIT_REQUESTED, actor=SYSTEM, subjects=[str(row)])
    copied = columns(AUDITS, id=row, requested_leaf=asked)
    sql(f"INSERT INTO oversight_audit SELECT {copied} WHERE id = %s", scene.audit.pk)
    return "audit.row", asked, AUDITS, str(row)


@manipulation
def an_audit_is_made_by_hand(scene: Scene) -> Place:
    row = uuid4()
    sql(f"INSERT INTO oversight_audit SELECT {columns(AUDITS, id=row)} WHERE id = %s", scene.audit.pk)
    return "audit.unrecorded", None, AUDITS, str(row)


@manipulation
def a_cosignature_is_said_to_be_over_more(scene: Scene) -> Place:
    row = one("SELECT id FROM ledger_cosignature WHERE guild_id = %s ORDER BY size DESC LIMIT 1", scene.guild)
    sql("UPDATE ledger_cosignature SET size = size + 1000 WHERE id = %s", row)
    return "checkpoint.cosignature", None, COSIGNED, str(row)


@manipulation
def a_cosignature_is_dated_back(scene: Scene) -> Place:
    row = one("SELECT id FROM ledger_cosignature WHERE guild_id = %s ORDER BY size LIMIT 1", scene.guild)
    sql("UPDATE ledger_cosignature SET cosigned_at = '-infinity' WHERE id = %s", row)
    return "checkpoint.cosignature", None, COSIGNED, str(row)


@manipulation
def a_checkpoint_is_over_less_than_nothing(scene: Scene) -> Place:
    bare(table=SIGNED)
    row = one("SELECT id FROM ledger_checkpoint WHERE guild_id = %s ORDER BY size LIMIT 1", scene.guild)
    sql("UPDATE ledger_checkpoint SET size = -7 WHERE id = %s", row)
    return "checkpoint.row", -8, SIGNED, str(row)


@manipulation
def what_is_to_be_done_about_a_finding_is_put_off(scene: Scene) -> Place:
    row = a_finding(scene)
    sql("UPDATE oversight_finding SET due_at = 'infinity' WHERE id = %s", row)
    return "finding.row", None, FINDINGS, str(row)


def changed_audit(scene: Scene, change: str) -> Place:
    sql(f"UPDATE oversight_audit SET {change} WHERE id = %s", scene.audit.pk)
    return "audit.row", scene.audit.ended_leaf, AUDITS, str(scene.audit.pk)


@manipulation
def an_audit_is_said_to_have_looked_at_more(scene: Scene) -> Place:
    return changed_audit(scene, "checked = '{\"leaves\": 1000000}'")


@manipulation
def an_audit_is_said_to_have_seen_another_root(scene: Scene) -> Place:
    return changed_audit(scene, "root = repeat('0', 64)")


@manipulation
def an_audit_that_waits_for_ever_keeps_the_others_away(scene: Scene) -> Place:
    row = uuid4()
    waits = columns(AUDITS, id=row, state="running", heartbeat_at="infinity", enqueued_at="infinity")
    sql(f"INSERT INTO oversight_audit SELECT {waits} WHERE id = %s", scene.audit.pk)
    return "audit.unrecorded", None, AUDITS, str(row)


@manipulation
def an_audit_is_told_that_everything_was_looked_at(scene: Scene) -> Place:
    """It waits for its worker; somebody notes that another one made every check of it already."""
    services.request_scheduled_audit(guild=scene.guild)
    done = json.dumps({"done": [check.name for check in every_check()]})
    sql(
        "UPDATE oversight_audit SET attempt = 1, cursor = %s WHERE guild_id = %s AND state = 'requested'",
        done,
        scene.guild,
    )
    row = scene.members["lara"].pk
    sql("UPDATE tenancy_membership SET ended_at = now() WHERE id = %s", row)
    return "member.row", None, MEMBERS, str(row)


OTHERWISE = (
    "values",
    "forbids",
    "until",
    "uses",
    "invitation",
    "handover",
    "over",
    "what",
    "how",
    "due",
    "to",
)
NAMES = sorted({name for form in FORMS.values() for name in form.detail} | set(OTHERWISE))


def leaves_of_every_kind(scene: Scene, *subjects: str, **said: Any) -> list[Place]:
    """By the system and by a member; those of which anything is asked must be named."""
    written = [
        (kind, appended(scene, kind, actor=actor, subjects=subjects, detail=said))
        for actor in (SYSTEM, scene.members["ayla"].pseudonym)
        for kind in LeafKind
    ]
    return [("log.entry", leaf, LEAVES, str(leaf)) for kind, leaf in written if kind in FORMS]


@manipulation
def leaves_of_every_kind_are_about_nothing(scene: Scene) -> list[Place]:
    return leaves_of_every_kind(scene)


@manipulation
def leaves_of_every_kind_hold_numbers_where_words_belong(scene: Scene) -> list[Place]:
    leaves_of_every_kind(scene, str(uuid4()), "x" * 200, **dict.fromkeys(NAMES, 7))
    return []


@manipulation
def leaves_of_every_kind_hold_words_where_numbers_belong(scene: Scene) -> list[Place]:
    leaves_of_every_kind(scene, *(str(uuid4()) for _ in range(3)), **dict.fromkeys(NAMES, "ab"))
    return []
