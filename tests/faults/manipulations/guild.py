"""Keys, members, offices, policies, and the rows of oversight."""

import json
from uuid import UUID, uuid4

from django.utils import timezone

from governance.audits.discrepancies import Discrepancy
from governance.audits.findings import record
from governance.audits.models import AuditRun
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.law import with_values
from governance.policies.services import policy_set
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from guild.vault.providers import provider
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import (
    KEYS,
    MEMBERS,
    appended,
    columns,
    flipped,
    lent_leaf,
    manipulation,
)
from tests.governance.audited import audit


def restored(owner: UUID) -> UUID:
    """A destroyed key is there again, as from a backup; its id."""
    kek_id, wrapped = provider().wrap(b"k" * 32)
    row = one("SELECT id FROM vault.data_key WHERE owner_id = %s", owner)
    sql(
        "UPDATE vault.data_key SET wrapped = %s, kek_id = %s, destroyed_at = NULL WHERE id = %s",
        wrapped,
        kek_id,
        row,
    )
    return UUID(str(row))


SET_VALUE = "UPDATE tenancy_guild SET law = jsonb_set(law, %s, %s) WHERE id = %s"


@manipulation
def the_shredded_key_of_a_withdrawn_dream_is_restored(scene: Scene) -> Place:
    leaf = lent_leaf(scene, "mira", LeafKind.CONTRIBUTION_WITHDRAWN)
    return "key.back", leaf, KEYS, str(restored(scene.contributions["mira"]))


@manipulation
def the_shredded_key_of_a_superseded_dreamscape_is_restored(scene: Scene) -> Place:
    leaf = one("SELECT superseded_leaf FROM dreamscapes_run WHERE id = %s", scene.superseded)
    return "key.back", leaf, KEYS, str(restored(scene.superseded))


@manipulation
def the_key_of_a_lent_dream_is_destroyed(scene: Scene) -> Place:
    row = scene.lent("ayla").key_id
    sql("UPDATE vault.data_key SET wrapped = NULL, destroyed_at = now() WHERE id = %s", row)
    return "key.gone", None, KEYS, str(row)


@manipulation
def a_wrapped_key_is_changed(scene: Scene) -> Place:
    row = scene.lent("ayla").key_id
    sql(
        f"UPDATE vault.data_key SET wrapped = {flipped('wrapped', 5)} WHERE id = %s",
        row,
    )
    return "key.broken", None, KEYS, str(row)


@manipulation
def the_individuality_floor_is_lowered(scene: Scene) -> Place:
    sql(SET_VALUE, "{values,individuality_floor}", '"0.30"', scene.guild)
    return "policy.value", 0, "tenancy_guild", str(scene.guild)


@manipulation
def the_exchange_is_opened_to_other_guilds(scene: Scene) -> Place:
    sql(SET_VALUE, "{values,exchange_reach}", '"house"', scene.guild)
    return "policy.value", 0, "tenancy_guild", str(scene.guild)


@manipulation
def a_rule_is_added_that_nobody_voted_for(scene: Scene) -> Place:
    text = 'forbid (principal, action == Action::"OpenSession", resource);'
    rule = json.dumps([{"name": "no-hosting", "text": text}])
    sql(SET_VALUE, "{forbids}", rule, scene.guild)
    return "policy.value", 0, "tenancy_guild", str(scene.guild)


@manipulation
def a_value_is_set_beyond_its_bounds(scene: Scene) -> Place:
    sql(SET_VALUE, "{values,individuality_floor}", '"0.01"', scene.guild)
    return "policy.value", 0, "tenancy_guild", str(scene.guild)


@manipulation
def a_law_of_the_past_is_rewritten(scene: Scene) -> Place:
    path, value = "{values,individuality_floor}", '"0.30"'
    sql("UPDATE policies_set SET document = jsonb_set(document, %s, %s)", path, value)
    row = one("SELECT id FROM policies_set WHERE guild_id = %s", scene.guild)
    return "policy.set", 0, "policies_set", str(row)


@manipulation
def something_is_decided_under_a_lowered_floor_that_is_then_set_back(scene: Scene) -> Place:
    lower = policy_set(Guild(id=scene.guild, law=with_values(individuality_floor="0.30")))
    ayla = scene.members["ayla"].pseudonym
    said = {"subjects": [str(uuid4())], "policy_set": lower}
    return "log.law", appended(scene, LeafKind.LOUNGE_MADE, actor=ayla, **said), "", ""


@manipulation
def an_office_is_granted(scene: Scene) -> Place:
    sql(
        "UPDATE tenancy_membership SET offices = '{dreamer,enforcer}' WHERE id = %s", scene.members["mira"].pk
    )
    return "office.row", None, MEMBERS, str(scene.members["mira"].pk)


@manipulation
def an_office_is_taken(scene: Scene) -> Place:
    sql("UPDATE tenancy_membership SET offices = '{dreamer}' WHERE id = %s", scene.members["ezra"].pk)
    return "office.row", None, MEMBERS, str(scene.members["ezra"].pk)


@manipulation
def a_membership_is_made_by_hand(scene: Scene) -> Place:
    row = uuid4()
    copied = columns(MEMBERS, id=row, guild_id=scene.guild, pseudonym=uuid4())
    sql(f"INSERT INTO tenancy_membership SELECT {copied} WHERE id = %s", scene.strangers["mira"].pk)
    return "member.unrecorded", None, MEMBERS, str(row)


@manipulation
def a_membership_is_ended_silently(scene: Scene) -> Place:
    sql("UPDATE tenancy_membership SET ended_at = now() WHERE id = %s", scene.members["lara"].pk)
    return "member.row", None, MEMBERS, str(scene.members["lara"].pk)


@manipulation
def a_membership_is_removed(scene: Scene) -> Place:
    sql("DELETE FROM tenancy_membership WHERE id = %s", scene.members["lara"].pk)
    return "member.lost", None, MEMBERS, str(scene.members["lara"].pseudonym)


def a_finding(scene: Scene) -> UUID:
    """Something found by the scene's audit."""
    with tenant(guild=scene.guild):
        ledger.hold(guild=scene.guild)
        held = AuditRun.objects.get(pk=scene.audit.pk)
        (made,) = record(audit=held, found=[Discrepancy("log.time", 1)], at=timezone.now())
    return made.pk


@manipulation
def a_finding_is_removed(scene: Scene) -> Place:
    row = a_finding(scene)
    leaf = one("SELECT made_leaf FROM oversight_finding WHERE id = %s", row)
    sql("DELETE FROM oversight_finding WHERE id = %s", row)
    return "finding.lost", leaf, "oversight_finding", str(row)


@manipulation
def a_finding_is_closed_without_a_ruling(scene: Scene) -> Place:
    row = a_finding(scene)
    sql("UPDATE oversight_finding SET state = 'closed' WHERE id = %s", row)
    return "finding.row", None, "oversight_finding", str(row)


@manipulation
def an_audit_is_said_to_have_failed(scene: Scene) -> Place:
    sql("UPDATE oversight_audit SET state = 'failed' WHERE id = %s", scene.audit.pk)
    return "audit.row", scene.audit.ended_leaf, "oversight_audit", str(scene.audit.pk)


@manipulation
def an_audit_is_removed(scene: Scene) -> Place:
    earlier = audit(scene.guild)
    sql("DELETE FROM oversight_audit WHERE id = %s", earlier.pk)
    return "audit.lost", earlier.requested_leaf, "oversight_audit", str(earlier.pk)
