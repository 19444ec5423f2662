"""Casting a ballot, changing it, and what is said to objections. Call inside the guild's tenant.

The database's clock decides what is late, at the moment the ballot is written: one at the very instant at
which voting ends is. A voter has one ballot, whatever is pressed how often and wherever at once.
"""

import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from governance.deliberation import announcing, clock, receipts
from governance.deliberation.choices import NONCE_BYTES, OBJECT, commitment, ranking_of
from governance.deliberation.counting import CHOICES, Method
from governance.deliberation.enums import State
from governance.deliberation.errors import NotNow, Unfit
from governance.deliberation.models import LONGEST_REASON, Ballot, Eligible, Objection, Proposal
from governance.deliberation.queue import enqueue_on_commit
from governance.deliberation.receipts import Kept
from governance.deliberation.rules import Rules
from governance.deliberation.selectors import (
    eligible_row,
    is_alone_and_done,
    resource_of,
    version_of,
)
from governance.deliberation.services import Act, acting, locked
from governance.deliberation.wording import plain
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.models import Leaf
from governance.offices.selectors import as_now
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership

_NO_RECEIPT = (
    "You have voted in this secret vote, and nobody can tell which ballot is yours. To change it, give the "
    "receipt that you were handed when you cast it."
)


@dataclass(frozen=True)
class Cast:
    """What was cast: the ballot, what opens its commitment, and whether anything was otherwise before."""

    ballot: UUID
    choice: str
    nonce: str
    leaf: int
    changed: bool


@dataclass(frozen=True)
class _Voter(Act):
    row: Eligible
    rules: Rules


@transaction.atomic
def cast(
    *, proposal: Proposal, by: Membership, choice: str, reason: str = "", receipt: Kept | None = None
) -> Cast:
    """Cast a ballot or change it; the same choice again changes nothing. `reason` goes with an objection,
    `receipt` with the change of a secret ballot whose receipt this house does not keep.

    Raises NotNow before and after voting, Denied for whoever may not vote, Unfit for what is no choice.
    """
    voter = _admitted(proposal, by=by)
    _require_choice(voter, choice)
    if voter.rules.secret:
        done = _cast_secret(voter, choice, receipt)
    else:
        said = plain(reason, field="reason", longest=LONGEST_REASON, shortest=10) if choice == OBJECT else ""
        done = _cast_open(voter, choice)
        _object(voter, choice, said)
    if is_alone_and_done(voter.proposal):
        enqueue_on_commit(guild=voter.proposal.guild_id, proposal=voter.proposal.pk)
    return done


def _admitted(proposal: Proposal, *, by: Membership) -> _Voter:
    held = locked(proposal)
    require_open(held)
    member = as_now(by)
    row = eligible_row(held, member)
    decision = require(
        actor=member,
        action=Action.CAST_BALLOT,
        resource=resource_of(held),
        eligible=row is not None,
        open=held.state == State.OPEN,
    )
    if row is None:
        raise NotNow("You are not on the list of who may vote on this.")
    return _Voter(member, held, decision, row, Rules.kept(held.law))


def require_open(proposal: Proposal) -> None:
    """Raises NotNow, saying why no ballot is taken now."""
    if proposal.state == State.WITHDRAWN:
        raise NotNow("This proposal was withdrawn, so there is nothing to vote on.")
    if proposal.is_before_opening:
        raise NotNow("Voting on this has not opened yet.")
    if proposal.has_ended or proposal.closes_at is None:
        raise NotNow("Voting on this has ended, so your ballot was not taken.")
    if clock.database_now() >= proposal.closes_at:
        raise NotNow("Voting has ended and is being counted, so your ballot was not taken.")


def _require_choice(voter: _Voter, choice: str) -> None:
    if choice in CHOICES[voter.rules.method]:
        return
    if voter.rules.method is not Method.RANKED:
        raise Unfit("choice", "Choose one of the answers.")
    try:
        ranking_of(choice, options=len(version_of(voter.proposal).options))
    except ValueError:
        raise Unfit("choice", "Give each option that you rank a place, or abstain.") from None


def _cast_open(voter: _Voter, choice: str) -> Cast:
    """One row a voter: the lock of the proposal orders two at once, and the constraint holds them to it."""
    found = Ballot.objects.filter(
        guild_id=voter.proposal.guild_id, proposal=voter.proposal, member=voter.by
    ).first()
    if found is not None and found.choice == choice:
        return Cast(found.pk, choice, bytes(found.nonce).hex(), found.leaf, changed=False)
    fresh = _fresh(voter, choice, ballot=found.pk if found else uuid4())
    if found is None:
        leaf = _leaf(voter, fresh, actor=voter.by.pseudonym, supersedes="")
        fresh.member, fresh.leaf, fresh.cast_at = voter.by, leaf.index, leaf.at
        fresh.save(force_insert=True)
        _mark_voted(voter)
    else:
        leaf = _leaf(voter, fresh, actor=voter.by.pseudonym, supersedes=str(found.leaf))
        Ballot.objects.filter(pk=found.pk).update(
            choice=choice,
            nonce=fresh.nonce,
            commitment=fresh.commitment,
            leaf=leaf.index,
            changes=found.changes + 1,
            changed_at=leaf.at,
        )
    return Cast(fresh.pk, choice, fresh.nonce.hex(), leaf.index, changed=True)


