"""Setting the times of a ritual, and leaving out or moving one of them. Leaders of the colony alone do it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from colonies.rituals import selectors
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual, Schedule
from colonies.rituals.recording import record
from colonies.rituals.recurrence import Kind, Rhythm, walls
from colonies.rituals.rules import RuleRefused, checked_rule, explicit_rule, first_time
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.tenancy.models import Membership

MOST_SCHEDULES = 10
MOST_EXCEPTIONS = 200
FARTHEST_MOVE = timedelta(days=7)
SHORTEST, LONGEST = 15, 240  # minutes that a calendar shows
EARLIEST, LATEST = 2000, 2100  # years


@transaction.atomic
def schedule(*, by: Membership, ritual: Ritual, rhythm: Rhythm) -> Schedule:
    """A new time of keeping, from the first day on which its rule falls. Raises Denied, Invalid, NotNow."""
    decision = _allowed(by, ritual)
    checked = _checked(rhythm)
    ledger.hold(guild=by.guild_id)
    live = Schedule.objects.filter(guild_id=by.guild_id, ritual_id=ritual.pk, guest=None, ended_at=None)
    if live.count() >= MOST_SCHEDULES:
        raise NotNow(f"A ritual is kept at no more than {MOST_SCHEDULES} times: end one of them first.")
    row = Schedule.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        kind=checked.kind.value,
        starts=_spelt(checked.starts),
        zone=checked.zone,
        minutes=minutes_of(ritual),
        rule=checked.rule,
        until=checked.until,
    )
    _record(LeafKind.RITUAL_SCHEDULED, row, by=by, decision=decision)
    return row


def keep_once_with(
    *, by: Membership, decision: Decision, ritual: Ritual, guest: Colony, starts: datetime, zone: str
) -> Schedule:
    """This once a colony keeps the ritual of another with it. The caller has asked the law, and holds the
    ledger.
    """
    row = Schedule.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        guest=guest,
        kind=Kind.TOGETHER.value,
        starts=_spelt(starts),
        zone=zone,
        minutes=minutes_of(ritual),
    )
    _record(LeafKind.RITUAL_SCHEDULED, row, by=by, decision=decision)
    return row


def minutes_of(ritual: Ritual) -> int:
    """How long a calendar shows it: by its newest version, a quarter of an hour at least."""
    seconds = selectors.newest_of(ritual).text.seconds
    return min(max(round(seconds / 60), SHORTEST), LONGEST)


@transaction.atomic
def leave_out(*, by: Membership, row: Schedule, original: datetime) -> None:
    """This once it is not kept. Leaving out twice is leaving out once. Raises Denied, Invalid, NotNow."""
    decision = _allowed(by, row.ritual)
    held = _locked(by, row)
    spelt = _named(held, original)
    if spelt in held.without:
        return
    moved = [pair for pair in held.moved if pair[0] != spelt]
    _change(held, by=by, decision=decision, without=[*held.without, spelt], moved=moved)


@transaction.atomic
def move(*, by: Membership, row: Schedule, original: datetime, to: datetime) -> None:
    """This once it is kept at another time, at most a week away. Raises Denied, Invalid, NotNow."""
    decision = _allowed(by, row.ritual)
    held = _locked(by, row)
    spelt = _named(held, original)
    if abs(to - original) > FARTHEST_MOVE:
        raise Invalid("to", "Move it by at most a week; otherwise leave it out and set another time.")
    others = [pair for pair in held.moved if pair[0] != spelt]
    moved = [*others, [spelt, _spelt(to)]] if to != original else others
    _change(held, by=by, decision=decision, without=held.without, moved=moved)


@transaction.atomic
def end(*, by: Membership, row: Schedule) -> None:
    """The ritual is no longer kept at these times. Raises Denied, NotNow."""
    decision = _allowed(by, row.ritual)
    ledger.hold(guild=by.guild_id)
    live = Schedule.objects.filter(guild_id=by.guild_id, pk=row.pk, ended_at=None)
    if not live.update(ended_at=timezone.now()):
        raise NotNow("These times ended before.")
    _record(LeafKind.RITUAL_UNSCHEDULED, row, by=by, decision=decision)


def _checked(rhythm: Rhythm) -> Rhythm:
    if rhythm.kind == Kind.TOGETHER and rhythm.zone not in available_timezones():
        raise Invalid("zone", "Choose the time zone whose clock you all go by.")
    if not EARLIEST <= rhythm.starts.year <= LATEST:
        raise Invalid("starts_on", "Choose a day of this century.")
    try:
        rule = explicit_rule(checked_rule(rhythm.rule), starts=rhythm.starts)
        starts = first_time(rule, starts=rhythm.starts.replace(second=0, microsecond=0))
    except RuleRefused as error:
        raise Invalid("rule", str(error)) from error
    if rhythm.until is not None and rhythm.until < starts.date():
        raise Invalid("until", "The last day lies before the first time of keeping.")
    zone = rhythm.zone if rhythm.kind == Kind.TOGETHER else ""
    until = rhythm.until if rule else None
    return Rhythm(rhythm.kind, starts, zone=zone, rule=rule, until=until)


def _named(row: Schedule, original: datetime) -> str:
    """The occurrence's name, if there is one of that name. Raises Invalid, NotNow."""
    if len(row.without) + len(row.moved) >= MOST_EXCEPTIONS:
        raise NotNow("So many exceptions are a rule of their own: end these times and set others.")
    rhythm = row.rhythm
    bare = Rhythm(rhythm.kind, rhythm.starts, zone=rhythm.zone, rule=rhythm.rule, until=rhythm.until)
    day = timedelta(days=1)
    if original not in walls(bare, since=original - day, until=original + day):
        raise Invalid("original", "It is not kept at this time.")
    return _spelt(original)


def _locked(by: Membership, row: Schedule) -> Schedule:
    ledger.hold(guild=by.guild_id)
    held = Schedule.objects.filter(guild_id=by.guild_id, pk=row.pk, ended_at=None).first()
    if held is None:
        raise NotNow("These times ended before.")
    held.ritual = row.ritual
    return held


def _change(row: Schedule, *, by: Membership, decision: Decision, **values: Any) -> None:
    Schedule.objects.filter(guild_id=by.guild_id, pk=row.pk).update(
        sequence=F("sequence") + 1, changed_at=timezone.now(), **values
    )
    row.sequence += 1
    _record(LeafKind.RITUAL_SCHEDULED, row, by=by, decision=decision)


def _allowed(by: Membership, ritual: Ritual) -> Decision:
    resource = selectors.resource_of(ritual.colony)
    return require(actor=by, action=Action.SCHEDULE_RITUAL, resource=resource)


def _record(kind: LeafKind, row: Schedule, *, by: Membership, decision: Decision) -> None:
    subjects: tuple[UUID | str, ...] = (row.ritual_id, row.pk)
    detail = {"kind": row.kind, "sequence": row.sequence}
    record(kind, by=by, decision=decision, subjects=subjects, detail=detail)


def _spelt(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
