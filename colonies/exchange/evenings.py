"""Exchange evenings: proposed by one who leads, agreed by one who leads the other colony, kept by both.

Agreed, each of the two rituals has one time at which the other colony keeps it, too; so that it stands in
everybody's list of the night and in their calendars, and their presence is counted together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from colonies.exchange import announcing
from colonies.exchange.enums import EVENINGS_AHEAD, EveningState
from colonies.exchange.evening_models import Evening, EveningNote
from colonies.exchange.services import LONGEST_STORY, LONGEST_WORD
from colonies.rituals import scheduling
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual, Schedule
from colonies.rituals.recording import record
from colonies.rituals.selectors import belongs, resource_of
from colonies.rituals.wording import optional_text, plain_text
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.services import Decision, authorize, require
from guild.tenancy.models import Membership

FARTHEST = timedelta(days=366)
_WITH = ("host", "guest", "ours__colony", "theirs__colony")


@dataclass(frozen=True)
class Proposal:
    """Which ritual of one's own, which of the other colony's, when by whose clock, and a word."""

    ours: Ritual
    theirs: Ritual
    starts: datetime
    zone: str
    word: str = ""


def evenings_for(membership: Membership) -> list[Evening]:
    """Those of the guild that are proposed, agreed, or were kept, the latest first. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rows = Evening.objects.filter(guild_id=membership.guild_id, state__in=EVENINGS_AHEAD)
    return list(rows.select_related(*_WITH))


def evening_for(membership: Membership, evening_id: UUID) -> Evening:
    """One evening in whatever state. Raises Http404, Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rows = Evening.objects.filter(guild_id=membership.guild_id, pk=evening_id)
    found = rows.select_related(*_WITH).first()
    if found is None:
        raise Http404("There is no such evening in this guild.")
    return found


def evenings_of(colony: Colony) -> list[Evening]:
    """Those of one colony that are proposed or agreed, the latest first."""
    rows = Evening.objects.filter(
        Q(host_id=colony.pk) | Q(guest_id=colony.pk), guild_id=colony.guild_id, state__in=EVENINGS_AHEAD
    )
    return list(rows.select_related(*_WITH))


def notes_of(evening: Evening) -> list[EveningNote]:
    rows = EveningNote.objects.filter(guild_id=evening.guild_id, evening_id=evening.pk)
    return list(rows.select_related("author"))


def begins(evening: Evening) -> datetime:
    """The instant at which the first of the two rituals begins."""
    return datetime.fromisoformat(evening.starts).replace(tzinfo=ZoneInfo(evening.zone))


def is_over(evening: Evening, *, now: datetime) -> bool:
    """Whether it has begun, so that there is something to tell of it."""
    return evening.state == EveningState.AGREED and begins(evening) <= now


@transaction.atomic
def propose(*, by: Membership, proposal: Proposal, now: datetime | None = None) -> Evening:
    """Proposes an evening to another colony, as one who leads one's own. Raises Denied, Invalid, NotNow."""
    host, guest = proposal.ours.colony, proposal.theirs.colony
    decision = require(actor=by, action=Action.HOLD_EXCHANGE_EVENING, resource=resource_of(host))
    word = optional_text(proposal.word, field="word", longest=LONGEST_WORD)
    _check(proposal, now=now or timezone.now())
    ledger.hold(guild=by.guild_id)
    row = Evening.objects.create(
        guild_id=by.guild_id,
        host=host,
        guest=guest,
        ours=proposal.ours,
        theirs=proposal.theirs,
        starts=proposal.starts.isoformat(timespec="minutes"),
        zone=proposal.zone,
        word=word,
        proposed_by=by,
    )
    record(LeafKind.EVENING_PROPOSED, by=by, decision=decision, subjects=(row.pk, host.pk, guest.pk))
    announcing.proposed(row, guild=by.guild)
    return row


def _check(proposal: Proposal, *, now: datetime) -> None:
    host, guest = proposal.ours.colony, proposal.theirs.colony
    if host.pk == guest.pk or host.guild_id != guest.guild_id:
        raise Invalid("theirs", "Choose a ritual of another colony of this guild.")
    if guest.is_archived or proposal.ours.is_at_rest or proposal.theirs.is_at_rest:
        raise NotNow("One of these rituals is not kept at present.")
    if proposal.zone not in available_timezones():
        raise Invalid("zone", "Choose the time zone whose clock you all go by.")
    if not now <= proposal.starts.replace(tzinfo=ZoneInfo(proposal.zone)) <= now + FARTHEST:
        raise Invalid("starts", "Choose an evening that is to come, within a year.")


