"""Drafting a proposal, sponsoring it, amending it and taking it back. Call inside the guild's tenant.

Order of locks, everywhere in this room: the guild's ledger first (`ledger.hold`), then the proposal's row.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from governance.deliberation import announcing, clock
from governance.deliberation.drafts import Draft, check_document, fit
from governance.deliberation.enums import AmendmentState, Kind, State
from governance.deliberation.errors import NotNow, Unfit
from governance.deliberation.models import (
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Amendment,
    Proposal,
    Sponsor,
    Version,
)
from governance.deliberation.selectors import resource_of, sponsors_needed, sponsors_of, version_of
from governance.deliberation.wording import plain, plain_title
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices.selectors import as_now
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Act:
    """Somebody doing something to a proposal: both as they are now, and the law's word on it."""

    by: Membership
    proposal: Proposal
    decision: Decision

    def record(self, kind: LeafKind, *subjects: UUID, **detail: object) -> Leaf:
        """A leaf about the proposal."""
        return ledger.append(
            guild=self.proposal.guild_id,
            kind=kind,
            actor=self.by.pseudonym,
            subjects=[str(self.proposal.pk), *map(str, subjects)],
            policy_set=self.decision.policy_set,
            detail=detail,
        )


def acting(proposal: Proposal, *, by: Membership, action: Action) -> Act:
    """Take the ledger and the proposal's row, and ask the law. Raises Denied."""
    held = locked(proposal)
    member = as_now(by)
    decision = require(actor=member, action=action, resource=resource_of(held))
    return Act(member, held, decision)


def locked(proposal: Proposal) -> Proposal:
    """The row as it is now, held until the transaction ends; the ledger is taken first."""
    ledger.hold(guild=proposal.guild_id)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("guild", "author")
    return rows.get(guild_id=proposal.guild_id, pk=proposal.pk)


@transaction.atomic
def propose(*, by: Membership, draft: Draft) -> Proposal:
    """A new proposal, as a draft for others to sponsor. Raises Denied, Unfit."""
    ledger.hold(guild=by.guild_id)
    member = as_now(by)
    decision = require(actor=member, action=Action.PROPOSE, resource=entities.guild(by.guild_id))
    fitting = fit(draft, guild=member.guild, now=clock.database_now())
    return begin(by=member, draft=fitting, law=decision.policy_set)


def begin(*, by: Membership, draft: Draft, law: str, petition: UUID | None = None) -> Proposal:
    """Write a fitting draft with its first version. The ledger is held."""
    proposal = Proposal(
        id=uuid4(),
        guild=by.guild,
        kind=draft.kind,
        method=draft.method,
        author=by,
        title=draft.title,
        secret=draft.secret,
        opens_at=draft.opens_at,
        petition=petition,
    )
    detail = {"kind": str(draft.kind), "version": 1, "digest": draft.digest, "petition": petition}
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.PROPOSAL_DRAFTED,
        actor=by.pseudonym,
        subjects=[str(proposal.pk)],
        policy_set=law,
        detail=detail,
    )
    proposal.leaf = leaf.index
    proposal.state = State.DRAFT
    proposal.save(force_insert=True)
    _write_version(proposal, draft, number=1, leaf=leaf.index)
    _weigh(proposal)
    return proposal


def _write_version(
    proposal: Proposal, draft: Draft, *, number: int, leaf: int, amendment: UUID | None = None
) -> None:
    Version.objects.create(
        guild_id=proposal.guild_id,
        proposal=proposal,
        number=number,
        title=draft.title,
        text=draft.text,
        document=dict(draft.document),
        options=list(draft.options),
        amendment=amendment,
        digest=draft.digest,
        leaf=leaf,
    )


def _weigh(proposal: Proposal) -> None:
    """Whether enough sponsor what it says now: then the clock may open it."""
    enough = len(sponsors_of(proposal)) >= sponsors_needed(proposal, proposal.guild)
    proposal.state = State.SPONSORED if enough else State.DRAFT
    proposal.hindrance = ""
    proposal.save(update_fields=["state", "hindrance"])


@transaction.atomic
def revise(
    *, proposal: Proposal, by: Membership, title: str, text: str, document: dict | None = None
) -> Version:
    """Another version, by its author; whoever sponsored the one before must do so again. The same words
    again change nothing. Raises Denied, NotNow, Unfit.
    """
    act = acting(proposal, by=by, action=Action.REVISE_PROPOSAL)
    return _revise(act, title=title, text=text, document=document)


def _revise(
    act: Act, *, title: str, text: str, document: dict | None, amendment: UUID | None = None
) -> Version:
    held = act.proposal
    _require_before_opening(held)
    before = version_of(held)
    draft = _next_draft(act, before, title=title, text=text, document=document)
    if draft.digest == before.digest:
        return before
    number, sponsors = held.current + 1, sponsors_of(held)
    leaf = act.record(LeafKind.PROPOSAL_REVISED, version=number, digest=draft.digest, amendment=amendment)
    _write_version(held, draft, number=number, leaf=leaf.index, amendment=amendment)
    held.current, held.title = number, draft.title
    held.save(update_fields=["current", "title"])
    _weigh(held)
    announcing.revised(held, sponsors, by=act.by)
    return version_of(held)


