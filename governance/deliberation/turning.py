"""What the clock does to proposals: it opens those that are due, and counts those whose time is over.
And it makes proposals of the petitions that have enough signatures by now.

Nobody's looking at a page opens or ends anything. Each step holds the ledger and the proposal's row, asks
what state it is in, and so happens once, however often it is asked for.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from governance.deliberation import announcing, clock, nudging, petitions
from governance.deliberation.counting import Outcome, Result
from governance.deliberation.counts import counted
from governance.deliberation.documents import canonical, digest
from governance.deliberation.drafts import check_document
from governance.deliberation.enums import Kind, State
from governance.deliberation.errors import Unfit
from governance.deliberation.models import Count, Eligible, Proposal
from governance.deliberation.outcomes import OutcomeRefused, hand_of
from governance.deliberation.rules import rules_for
from governance.deliberation.selectors import (
    due_in,
    is_alone_and_done,
    is_sponsored_meanwhile,
    sponsors_needed,
    sponsors_of,
    version_of,
)
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import every_guild

logger = logging.getLogger(__name__)


def turn_every_guild() -> int:
    """Do what is due, guild by guild; how many proposals and petitions moved. One that cannot be keeps no
    other from it.
    """
    moved = 0
    for guild in every_guild():
        moved += sum(_attended(partial(turn, guild=guild, proposal=one)) for one in _found(guild, _due))
        ready = _found(guild, petitions.ready_in)
        moved += sum(_attended(partial(petitions.carry, guild=guild, petition=one)) for one in ready)
        _nudge(guild)
    return moved


def _due(guild: UUID) -> list[UUID]:
    return due_in(guild, now=clock.database_now())


def _found(guild: UUID, look: Callable[[UUID], list[UUID]]) -> list[UUID]:
    try:
        with tenant(guild=guild):
            return look(guild)
    except Exception as error:  # noqa: BLE001 - whatever is wrong in one guild, the others are attended to
        logger.error("A guild could not be looked through for what is due (%s).", type(error).__name__)
        return []


def _attended(act: Callable[[], bool]) -> bool:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - whatever one stumbles over, the others go on
        logger.error("A proposal or a petition could not be attended to (%s).", type(error).__name__)
        return False


def _nudge(guild: UUID) -> None:
    try:
        with tenant(guild=guild):
            nudging.nudge(guild, now=clock.database_now())
    except Exception as error:  # noqa: BLE001 - whatever is wrong in one guild, the others are told
        logger.error("A guild could not be told of its proposals (%s).", type(error).__name__)


def turn(*, guild: UUID, proposal: UUID) -> bool:
    """Open one proposal, or end it, if that is due now; whether it moved. Enters the guild's tenant."""
    with ledger.held(guild=guild):
        rows = Proposal.objects.select_for_update(of=("self",)).select_related("guild", "author")
        held = rows.filter(guild_id=guild, pk=proposal).first()
        if held is None:
            return False
        now = clock.database_now()
        if is_sponsored_meanwhile(held):
            held.state = State.SPONSORED
            held.save(update_fields=["state"])
        if held.state == State.SPONSORED and (held.opens_at is None or held.opens_at <= now):
            return _open(held, now=now)
        if held.state == State.OPEN and _is_over(held, now=now):
            return _close(held, now=now)
        return False


def _is_over(proposal: Proposal, *, now: datetime) -> bool:
    return (proposal.closes_at is not None and now >= proposal.closes_at) or is_alone_and_done(proposal)


def _open(proposal: Proposal, *, now: datetime) -> bool:
    """Take down who may vote, and under which rules. What is not sponsored enough any more, or cannot be done
    any more, goes back to its author.
    """
    if not _still_stands(proposal):
        return True
    rules = rules_for(proposal, proposal.guild)
    version = version_of(proposal)
    voters = _snapshot(proposal)
    leaf = _record(
        proposal,
        LeafKind.PROPOSAL_OPENED,
        version=version.number,
        digest=version.digest,
        rules=rules.document(),
        eligible=len(voters),
        electorate=electorate(voters),
    )
    proposal.law, proposal.method, proposal.secret = rules.document(), rules.method.value, rules.secret
    proposal.state, proposal.opened_at, proposal.opened_leaf = State.OPEN, now, leaf.index
    proposal.closes_at = now + timedelta(hours=rules.hours)
    proposal.save(update_fields=["law", "method", "secret", "state", "opened_at", "opened_leaf", "closes_at"])
    announcing.opened(proposal)
    return True