@transaction.atomic
def answer(*, by: Membership, evening: Evening, agree: bool, now: datetime | None = None) -> None:
    """Agrees for the other colony, or declines. Raises Denied, NotNow."""
    action = Action.HOLD_EXCHANGE_EVENING if agree else Action.LEAD_COLONY
    decision = require(actor=by, action=action, resource=resource_of(evening.guest))
    ledger.hold(guild=by.guild_id)
    moment = now or timezone.now()
    if agree and begins(evening) < moment:
        raise NotNow("The evening that was proposed is over: propose another one.")
    if agree and (evening.host.is_archived or evening.ours.is_at_rest or evening.theirs.is_at_rest):
        raise NotNow("One of these rituals is not kept at present.")
    state = EveningState.AGREED if agree else EveningState.DECLINED
    waiting = Evening.objects.filter(guild_id=by.guild_id, pk=evening.pk, state=EveningState.PROPOSED)
    if not waiting.update(state=state, answered_at=moment):
        raise NotNow("This was answered, or called off, meanwhile.")
    if agree:
        _put_on_both_calendars(evening, by=by, decision=decision)
    subjects = (evening.pk, evening.host_id, evening.guest_id)
    detail = {"answer": str(state)}
    record(LeafKind.EVENING_ANSWERED, by=by, decision=decision, subjects=subjects, detail=detail)
    announcing.settled(evening, guild=by.guild)


def _put_on_both_calendars(evening: Evening, *, by: Membership, decision: Decision) -> None:
    """First `ours`, kept by the guests too; when it is over, `theirs`, kept by the hosts too."""
    starts = datetime.fromisoformat(evening.starts)
    after = starts + timedelta(minutes=scheduling.minutes_of(evening.ours))
    both = ((evening.ours, evening.guest, starts), (evening.theirs, evening.host, after))
    made = [
        scheduling.keep_once_with(
            by=by, decision=decision, ritual=ritual, guest=guest, starts=at, zone=evening.zone
        ).pk
        for ritual, guest, at in both
    ]
    Evening.objects.filter(guild_id=by.guild_id, pk=evening.pk).update(times=made)


@transaction.atomic
def call_off(*, by: Membership, evening: Evening, now: datetime | None = None) -> None:
    """Takes a proposal back, or an agreed evening off both calendars, as one who leads either colony.

    Raises Denied, NotNow for what was declined, called off, or is over.
    """
    decision = _of_either(evening, by=by)
    ledger.hold(guild=by.guild_id)
    moment = now or timezone.now()
    ahead = Evening.objects.filter(guild_id=by.guild_id, pk=evening.pk, state__in=EVENINGS_AHEAD)
    if is_over(evening, now=moment) or not ahead.update(state=EveningState.CALLED_OFF):
        raise NotNow("This evening is not ahead of you any more.")
    Schedule.objects.filter(guild_id=by.guild_id, pk__in=evening.times, ended_at=None).update(ended_at=moment)
    subjects = (evening.pk, evening.host_id, evening.guest_id)
    record(LeafKind.EVENING_CALLED_OFF, by=by, decision=decision, subjects=subjects)


def _of_either(evening: Evening, *, by: Membership) -> Decision:
    for colony in (evening.host, evening.guest):
        decision = authorize(actor=by, action=Action.LEAD_COLONY, resource=resource_of(colony))
        if decision:
            return decision
    raise Denied(decision)


@transaction.atomic
def note(*, by: Membership, evening: Evening, text: str, now: datetime | None = None) -> EveningNote:
    """What somebody of one of the colonies says of it afterwards. Raises Denied, Invalid, NotNow."""
    mine = evening.host if belongs(evening.host, by) else evening.guest
    inside = belongs(mine, by)
    require(actor=by, action=Action.SPEAK_OF_RITUAL, resource=resource_of(mine), belongs=inside)
    said = plain_text(text, field="text", longest=LONGEST_STORY)
    if not is_over(evening, now=now or timezone.now()):
        raise NotNow("Notes are written when the evening was kept.")
    return EveningNote.objects.create(guild_id=by.guild_id, evening=evening, text=said, author=by)


@transaction.atomic
def erase_note(*, by: Membership, evening: Evening, note_id: UUID) -> None:
    """Takes back a note of one's own; nobody's permission is needed for it."""
    mine = EveningNote.objects.filter(guild_id=by.guild_id, evening_id=evening.pk, author_id=by.pk)
    mine.filter(pk=note_id).delete()
