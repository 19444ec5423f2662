"""What enforcers decided is turned around past the application."""

from uuid import UUID

from governance.audits.models import Finding
from governance.offices import services as offices
from governance.oversight import appealing, ruling
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Appeal, Ruling
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from tests.faults.audited_guild import Place, Scene, sql
from tests.faults.manipulations.guild import a_finding
from tests.faults.manipulations.registry import manipulation

REASONS = "The leaf and the row do not say the same."
RULINGS, REMEDIES, APPEALS = "oversight_ruling", "oversight_remedy", "oversight_appeal"


def a_ruling(scene: Scene, draft: Draft | None = None) -> Ruling:
    """Ezra rules on something that the scene's audit found."""
    ezra, finding = scene.members["ezra"], a_finding(scene)
    with tenant(guild=scene.guild, dreamer=ezra.dreamer_id):
        row = Finding.objects.get(pk=finding)
        named = Draft(Verdict.UPHELD, REASONS, names=scene.members["finn"])
        made = ruling.rule(finding=row, by=ezra, draft=draft or named)
        return Ruling.objects.select_related("finding", "names").get(pk=made.pk)


def named(made: Ruling, rule: str = "ruling.row") -> Place:
    return rule, made.leaf, RULINGS, str(made.pk)


@manipulation
def the_reasons_of_a_ruling_are_written_anew(scene: Scene) -> Place:
    made = a_ruling(scene)
    sql("UPDATE oversight_ruling SET reasons = 'All was well.' WHERE id = %s", made.pk)
    return named(made)


@manipulation
def a_ruling_is_turned_around(scene: Scene) -> Place:
    made = a_ruling(scene)
    sql("UPDATE oversight_ruling SET verdict = 'dismissed', names_id = NULL WHERE id = %s", made.pk)
    return named(made)


@manipulation
def a_ruling_is_put_in_force_without_a_second(scene: Scene) -> Place:
    made = a_ruling(scene, _suspending(scene))
    sql("UPDATE oversight_ruling SET state = 'in_force', in_force_at = now() WHERE id = %s", made.pk)
    return named(made)


@manipulation
def a_ruling_orders_more_than_was_ruled(scene: Scene) -> Place:
    made = a_ruling(scene)
    sql(
        "INSERT INTO oversight_remedy (id, guild_id, ruling_id, kind, office, state, touched) "
        "VALUES (gen_random_uuid(), %s, %s, 'shred', '', 'waiting', 0)",
        scene.guild,
        made.pk,
    )
    return named(made)


@manipulation
def a_ruling_is_removed(scene: Scene) -> Place:
    made = a_ruling(scene)
    sql("DELETE FROM oversight_ruling WHERE id = %s", made.pk)
    return "ruling.lost", made.leaf, RULINGS, ""


@manipulation
def a_ruling_is_made_by_nobody(scene: Scene) -> Place:
    made = a_ruling(scene)
    sql("UPDATE oversight_ruling SET leaf = 0 WHERE id = %s", made.pk)
    return "ruling.unrecorded", None, RULINGS, str(made.pk)


@manipulation
def an_appeal_is_answered_by_hand(scene: Scene) -> Place:
    appeal = appealed(scene)
    _answer(appeal.pk, scene)
    return "appeal.row", appeal.leaf, APPEALS, str(appeal.pk)


def appealed(scene: Scene) -> Appeal:
    """Finn appeals what was ruled about him."""
    made, finn = a_ruling(scene), scene.members["finn"]
    with tenant(guild=scene.guild, dreamer=finn.dreamer_id):
        return appealing.appeal(ruling=made, by=finn, reasons=REASONS)


@manipulation
def an_appeal_is_removed(scene: Scene) -> Place:
    appeal = appealed(scene)
    sql("DELETE FROM oversight_appeal WHERE id = %s", appeal.pk)
    return "appeal.lost", appeal.leaf, APPEALS, str(appeal.pk)


@manipulation
def an_appeal_is_put_out_of_sight_with_its_finding(scene: Scene) -> Place:
    appeal = appealed(scene)
    ruled = appeal.ruling
    sql("UPDATE oversight_finding SET state = 'closed' WHERE id = %s", ruled.finding_id)
    return "finding.settled", ruled.leaf, "oversight_finding", str(ruled.finding_id)


