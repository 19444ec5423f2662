"""What enforcers decided is turned around past the application."""

from uuid import UUID

from governance.oversight import appealing, ruling
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.models import Finding
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Ruling
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from tests.faults.audited_guild import Place, Scene, sql
from tests.faults.manipulations.guild import a_finding
from tests.faults.manipulations.registry import manipulation

REASONS = "The leaf and the row do not say the same."
RULINGS, APPEALS = "oversight_ruling", "oversight_appeal"


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
    made, finn = a_ruling(scene), scene.members["finn"]
    with tenant(guild=scene.guild, dreamer=finn.dreamer_id):
        appeal = appealing.appeal(ruling=made, by=finn, reasons=REASONS)
    _answer(appeal.pk, scene)
    return "appeal.row", appeal.leaf, APPEALS, str(appeal.pk)


def _answer(appeal: UUID, scene: Scene) -> None:
    sql(
        "UPDATE oversight_appeal SET outcome = 'upheld', answer = 'No.', decided_by_id = %s WHERE id = %s",
        scene.members["ezra"].pk,
        appeal,
    )


def _suspending(scene: Scene) -> Draft:
    remedies = frozenset({RemedyKind.SUSPEND})
    return Draft(Verdict.UPHELD, REASONS, remedies, scene.members["finn"], Office.TECHNICIAN)