def _still_stands(proposal: Proposal) -> bool:
    sponsors = sponsors_of(proposal)
    if len(sponsors) < sponsors_needed(proposal, proposal.guild):
        hindrance = "Not enough of its sponsors are members any more."
    else:
        try:
            check_document(Kind(proposal.kind), version_of(proposal).document, guild=proposal.guild)
        except Unfit as refusal:
            hindrance = str(refusal)
        else:
            return True
    proposal.state, proposal.hindrance = State.DRAFT, hindrance
    proposal.save(update_fields=["state", "hindrance"])
    announcing.sent_back(proposal, sponsors, leaf=max([proposal.leaf, *(one.leaf for one in sponsors)]))
    return False


def _snapshot(proposal: Proposal) -> list[str]:
    """A row for each live member; their pseudonyms."""
    members = list(Membership.objects.filter(guild_id=proposal.guild_id, ended_at=None).order_by("pseudonym"))
    Eligible.objects.bulk_create(
        Eligible(guild_id=proposal.guild_id, proposal=proposal, member=member, pseudonym=member.pseudonym)
        for member in members
    )
    return [str(member.pseudonym) for member in members]


def electorate(pseudonyms: list[str]) -> str:
    """What the log keeps of the list of who may vote: SHA-256 over it in order, one a line."""
    return sha256("\n".join(sorted(pseudonyms)).encode()).hexdigest()


def _close(proposal: Proposal, *, now: datetime) -> bool:
    """Count, write the count down, and do what was decided: all of it or nothing."""
    vote, outcome = counted(proposal, at=now)
    encoded = canonical(vote)
    Count.objects.create(
        guild_id=proposal.guild_id,
        proposal=proposal,
        document=encoded.decode(),
        digest=digest(encoded),
        at=now,
    )
    leaf = _record(
        proposal,
        LeafKind.PROPOSAL_CLOSED,
        result=outcome.result.value,
        why=outcome.why.value,
        eligible=outcome.eligible,
        voted=outcome.voted,
        counts=dict(outcome.counts),
        winners=list(outcome.winners),
        digest=digest(encoded),
    )
    proposal.state, proposal.closed_at, proposal.closed_leaf = State.CLOSED, now, leaf.index
    proposal.result = outcome.result.value
    proposal.save(update_fields=["state", "closed_at", "closed_leaf", "result"])
    _enact(proposal, outcome)
    announcing.closed(proposal)
    return True


def _enact(proposal: Proposal, outcome: Outcome) -> None:
    """Do what passed. What cannot be done any more is said, and nothing of it stays behind."""
    hand = hand_of(proposal.kind)
    if outcome.result is not Result.PASSED or hand is None:
        return
    document = version_of(proposal).document
    try:
        with transaction.atomic():
            hand.check(proposal.guild, document)
            hand.enact(guild=proposal.guild, document=document, reference=proposal.pk)
    except OutcomeRefused as refusal:
        proposal.hindrance = str(refusal)
        proposal.save(update_fields=["hindrance"])
        return
    leaf = _record(proposal, LeafKind.PROPOSAL_ENACTED, done=proposal.kind)
    proposal.state, proposal.enacted_at, proposal.enacted_leaf = State.ENACTED, leaf.at, leaf.index
    proposal.save(update_fields=["state", "enacted_at", "enacted_leaf"])


def _record(proposal: Proposal, kind: LeafKind, **detail: object) -> Leaf:
    return ledger.append(
        guild=proposal.guild_id,
        kind=kind,
        actor=SYSTEM,
        subjects=[str(proposal.pk)],
        detail=detail,
    )