def _cast_secret(voter: _Voter, choice: str, receipt: Kept | None) -> Cast:
    """A ballot without a name. Whoever has voted shows the ballot that they replace, by its nonce."""
    before = _shown(voter, receipt) if voter.row.voted else None
    if before is not None and before.choice == choice:
        return Cast(before.pk, choice, bytes(before.nonce).hex(), before.leaf, changed=False)
    fresh = _fresh(voter, choice, ballot=uuid4())
    if before is None:
        _mark_voted(voter)
    else:
        fresh.changes = before.changes + 1
        Ballot.objects.filter(pk=before.pk).update(superseded=True)
    fresh.leaf = _leaf(voter, fresh, actor=SYSTEM, supersedes=str(before.pk) if before else "").index
    fresh.save(force_insert=True)
    kept = Kept(fresh.pk, fresh.nonce.hex(), choice)
    receipts.keep(dreamer=voter.by.dreamer_id, proposal=voter.proposal.pk, kept=kept)
    return Cast(fresh.pk, choice, kept.nonce, fresh.leaf, changed=True)


def _shown(voter: _Voter, receipt: Kept | None) -> Ballot:
    """The ballot that the voter's receipt opens. Whoever has voted replaces their own ballot, and nobody's
    whose receipt they hold besides. Raises Unfit where it opens none of theirs that still counts.
    """
    own = receipts.receipt_of(voter.by.dreamer_id, voter.proposal.pk)
    kept = receipt or own
    if kept is None:
        raise Unfit("receipt", _NO_RECEIPT)
    if own is not None and kept.ballot != own.ballot:
        raise Unfit("receipt", "This receipt opens no ballot of yours that still counts.")
    found = Ballot.objects.filter(
        guild_id=voter.proposal.guild_id, proposal=voter.proposal, pk=kept.ballot, superseded=False
    ).first()
    shown = kept.nonce.lower().encode(errors="replace")
    if found is None or not hmac.compare_digest(bytes(found.nonce).hex().encode(), shown):
        raise Unfit("receipt", "This receipt opens no ballot of this vote that still counts.")
    return found


def _fresh(voter: _Voter, choice: str, *, ballot: UUID) -> Ballot:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Ballot(
        id=ballot,
        guild_id=voter.proposal.guild_id,
        proposal=voter.proposal,
        choice=choice,
        nonce=nonce,
        commitment=commitment(proposal=voter.proposal.pk, choice=choice, nonce=nonce),
    )


def _leaf(voter: _Voter, ballot: Ballot, *, actor: UUID | str, supersedes: str) -> Leaf:
    return ledger.append(
        guild=voter.proposal.guild_id,
        kind=LeafKind.BALLOT_CAST,
        actor=actor,
        subjects=[str(voter.proposal.pk), str(ballot.pk)],
        policy_set=voter.decision.policy_set,
        detail={"commitment": ballot.commitment, "supersedes": supersedes},
    )


def _mark_voted(voter: _Voter) -> None:
    """Once: whoever finds it marked has cast a ballot meanwhile."""
    if not Eligible.objects.filter(pk=voter.row.pk, voted=False).update(voted=True):
        raise NotNow("You have voted already. Reload the page to see your ballot, and change it there.")


def _object(voter: _Voter, choice: str, reason: str) -> None:
    """Note a new objection, or that an earlier one was lifted by choosing something else."""
    held = Objection.objects.filter(
        guild_id=voter.proposal.guild_id, proposal=voter.proposal, member=voter.by
    ).first()
    moment = clock.database_now()
    if choice != OBJECT:
        if held is not None and held.lifted_at is None:
            held.lifted_at = moment
            held.save(update_fields=["lifted_at"])
        return
    if held is None:
        held = Objection(guild_id=voter.proposal.guild_id, proposal=voter.proposal, member=voter.by)
    if held.reason != reason or held.lifted_at is not None:
        held.reason, held.at, held.lifted_at = reason, moment, None
        held.answer, held.answered_at, held.answered_leaf = "", None, None
        held.save()
        announcing.objected(held, voter.proposal)


@transaction.atomic
def answer(*, objection: Objection, by: Membership, text: str) -> Objection:
    """Answer an objection, as the proposal's author; whoever objected may lift it then.

    Raises Denied, NotNow, Unfit.
    """
    act = acting(objection.proposal, by=by, action=Action.ANSWER_OBJECTION)
    require_open(act.proposal)
    rows = Objection.objects.select_related("member", "proposal__guild")
    row = rows.get(guild_id=act.proposal.guild_id, pk=objection.pk)
    if row.lifted_at is not None:
        raise NotNow("This objection was lifted, so it needs no answer.")
    row.answer = plain(text, field="answer", longest=LONGEST_REASON, shortest=10)
    leaf = act.record(LeafKind.OBJECTION_ANSWERED, row.pk)
    row.answered_at, row.answered_leaf = leaf.at, leaf.index
    row.save(update_fields=["answer", "answered_at", "answered_leaf"])
    announcing.answered(row, leaf=leaf.index, by=act.by)
    return row
