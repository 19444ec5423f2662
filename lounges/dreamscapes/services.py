"""Every write of blends: asking for one, bringing it to its end, taking it back, asking again for what
was lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from governance.consent import services as consent
from governance.consent.enums import Cause, Purpose
from governance.consent.selectors import in_force
from governance.consent.withdrawals import Withdrawal
from governance.ledger import services as ledger
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import policy_set, require
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes import recording, selectors
from lounges.dreamscapes.enums import LIVE, Because, RunState
from lounges.dreamscapes.errors import BlendUnderWay, NotToBeRetried
from lounges.dreamscapes.making import FEWEST_DREAMERS
from lounges.dreamscapes.models import BlendRun, BlendVoice
from lounges.dreamscapes.performing import perform_blend
from lounges.dreamscapes.pulse import SILENCE
from lounges.dreamscapes.queue import enqueue_on_commit
from lounges.experiences import selectors as experiences
from lounges.sessions.enums import ContributionState
from lounges.sessions.errors import NotNow
from lounges.sessions.formats import Act
from lounges.sessions.models import Session
from lounges.sessions.selectors import resource_of
from lounges.sessions.services import allowed_now

_BECAUSE = {
    Cause.WITHDRAWN: Because.WITHDRAWN,
    Cause.LESSENED: Because.SHALLOWER,
    Cause.RESTRICTED: Because.RESTRICTED,
    Cause.REVOKED: Because.ENDED,
    Cause.INVALIDATED: Because.ENDED,
}

__all__ = [
    "perform_blend",
    "renew",
    "request_blend",
    "resume_stalled",
    "retry",
    "supersede_for",
    "withdraw_from",
]


@dataclass(frozen=True)
class Superseded:
    """How many runs were ended, and the runs asked for in their place."""

    ended: int
    asked: list[BlendRun]


@transaction.atomic
def request_blend(*, session: Session, by: Membership, key: UUID) -> BlendRun:
    """Ask for a blend of what is lent to the session. The same `key` again is the same run, and asks
    nothing new.

    Call in the guild's tenant. Raises Denied (403) unless the law lets this member, NotNow (409) when the
    session or its stage does not allow it, BlendUnderWay (409) while another blend of the session has not
    ended.
    """
    ledger.hold(guild=session.guild_id)
    decision = require(
        actor=by,
        action=Action.BLEND,
        resource=resource_of(session),
        retention=law_of(by.guild).individuality_floor,
    )
    experiences.require_usable(actor=by, version=session.experience_version_id)
    held = selectors.runs_of(session).filter(key=key).first()
    if held is not None:
        return held
    locked = allowed_now(session, Act.BLEND)
    if locked.halted_at is not None:
        raise NotNow("The participants of this session stopped its blend, so no other is made in it.")
    if selectors.runs_of(session).filter(state__in=LIVE).exists():
        raise BlendUnderWay("A blend of this session is already being made: wait for its end.")
    return recording.requested(
        session=locked, by=by, key=key, policy_set=decision.policy_set, at=timezone.now()
    )


@transaction.atomic
def retry(*, run: BlendRun, by: Membership) -> BlendRun:
    """Ask again for a blend that was to take another's place and failed, whatever the session's stage. Asked
    while it is on its way again, it asks nothing new.

    Call in the guild's tenant. Raises Denied (403) unless the law lets this member, NotToBeRetried (409)
    when the run did not fail, replaces none, or too few dreamers still lend to it.
    """
    ledger.hold(guild=run.guild_id)
    decision = require(actor=by, action=Action.RETRY_BLEND, resource=resource_of(run.session))
    held = (
        BlendRun.objects.select_for_update(of=("self",))
        .select_related("session", "supersedes")
        .get(guild_id=run.guild_id, pk=run.pk)
    )
    if held.supersedes is None:
        raise NotToBeRetried("Only a blend that takes another's place is asked for again: ask for a new one.")
    if held.is_live:
        return held
    if held.state != RunState.FAILED:
        raise NotToBeRetried("This blend did not fail, so there is nothing to ask for again.")
    now = timezone.now()
    if _dreamers_left(selectors.voices_of(held.supersedes), at=now) < FEWEST_DREAMERS:
        raise NotToBeRetried(
            "Fewer than two dreamers still lend to this blend, so it cannot be made again: blend anew when "
            "another dream is lent."
        )
    recording.asked_again(held, by=by, policy_set=decision.policy_set, at=now)
    return held


@transaction.atomic
def renew(*, run: BlendRun, by: Membership) -> BlendRun:
    """Replace a dreamscape in which a dream was corrected since, whatever the session's stage; the run asked
    for in its place. Pressed twice, it asks once.

    Call in the guild's tenant. Raises Denied (403) unless the law lets this member, NotToBeRetried (409) when
    nothing in it was corrected, or too few dreamers still lend to it.
    """
    ledger.hold(guild=run.guild_id)
    require(actor=by, action=Action.RETRY_BLEND, resource=resource_of(run.session))
    held = BlendRun.objects.select_for_update(of=("self",)).get(guild_id=run.guild_id, pk=run.pk)
    following = selectors.replacement_of(held)
    if following is not None:
        return following
    if held.state != RunState.FINISHED or not selectors.is_stale(held):
        raise NotToBeRetried("No dream in this dreamscape was corrected since it was made, so it stays.")
    now = timezone.now()
    if _dreamers_left(selectors.voices_of(held), at=now) < FEWEST_DREAMERS:
        raise NotToBeRetried(
            "Fewer than two dreamers still lend to this blend, so it cannot be made again: blend anew when "
            "another dream is lent."
        )
    (asked,) = _supersede([held.pk], guild=held.guild_id, because=Because.CORRECTED, at=now).asked
    return asked


def supersede_for(withdrawal: Withdrawal) -> list[BlendRun]:
    """What follows from a withdrawal, in its transaction: the runs asked for in the place of those it ended.

    Every dreamscape made with the contribution loses its key, and with it every word. A withdrawn quote
    does the same, a lesser depth, and a nearer end: the next blend has the dream in it, and not its words,
    or no deeper and no longer than that. Runs still under way notice by themselves.
    """
    because = _because(withdrawal)
    if because is None:
        return []
    touched = BlendVoice.objects.filter(
        guild_id=withdrawal.guild, contribution_id=withdrawal.contribution
    ).values_list("run_id", flat=True)
    return _supersede(touched, guild=withdrawal.guild, because=because, at=withdrawal.at).asked


def replace_by_ruling(*, guild: UUID, runs: Iterable[UUID], at: datetime) -> int:
    """End dreamscapes because a ruling says so, and ask for them again of what is still lent; how many ended.

    Call in the guild's tenant, holding its ledger.
    """
    return _supersede(runs, guild=guild, because=Because.RULED, at=at).ended


def _because(withdrawal: Withdrawal) -> Because | None:
    if withdrawal.whole or Purpose.BLEND in withdrawal.purposes:
        return _BECAUSE[withdrawal.cause]
    if Purpose.QUOTE not in withdrawal.purposes:
        return None
    return Because.SHALLOWER if withdrawal.cause is Cause.LESSENED else Because.UNQUOTED


def _supersede(runs: Iterable[UUID], *, guild: UUID, because: Because, at: datetime) -> Superseded:
    """End finished runs and ask for them again without what is no longer lent."""
    finished = (
        BlendRun.objects.select_for_update(of=("self",))
        .filter(guild_id=guild, state=RunState.FINISHED, pk__in=runs)
        .select_related("session", "requested_by__guild")
        .order_by("requested_at", "id")
    )
    ended, asked = list(finished), []
    for run in ended:
        recording.superseded(run, because=because, at=at)
        again = _ask_again(run, at=at)
        recording.announce_superseded(run, by=again)
        asked += [again] if again is not None else []
    return Superseded(len(ended), asked)


def _ask_again(run: BlendRun, *, at: datetime) -> BlendRun | None:
    """The same blend of what is still lent to it; None when too few dreamers remain, or its participants
    stopped blending.
    """
    if run.session.halted_at is not None or _dreamers_left(selectors.voices_of(run), at=at) < FEWEST_DREAMERS:
        return None
    by = run.requested_by
    return recording.requested(
        session=run.session, by=by, key=uuid4(), policy_set=policy_set(by.guild), at=at, supersedes=run
    )


def _dreamers_left(voices: Sequence[BlendVoice], *, at: datetime) -> int:
    held = in_force(voices[0].guild_id, [voice.contribution_id for voice in voices])
    return len(
        {voice.dreamer_id for voice in voices if held.opens(voice.contribution_id, Purpose.BLEND, at=at)}
    )


def live_runs(*, session: Session) -> list[BlendRun]:
    """The runs of a session that are still to end, locked, latest first: for whoever stops them. Call holding
    the guild's ledger.
    """
    return list(selectors.runs_of(session).select_for_update(of=("self",)).filter(state__in=LIVE))


def withdraw_from(*, run: BlendRun, by: Membership) -> int:
    """Take back every dream of one's own that is in the run; how many there were. Asks nobody's
    permission.
    """
    mine = BlendVoice.objects.filter(
        guild_id=run.guild_id,
        run_id=run.pk,
        dreamer_id=by.dreamer_id,
        contribution__state=ContributionState.LENT,
    )
    contributions = list(mine.values_list("contribution_id", flat=True))
    for contribution in contributions:
        consent.withdraw(by=by, contribution=contribution)
    return len(contributions)


def resume_stalled(*, now: datetime | None = None) -> int:
    """Ask again for every run that lost its worker or its message, and end those whose consent ran out.

    Enters each guild's tenant in turn. Returns how many runs it did something about.
    """
    moment = now or timezone.now()
    return sum(_resume(guild=guild, run=run, now=moment) for guild, run in selectors.due_runs(now=moment))


def _resume(*, guild: UUID, run: UUID, now: datetime) -> bool:
    with tenant(guild=guild):
        silent = BlendRun.objects.filter(pk=run, state__in=LIVE, enqueued_at__lt=now - SILENCE)
        if silent.exclude(heartbeat_at__gte=now - SILENCE).update(enqueued_at=now):
            enqueue_on_commit(guild=guild, run=run)
            return True
    with ledger.held(guild=guild):
        over = BlendRun.objects.filter(pk=run, state=RunState.FINISHED, expires_at__lte=now)
        return (
            _supersede(over.values_list("pk", flat=True), guild=guild, because=Because.EXPIRED, at=now).ended
            > 0
        )