def suspended(scene: Scene) -> Ruling:
    """Ezra proposes to suspend Finn's office, and Lara, a second enforcer, confirms it."""
    ayla, lara = scene.members["ayla"], scene.members["lara"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        second = offices.appoint(by=ayla, member=lara, office=Office.ENFORCER)
    made = a_ruling(scene, _suspending(scene))
    with tenant(guild=scene.guild, dreamer=lara.dreamer_id):
        return ruling.confirm(ruling=made, by=second)


def remedy_of(made: Ruling) -> tuple[UUID, int]:
    """The row of its only remedy, and the leaf that says it was done."""
    ((row, leaf),) = sql("SELECT id, leaf FROM oversight_remedy WHERE ruling_id = %s", made.pk)
    return row, leaf


def changed_remedy(scene: Scene, change: str) -> Place:
    row, leaf = remedy_of(suspended(scene))
    sql(f"UPDATE oversight_remedy SET {change} WHERE id = %s", row)
    return "remedy.row", leaf, REMEDIES, str(row)


@manipulation
def a_remedy_that_was_done_waits_again(scene: Scene) -> Place:
    return changed_remedy(scene, "state = 'waiting', leaf = NULL, done_at = NULL, touched = 0")


@manipulation
def a_remedy_is_lifted_by_hand(scene: Scene) -> Place:
    return changed_remedy(scene, "state = 'lifted'")


@manipulation
def a_remedy_is_told_to_have_touched_more(scene: Scene) -> Place:
    return changed_remedy(scene, "touched = 7")


@manipulation
def a_remedy_is_dated_back(scene: Scene) -> Place:
    return changed_remedy(scene, "done_at = done_at - interval '1 day'")


@manipulation
def a_remedy_points_to_another_leaf(scene: Scene) -> Place:
    return changed_remedy(scene, "leaf = 0")


@manipulation
def a_remedy_takes_another_office(scene: Scene) -> Place:
    return changed_remedy(scene, "office = 'steward'")


@manipulation
def a_remedy_that_only_waits_is_called_done(scene: Scene) -> Place:
    made = a_ruling(scene, _suspending(scene))
    row, _ = remedy_of(made)
    sql("UPDATE oversight_remedy SET state = 'done', done_at = now(), touched = 1 WHERE id = %s", row)
    return "remedy.row", made.leaf, REMEDIES, str(row)


@manipulation
def a_remedy_is_removed(scene: Scene) -> Place:
    made = suspended(scene)
    sql("DELETE FROM oversight_remedy WHERE ruling_id = %s", made.pk)
    return named(made)


@manipulation
def a_ruling_in_force_is_called_declined(scene: Scene) -> Place:
    made = a_ruling(scene)
    sql("UPDATE oversight_ruling SET state = 'declined' WHERE id = %s", made.pk)
    return named(made)


@manipulation
def a_confirmed_ruling_is_made_a_proposal_again(scene: Scene) -> Place:
    made = suspended(scene)
    sql(
        "UPDATE oversight_ruling SET state = 'proposed', second_id = NULL, second_leaf = NULL, "
        "second_at = NULL, in_force_at = NULL WHERE id = %s",
        made.pk,
    )
    return named(made)


@manipulation
def a_suspension_is_removed(scene: Scene) -> Place:
    made = suspended(scene)
    ((leaf,),) = sql("DELETE FROM offices_suspension WHERE ruling = %s RETURNING leaf", made.pk)
    return "suspension.lost", leaf, "offices_suspension", ""


@manipulation
def a_suspension_is_lifted_by_hand(scene: Scene) -> Place:
    made = suspended(scene)
    ((row, leaf),) = sql(
        "UPDATE offices_suspension SET lifted_at = now() WHERE ruling = %s RETURNING id, leaf", made.pk
    )
    return "suspension.row", leaf, "offices_suspension", str(row)


def _answer(appeal: UUID, scene: Scene) -> None:
    sql(
        "UPDATE oversight_appeal SET outcome = 'upheld', answer = 'No.', decided_by_id = %s WHERE id = %s",
        scene.members["ezra"].pk,
        appeal,
    )


def _suspending(scene: Scene) -> Draft:
    remedies = frozenset({RemedyKind.SUSPEND})
    return Draft(Verdict.UPHELD, REASONS, remedies, scene.members["finn"], Office.TECHNICIAN)
