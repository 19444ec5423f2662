"""Asking that a ruling be looked at again, and answering. Whoever had a part in it does not answer."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from governance.audits import deadlines
from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.offices import suspending
from governance.offices.selectors import as_now
from governance.oversight import announcing
from governance.oversight.access import is_concerned, resource_of, ruled_on
from governance.oversight.enums import Outcome, RemedyKind, RemedyState, RulingState
from governance.oversight.errors import NotNow
from governance.oversight.ruling_models import Appeal, Remedy, Reminder, Ruling
from governance.oversight.wording import digest_of, plain_reasons
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership


@transaction.atomic
def appeal(*, ruling: Ruling, by: Membership, reasons: str) -> Appeal:
    """Appeal a ruling, as somebody it touches, within its appeal period. Appealing twice is appealing once.

    Raises Denied, Unfit, and NotNow when it is over or another appealed it.
    """
    words = plain_reasons(reasons, field="reasons")
    ledger.hold(guild=ruling.guild_id)
    decision = require(
        actor=as_now(by),
        action=Action.APPEAL_RULING,
        resource=resource_of(ruling.finding),
        concerned=is_concerned(by, ruling),
    )
    of_it = Appeal.objects.filter(guild_id=ruling.guild_id, ruling_id=ruling.pk)
    made = of_it.select_related("made_by").first()
    if made is not None and made.made_by.dreamer_id == by.dreamer_id:
        return made
    now = timezone.now()
    if (
        made is not None
        or not is_open_to_appeal(ruling, at=now)
        or not _move(ruling.finding, FindingState.RULED, FindingState.APPEALED)
    ):
        raise NotNow("This ruling cannot be appealed any more: an appeal was made, or its time is over.")
    identity = uuid4()
    leaf = ledger.append(
        guild=ruling.guild_id,
        kind=LeafKind.APPEAL_MADE,
        actor=by.pseudonym,
        subjects=[str(ruling.finding_id), str(ruling.pk), str(identity)],
        policy_set=decision.policy_set,
        detail={"reasons": digest_of(words)},
        at=now,
    )
    return Appeal.objects.create(
        id=identity,
        guild_id=ruling.guild_id,
        ruling=ruling,
        made_by=by,
        reasons=words,
        at=now,
        due_at=deadlines.due(ruling.finding.severity, since=now),
        leaf=leaf.index,
    )


@transaction.atomic
def decide(*, appeal: Appeal, by: Membership, outcome: Outcome, answer: str) -> Appeal:
    """Answer an appeal. Upheld, the finding is closed; overturned, the ruling falls, what can be given back
    is given back, and the finding waits for another ruling.

    Raises Denied for whoever had a part in it, Unfit, and NotNow when it was answered otherwise meanwhile.
    """
    words = plain_reasons(answer, field="answer")
    ledger.hold(guild=appeal.guild_id)
    ruling = Ruling.objects.select_related("finding", "ruled_by__guild", "second", "names").get(
        guild_id=appeal.guild_id, pk=appeal.ruling_id
    )
    resource = ruled_on(ruling, to=by, appeal=appeal)
    decision = require(actor=as_now(by), action=Action.DECIDE_APPEAL, resource=resource)
    now = timezone.now()
    open_still = Appeal.objects.filter(guild_id=appeal.guild_id, pk=appeal.pk, outcome="")
    if not open_still.update(outcome=outcome, decided_by=by, decided_at=now, answer=words):
        appeal.refresh_from_db()
        if (appeal.outcome, appeal.decided_by_id) != (outcome, by.pk):
            raise NotNow("This appeal was answered already: reload the page to see the answer.")
        return appeal
    leaf = ledger.append(
        guild=appeal.guild_id,
        kind=LeafKind.APPEAL_DECIDED,
        actor=by.pseudonym,
        subjects=[str(ruling.finding_id), str(ruling.pk), str(appeal.pk)],
        policy_set=decision.policy_set,
        detail={"outcome": outcome.value, "reasons": digest_of(words)},
        at=now,
    )
    Appeal.objects.filter(pk=appeal.pk).update(decided_leaf=leaf.index)
    if outcome is Outcome.UPHELD:
        _move(ruling.finding, FindingState.APPEALED, FindingState.CLOSED)
    else:
        _overturn(ruling, by=by, at=now)
    appeal.refresh_from_db()
    announcing.answered(appeal, ruling, guild=by.guild, at=now)
    return appeal


def is_open_to_appeal(ruling: Ruling, *, at: datetime) -> bool:
    """Whether a ruling is in force and its appeal period is not over."""
    return (
        ruling.state == RulingState.IN_FORCE
        and ruling.in_force_at is not None
        and at < ruling.in_force_at + deadlines.APPEAL_PERIOD
    )


def close_settled(*, guild: UUID, now: datetime | None = None) -> int:
    """Close what was ruled on and not appealed in time; how many. Enters the guild's tenant itself."""
    moment = now or timezone.now()
    with tenant(guild=guild):
        ledger.hold(guild=guild)
        settled = Ruling.objects.filter(
            guild_id=guild,
            state=RulingState.IN_FORCE,
            in_force_at__lte=moment - deadlines.APPEAL_PERIOD,
            finding__state=FindingState.RULED,
        ).select_related("finding")
        return sum(_close(ruling, at=moment) for ruling in settled)


def _close(ruling: Ruling, *, at: datetime) -> bool:
    if not _move(ruling.finding, FindingState.RULED, FindingState.CLOSED):
        return False
    ledger.append(
        guild=ruling.guild_id,
        kind=LeafKind.FINDING_CLOSED,
        actor=SYSTEM,
        subjects=[str(ruling.finding_id), str(ruling.pk)],
        at=at,
    )
    return True


def _overturn(ruling: Ruling, *, by: Membership, at: datetime) -> None:
    """What a key sealed is gone for good; an office comes back. The finding waits anew, with new time."""
    Ruling.objects.filter(pk=ruling.pk, state=RulingState.IN_FORCE).update(state=RulingState.OVERTURNED)
    if suspending.restore(guild=by.guild, ruling=ruling.pk):
        Remedy.objects.filter(guild_id=ruling.guild_id, ruling_id=ruling.pk, kind=RemedyKind.SUSPEND).update(
            state=RemedyState.LIFTED
        )
    Reminder.objects.filter(guild_id=ruling.guild_id, about=ruling.finding_id).delete()
    due_at = deadlines.due(ruling.finding.severity, since=at)
    Finding.objects.filter(
        guild_id=ruling.guild_id, pk=ruling.finding_id, state=FindingState.APPEALED
    ).update(state=FindingState.OPEN, assigned_to=None, due_at=due_at)


def _move(finding: Finding, source: FindingState, target: FindingState) -> bool:
    """By compare-and-swap; whether it was in `source`."""
    held = Finding.objects.filter(guild_id=finding.guild_id, pk=finding.pk, state=source)
    if not held.update(state=target):
        return False
    finding.state = target
    return True
