"""Deciding about findings: who takes one up, what is ruled, who confirms it. A human always, and each step
a leaf.

Order of locks, as everywhere: the guild's ledger first, then the rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices.selectors import as_now
from governance.oversight import effect, remedies
from governance.oversight.access import enforcers_of, is_named, maker_may_rule, proposal_of, resource_of
from governance.oversight.enums import NEED_TWO, RemedyKind, RemedyState, RulingState, Verdict
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.ruling_models import Remedy, Ruling
from governance.oversight.wording import digest_of, plain_reasons
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

UNDECIDED = (FindingState.OPEN, FindingState.ASSIGNED)
"""States in which a finding waits for a ruling."""


@dataclass(frozen=True)
class Draft:
    """What an enforcer wants to rule. `names` is whom it holds responsible, `office` what it suspends."""

    verdict: Verdict
    reasons: str
    remedies: Collection[RemedyKind] = ()
    names: Membership | None = None
    office: Office | None = None

    @property
    def needs_two(self) -> bool:
        return any(kind in NEED_TWO for kind in self.remedies)


@transaction.atomic
def assign(*, finding: Finding, by: Membership, to: Membership | None) -> Finding:
    """Give a finding to an enforcer, or back to all of them (None). Giving it twice is giving it once.

    Raises Denied, Unfit for somebody who is no enforcer, NotNow for what is ruled on already.
    """
    ledger.hold(guild=finding.guild_id)
    decision = require(actor=as_now(by), action=Action.ASSIGN_FINDING, resource=resource_of(finding))
    if to is not None and to.pk not in {enforcer.pk for enforcer in enforcers_of(by.guild_id)}:
        raise Unfit("to", "Choose an enforcer of this guild.")
    held = locked(finding)
    if held.state not in UNDECIDED:
        raise NotNow("This finding is ruled on already, so it is nobody's to rule on.")
    if to is not None and (waiting := proposed_on(held)) is not None and is_named(to, waiting):
        raise Unfit("to", "A ruling that waits on this finding names this enforcer: choose another.")
    if held.assigned_to_id == (to.pk if to else None):
        return held
    held.assigned_to = to
    held.state = FindingState.OPEN if to is None else FindingState.ASSIGNED
    held.save(update_fields=["assigned_to", "state"])
    detail = {"to": to and to.pseudonym}
    _record(LeafKind.FINDING_ASSIGNED, held, by=by, decision=decision, detail=detail)
    return held


@transaction.atomic
def rule(*, finding: Finding, by: Membership, draft: Draft) -> Ruling:
    """Rule on a finding. With a remedy that needs two it only proposes, until a second enforcer confirms it.

    Raises Denied, Unfit, and NotNow when it was ruled on meanwhile.
    """
    reasons = plain_reasons(draft.reasons, field="reasons")
    ledger.hold(guild=finding.guild_id)
    decision = require(actor=as_now(by), action=Action.RULE_ON_FINDING, resource=resource_of(finding))
    held = locked(finding)
    _refuse_what_is_ruled_on(held)
    _refuse_what_does_not_fit(draft, held)
    identity = uuid4()
    leaf = _record(
        LeafKind.RULING_MADE,
        held,
        by=by,
        decision=decision,
        ruling=identity,
        detail={
            "verdict": draft.verdict.value,
            "reasons": digest_of(reasons),
            "remedies": sorted(kind.value for kind in draft.remedies),
            "names": draft.names and draft.names.pseudonym,
            "office": draft.office and draft.office.value,
            "needs_two": draft.needs_two,
        },
    )
    ruling = Ruling.objects.create(
        id=identity,
        guild_id=held.guild_id,
        finding=held,
        ruled_by=by,
        verdict=draft.verdict,
        reasons=reasons,
        names=draft.names,
        state=RulingState.PROPOSED if draft.needs_two else RulingState.IN_FORCE,
        at=leaf.at,
        leaf=leaf.index,
    )
    _order(ruling, draft)
    if not draft.needs_two:
        effect.take(ruling, by=by, policy_set=decision.policy_set, at=leaf.at)
    return ruling


@transaction.atomic
def confirm(*, ruling: Ruling, by: Membership) -> Ruling:
    """Let a proposed ruling take effect, as a second enforcer. Confirming twice is confirming once.

    Raises Denied for whoever made it, NotNow for one that was declined, or that was made by somebody who may
    not rule any more.
    """
    ledger.hold(guild=ruling.guild_id)
    resource = proposal_of(ruling, to=by)
    decision = require(actor=as_now(by), action=Action.CONFIRM_RULING, resource=resource)
    _refuse_without_its_maker(ruling)
    now = timezone.now()
    if not _settle(ruling, RulingState.IN_FORCE, by=by, at=now):
        if ruling.state == RulingState.DECLINED:
            raise NotNow("This ruling was not confirmed and has no effect: rule on the finding anew.")
        return ruling
    _second(ruling, LeafKind.RULING_CONFIRMED, by=by, decision=decision)
    effect.take(ruling, by=by, policy_set=decision.policy_set, at=now)
    return ruling


@transaction.atomic
def decline(*, ruling: Ruling, by: Membership) -> Ruling:
    """Let a proposed ruling fall: a second enforcer does not confirm it, or its maker takes it back.

    The finding waits for another ruling. Declining twice is declining once. Raises Denied, and NotNow for one
    that took effect.
    """
    ledger.hold(guild=ruling.guild_id)
    resource = proposal_of(ruling, to=by)
    decision = require(actor=as_now(by), action=Action.RULE_ON_FINDING, resource=resource)
    if not _settle(ruling, RulingState.DECLINED, by=by, at=timezone.now()):
        if ruling.state != RulingState.DECLINED:
            raise NotNow("This ruling has taken effect: whoever it touches may appeal it.")
        return ruling
    Remedy.objects.filter(guild_id=ruling.guild_id, ruling_id=ruling.pk).update(state=RemedyState.FALLEN)
    _second(ruling, LeafKind.RULING_DECLINED, by=by, decision=decision)
    return ruling


def proposed_on(finding: Finding) -> Ruling | None:
    """The ruling on a finding that waits for a second enforcer, with whom it names."""
    proposed = finding.rulings.filter(guild_id=finding.guild_id, state=RulingState.PROPOSED)
    return proposed.select_related("names").first()


def locked(finding: Finding) -> Finding:
    """The row as it is now, held until the transaction ends; call `ledger.hold` first."""
    return Finding.objects.select_for_update(of=("self",)).get(guild_id=finding.guild_id, pk=finding.pk)


def _refuse_what_is_ruled_on(finding: Finding) -> None:
    if finding.state not in UNDECIDED:
        raise NotNow("This finding was ruled on already: reload the page to see the ruling.")
    if proposed_on(finding) is not None:
        raise NotNow("A ruling on this finding waits for a second enforcer, who confirms or declines it.")


def _refuse_without_its_maker(ruling: Ruling) -> None:
    """It takes two: a proposal stands for as long as whoever made it may rule."""
    ruling.refresh_from_db(fields=["state", "second", "second_at"])
    ruling.ruled_by = as_now(ruling.ruled_by)
    if ruling.is_proposed and not maker_may_rule(ruling):
        raise NotNow(
            "Whoever made this ruling is no enforcer any more, so it cannot take effect: do not confirm it, "
            "and rule on the finding anew."
        )


def _refuse_what_does_not_fit(draft: Draft, finding: Finding) -> None:
    """Raises Unfit for what could not take effect as it is drafted."""
    kinds = set(draft.remedies)
    if draft.verdict is not Verdict.UPHELD and kinds - {RemedyKind.NOTIFY, RemedyKind.LIFT}:
        raise Unfit("remedies", "Only what is upheld is remedied: choose no remedy, or uphold the finding.")
    if kinds - set(remedies.fitting(finding)):
        raise Unfit("remedies", "One of these remedies cannot do anything about this finding: leave it out.")
    if RemedyKind.SUSPEND in kinds and (draft.names is None or draft.office is None):
        raise Unfit("office", "Choose whose office is to be suspended.")
    if RemedyKind.SUSPEND not in kinds and draft.office is not None:
        raise Unfit("remedies", "Choose the remedy that suspends an office, or no office.")
    if draft.office is Office.DREAMER:
        raise Unfit("office", "Nobody is suspended from dreaming: choose an office.")
    if draft.office is not None and draft.names is not None and draft.office not in draft.names.offices:
        raise Unfit("office", f"{draft.names.display_name} does not hold this office.")


def _order(ruling: Ruling, draft: Draft) -> None:
    """The rows of what the ruling orders; none has any effect yet."""
    Remedy.objects.bulk_create(
        Remedy(
            guild_id=ruling.guild_id,
            ruling=ruling,
            kind=kind,
            office=draft.office if kind is RemedyKind.SUSPEND and draft.office else "",
        )
        for kind in sorted(draft.remedies)
    )


def _settle(ruling: Ruling, state: RulingState, *, by: Membership, at: datetime) -> bool:
    """Move a proposed ruling on; whether it was still proposed. Either way the row is as it is now."""
    proposed = Ruling.objects.filter(guild_id=ruling.guild_id, pk=ruling.pk, state=RulingState.PROPOSED)
    moved = bool(proposed.update(state=state, second=by, second_at=at))
    ruling.refresh_from_db(fields=["state", "second", "second_at"])
    return moved


def _second(ruling: Ruling, kind: LeafKind, *, by: Membership, decision: Decision) -> None:
    """The leaf of what the second enforcer did."""
    leaf = _record(kind, ruling.finding, by=by, decision=decision, ruling=ruling.pk)
    ruling.second_leaf = leaf.index
    ruling.save(update_fields=["second_leaf"])


def _record(
    kind: LeafKind,
    finding: Finding,
    *,
    by: Membership,
    decision: Decision,
    ruling: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Leaf:
    subjects: Sequence[UUID] = [finding.pk] if ruling is None else [finding.pk, ruling]
    return ledger.append(
        guild=finding.guild_id,
        kind=kind,
        actor=by.pseudonym,
        subjects=[str(subject) for subject in subjects],
        policy_set=decision.policy_set,
        detail=detail or {},
    )