def _next_draft(act: Act, before: Version, *, title: str, text: str, document: dict | None) -> Draft:
    held = act.proposal
    draft = Draft(
        kind=Kind(held.kind),
        title=plain_title(title, longest=LONGEST_TITLE),
        text=plain(text, field="text", longest=LONGEST_TEXT, shortest=10),
        document=before.document if document is None else document,
        options=before.options,
    )
    check_document(draft.kind, draft.document, guild=held.guild)
    return draft


@transaction.atomic
def sponsor(*, proposal: Proposal, by: Membership, version: int) -> Sponsor:
    """Ask for this version to be voted on; a second time changes nothing. Raises Denied, and NotNow for a
    version that is no longer the current one.
    """
    act = acting(proposal, by=by, action=Action.SPONSOR_PROPOSAL)
    held = act.proposal
    if version != held.current:
        raise NotNow("The proposal has another version by now. Read it again, and sponsor what it says now.")
    _require_before_opening(held)
    made = Sponsor.objects.filter(
        guild_id=held.guild_id, proposal=held, member=act.by, version=version
    ).first()
    if made is None:
        leaf = act.record(LeafKind.PROPOSAL_SPONSORED, version=version, digest=version_of(held).digest)
        made = Sponsor.objects.create(
            guild_id=held.guild_id, proposal=held, member=act.by, version=version, leaf=leaf.index
        )
        _weigh(held)
    return made


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Membership) -> Proposal:
    """Take one's own proposal back, before voting opens. Raises Denied, NotNow."""
    act = acting(proposal, by=by, action=Action.WITHDRAW_PROPOSAL)
    held = act.proposal
    if held.state == State.WITHDRAWN:
        return held
    _require_before_opening(held)
    leaf = act.record(LeafKind.PROPOSAL_WITHDRAWN)
    held.state, held.withdrawn_at, held.withdrawn_leaf = State.WITHDRAWN, leaf.at, leaf.index
    held.save(update_fields=["state", "withdrawn_at", "withdrawn_leaf"])
    return held


@transaction.atomic
def amend(
    *,
    proposal: Proposal,
    by: Membership,
    title: str,
    text: str,
    document: dict | None = None,
    because: str = "",
) -> Amendment:
    """Offer other words for the version as it is now. Raises Denied, NotNow, Unfit."""
    act = acting(proposal, by=by, action=Action.AMEND_PROPOSAL)
    held = act.proposal
    _require_before_opening(held)
    before = version_of(held)
    draft = _next_draft(act, before, title=title, text=text, document=document)
    if draft.digest == before.digest:
        raise Unfit("text", "This is what the proposal says already: change something.")
    reason = because.strip() and plain(because, field="because", longest=LONGEST_REASON)
    made = Amendment(
        id=uuid4(),
        guild_id=held.guild_id,
        proposal=held,
        made_for=held.current,
        by=act.by,
        title=draft.title,
        text=draft.text,
        document=dict(draft.document),
        because=reason,
    )
    leaf = act.record(LeafKind.AMENDMENT_OFFERED, made.pk, version=held.current, digest=draft.digest)
    made.leaf = leaf.index
    made.save(force_insert=True)
    announcing.amended(made)
    return made


@transaction.atomic
def accept(*, amendment: Amendment, by: Membership) -> Version:
    """Take an amendment over as the next version. Raises Denied, and NotNow where it was decided, or was made
    for a version that has changed since.
    """
    act, row = _deciding(amendment, by=by)
    if row.made_for != act.proposal.current:
        raise NotNow(
            "The proposal has another version since this amendment was offered: decline it, and ask for one "
            "that fits what the proposal says now."
        )
    made = _revise(act, title=row.title, text=row.text, document=row.document, amendment=row.pk)
    _decide(act, row, AmendmentState.ACCEPTED, answer="")
    return made


@transaction.atomic
def decline(*, amendment: Amendment, by: Membership, answer: str) -> Amendment:
    """Say why an amendment is not taken over. Raises Denied, NotNow, Unfit."""
    act, row = _deciding(amendment, by=by)
    said = plain(answer, field="answer", longest=LONGEST_REASON, shortest=10)
    return _decide(act, row, AmendmentState.DECLINED, answer=said)


def _deciding(amendment: Amendment, *, by: Membership) -> tuple[Act, Amendment]:
    act = acting(amendment.proposal, by=by, action=Action.DECIDE_AMENDMENT)
    _require_before_opening(act.proposal)
    rows = Amendment.objects.select_related("by", "proposal__guild")
    row = rows.get(guild_id=act.proposal.guild_id, pk=amendment.pk)
    if row.state != AmendmentState.OPEN:
        raise NotNow("This amendment has been decided already.")
    return act, row


def _decide(act: Act, row: Amendment, state: AmendmentState, *, answer: str) -> Amendment:
    leaf = act.record(LeafKind.AMENDMENT_DECIDED, row.pk, state=state.value)
    row.state, row.answer = state, answer
    row.decided_at, row.decided_leaf = leaf.at, leaf.index
    row.save(update_fields=["state", "answer", "decided_at", "decided_leaf"])
    announcing.decided(row, by=act.by)
    return row


def _require_before_opening(proposal: Proposal) -> None:
    if proposal.state == State.WITHDRAWN:
        raise NotNow("This proposal was withdrawn.")
    if not proposal.is_before_opening:
        raise NotNow("Voting on this proposal has opened, so it stays as it is.")
