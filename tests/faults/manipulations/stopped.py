"""What participants stopped, what recipes say and what moderators decided is turned around past the
application.
"""

from uuid import UUID

from governance.moderation import services as moderation
from governance.moderation.models import Report
from guild.tenancy.context import tenant
from lounges.experiences import selectors as experiences
from lounges.experiences import services as recipes
from lounges.experiences.models import ExperienceVersion
from lounges.halts import services as halts
from lounges.halts.models import Halt
from lounges.sessions.models import Session
from tests.faults.audited_guild import Place, Scene, sql
from tests.faults.manipulations.registry import manipulation, together

EXPERIENCES, VERSIONS = "experiences_experience", "experiences_version"
HALTS, REPORTS = "halts_halt", "moderation_report"
WHY = "It hurts somebody who told a dream."


def halted(scene: Scene) -> Halt:
    """Two of five call for a stop, as many as the house's law asks for."""
    for name in ("ezra", "lara"):
        member = scene.members[name]
        with tenant(guild=scene.guild, dreamer=member.dreamer_id):
            session = Session.objects.get(pk=scene.session.pk)
            halts.resist(session=session, by=member)
    with tenant(guild=scene.guild):
        return Halt.objects.get()


def a_version(scene: Scene) -> ExperienceVersion:
    """Ayla writes an experience, and Ezra approves it."""
    ayla, ezra = scene.members["ayla"], scene.members["ezra"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        version = recipes.write(by=ayla, name="Slow water", description="", numbers={"floor": "0.7"})
        recipes.try_out(by=ayla, version=version)
    with tenant(guild=scene.guild, dreamer=ezra.dreamer_id):
        return recipes.approve(by=ezra, version=version)


def a_decision(scene: Scene) -> Report:
    """Ezra reports what Finn said, and Ayla hides it."""
    ezra, ayla = scene.members["ezra"], scene.members["ayla"]
    with tenant(guild=scene.guild, dreamer=ezra.dreamer_id):
        row = moderation.report(
            by=ezra, kind="lent-dream", target=scene.contributions["finn"], reason="hurtful", words=WHY
        )
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        return moderation.decide(by=ayla, report=row, decision="hidden", reasons=WHY)


def changed_version(scene: Scene, change: str) -> Place:
    version = a_version(scene)
    sql(f"UPDATE experiences_version SET {change} WHERE id = %s", version.pk)
    return "experience.altered", version.leaf, VERSIONS, str(version.pk)


@together
def a_suspended_experience_is_let_go_on(scene: Scene) -> Place:
    halt = halted(scene)
    sql("UPDATE experiences_experience SET suspended_at = NULL WHERE id = %s", halt.experience_id)
    plain: UUID = experiences.plain_id(scene.guild)
    return "experience.suspension", None, EXPERIENCES, str(plain)


@together
def a_halted_session_is_let_blend_again(scene: Scene) -> Place:
    halt = halted(scene)
    sql("UPDATE lounges_session SET halted_at = NULL WHERE id = %s", scene.session.pk)
    return "halt.row", halt.leaf, "lounges_session", str(scene.session.pk)


@together
def a_halt_is_removed(scene: Scene) -> Place:
    halt = halted(scene)
    sql("DELETE FROM halts_halt WHERE id = %s", halt.pk)
    return "halt.lost", halt.leaf, HALTS, str(halt.pk)


@manipulation
def a_call_for_a_stop_is_taken_back_by_another(scene: Scene) -> Place:
    halted(scene)
    ((row, leaf),) = sql(
        "UPDATE halts_call SET taken_back_at = now(), taken_back_leaf = 0 "
        "WHERE leaf = (SELECT min(leaf) FROM halts_call) RETURNING id, leaf"
    )
    return "halt.call", leaf, "halts_call", str(row)


@together
def an_approved_version_gets_other_numbers(scene: Scene) -> Place:
    return changed_version(scene, "numbers = jsonb_set(numbers, '{floor}', '0.3')")


@together
def a_version_is_approved_by_hand(scene: Scene) -> Place:
    ayla = scene.members["ayla"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        version = recipes.write(by=ayla, name="Deep water", description="", numbers={})
    sql("UPDATE experiences_version SET state = 'approved' WHERE id = %s", version.pk)
    return "experience.altered", version.leaf, VERSIONS, str(version.pk)


@together
def an_action_of_moderation_is_removed(scene: Scene) -> Place:
    row = a_decision(scene)
    sql("DELETE FROM moderation_report WHERE id = %s", row.pk)
    return "moderation.lost", row.decided_leaf, REPORTS, str(row.pk)


@together
def what_moderation_hid_is_shown_again_by_hand(scene: Scene) -> Place:
    row = a_decision(scene)
    sql("UPDATE moderation_report SET state = 'dismissed' WHERE id = %s", row.pk)
    return "moderation.row", row.decided_leaf, REPORTS, str(row.pk)


@manipulation
def a_session_is_given_another_recipe(scene: Scene) -> Place:
    version = a_version(scene)
    sql("UPDATE lounges_session SET experience_version_id = %s WHERE id = %s", version.pk, scene.session.pk)
    return "session.row", None, "lounges_session", str(scene.session.pk)
