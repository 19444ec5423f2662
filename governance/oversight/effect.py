"""A ruling takes effect: the finding is ruled on, and what was ordered is carried out, in one transaction."""

from datetime import datetime

from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.oversight import announcing, remedies
from governance.oversight.enums import RemedyKind, RemedyState
from governance.oversight.errors import NotNow
from governance.oversight.ruling_models import Remedy, Ruling
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership


def take(ruling: Ruling, *, by: Membership, policy_set: str, at: datetime) -> None:
    """Call holding the guild's ledger, with a ruling that is in force already; `by` is whose act it was.

    Raises NotNow when the finding has moved on, and whatever a remedy raises: then nothing of it stands.
    """
    waiting = Finding.objects.filter(
        guild_id=ruling.guild_id,
        pk=ruling.finding_id,
        state__in=[FindingState.OPEN, FindingState.ASSIGNED],
    )
    if not waiting.update(state=FindingState.RULED):
        raise NotNow("This finding was ruled on already: reload the page to see the ruling.")
    ruling.finding.state = FindingState.RULED
    ruling.in_force_at = at
    ruling.save(update_fields=["in_force_at"])
    ordered = {RemedyKind(row.kind): row for row in ruling.remedies.filter(guild_id=ruling.guild_id)}
    for kind in remedies.IN_ORDER:
        if kind in ordered:
            _carry_out(ordered[kind], ruling, by=by, policy_set=policy_set, at=at)
    announcing.ruled(ruling, guild=by.guild, at=at)


def _carry_out(remedy: Remedy, ruling: Ruling, *, by: Membership, policy_set: str, at: datetime) -> None:
    """Once: a remedy that is done is not done again."""
    waiting = Remedy.objects.filter(guild_id=remedy.guild_id, pk=remedy.pk, state=RemedyState.WAITING)
    if not waiting.update(state=RemedyState.DONE, done_at=at):
        return
    order = remedies.Order(
        finding=ruling.finding,
        ruling=ruling.pk,
        by=by,
        at=at,
        member=ruling.names,
        office=Office(remedy.office) if remedy.office else None,
    )
    touched = remedies.perform(RemedyKind(remedy.kind), order)
    leaf = ledger.append(
        guild=ruling.guild_id,
        kind=LeafKind.REMEDY_DONE,
        actor=SYSTEM,
        subjects=[str(ruling.finding_id), str(ruling.pk)],
        policy_set=policy_set,
        detail={"remedy": remedy.kind, "touched": touched},
    )
    Remedy.objects.filter(pk=remedy.pk).update(touched=touched, leaf=leaf.index)
