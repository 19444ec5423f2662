"""What the clock does: plan each reminder once, and send what is due, guild by guild.

A reminder is planned by inserting rows that no second planning can insert again. It is sent within the
transaction that says so, with its row locked: a worker that is killed leaves the row as it was for the next
one. Between a send and its commit lies a moment in which a killed worker sends twice; both copies then have
the same name (Message-ID, topic and tag), by which mail programs and browsers show one.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.utils import timezone

from colonies.reminders.enums import Channel
from colonies.reminders.mail import letter
from colonies.reminders.models import DueReminder, RitualReminder
from colonies.reminders.services import MINUTES
from colonies.rituals.enums import Standing
from colonies.rituals.models import Belonging, Observance, Pause, Schedule
from colonies.rituals.recurrence import occurrences
from governance.consent.enums import Purpose
from governance.consent.selectors import allows
from guild.dreamers.models import Dreamer
from guild.journal.nights import zone_named
from guild.journal.selectors import reckoning_of
from guild.notifications import push
from guild.notifications.devices import opened
from guild.notifications.mail import mark_of
from guild.notifications.models import PushDevice
from guild.notifications.push import Outcome
from guild.notifications.quiet import MOST_EARLIER, Quiet, rings_at
from guild.tenancy.context import tenant
from guild.tenancy.selectors import every_guild
from guild.vault.errors import VaultError

logger = logging.getLogger(__name__)

HORIZON = timedelta(minutes=max(MINUTES)) + MOST_EARLIER
KEPT = timedelta(days=1)
MOST_ATTEMPTS = 20
MESSAGE = {"title": "Tonight", "body": "Something that you keep begins soon.", "address": "/tonight/"}


@dataclass(frozen=True)
class Due:
    """One reminder whose time has come. `rings` is whether it may do more than stand on a page."""

    reminder: RitualReminder
    begins: datetime
    rings: bool


def send_every_due(*, now: datetime | None = None) -> int:
    """Plan, send and tidy in every guild, each in a tenant of its own; how many were sent."""
    moment, sent = now or timezone.now(), 0
    for guild in every_guild():
        with tenant(guild=guild):
            DueReminder.objects.filter(guild_id=guild, begins_at__lt=moment - KEPT).delete()
            due = list(_due_in(guild, now=moment))
        for one in due:
            plan(one, now=moment)
        sent += deliver(guild, now=moment)
    return sent


def _due_in(guild: UUID, *, now: datetime) -> Iterator[Due]:
    """Reminders of rituals that are kept, of those who still belong, that were not planned yet."""
    rows = RitualReminder.objects.filter(
        guild_id=guild,
        membership__ended_at=None,
        ritual__rested_at=None,
        ritual__colony__archived_at=None,
    )
    reminders = list(rows.select_related("membership", "ritual"))
    belonging = set(
        Belonging.objects.filter(guild_id=guild, standing=Standing.IN).values_list(
            "membership_id", "colony_id"
        )
    )
    yield from _unplanned(reminders, belonging, guild=guild, now=now)


def _unplanned(
    reminders: Iterable[RitualReminder], belonging: set[tuple[UUID, UUID]], *, guild: UUID, now: datetime
) -> Iterator[Due]:
    held = [row for row in reminders if (row.membership_id, row.ritual.colony_id) in belonging]
    times = _Times(guild, {row.ritual_id for row in held}, now=now)
    planned = set(
        DueReminder.objects.filter(guild_id=guild, begins_at__gt=now).values_list(
            "membership_id", "ritual_id", "begins_at"
        )
    )
    people = Dreamer.objects.in_bulk({row.dreamer_id for row in held})
    for row in held:
        person = people[row.dreamer_id]
        for begins in times.of(row.ritual_id, person.time_zone):
            if (row.membership_id, row.ritual_id, begins) in planned:
                continue
            if (due := _due(row, person, begins, now=now)) is not None:
                yield due


def _due(row: RitualReminder, person: Dreamer, begins: datetime, *, now: datetime) -> Due | None:
    quiet = Quiet(person.quiet_from, person.quiet_until)
    zone = zone_named(person.time_zone)
    rings = rings_at(begins, minutes=row.minutes_before, zone=zone, quiet=quiet)
    at = rings or begins - timedelta(minutes=row.minutes_before)
    return Due(row, begins, rings is not None) if at <= now < begins else None


class _Times:
    """When the rituals of a guild begin within the horizon, reckoned once for each clock."""

    def __init__(self, guild: UUID, rituals: set[UUID], *, now: datetime) -> None:
        self.now, self._found = now, dict[tuple[UUID, str], list[datetime]]()
        rows = Schedule.objects.filter(guild_id=guild, ritual_id__in=rituals, ended_at=None)
        self._schedules = list(rows)

    def of(self, ritual: UUID, zone: str) -> list[datetime]:
        if (ritual, zone) not in self._found:
            self._found[ritual, zone] = sorted(
                {
                    occurrence.instant
                    for row in self._schedules
                    if row.ritual_id == ritual
                    for occurrence in occurrences(
                        row.rhythm, zone=zone, since=self.now, until=self.now + HORIZON
                    )
                }
            )
        return self._found[ritual, zone]


def plan(due: Due, *, now: datetime) -> bool:
    """Insert its rows, all of them or none, in the person's own tenant; whether it was planned just now. A
    person who takes it back, rests, or has kept it already is left alone.
    """
    row = due.reminder
    with tenant(guild=row.guild_id, dreamer=row.dreamer_id):
        if not _is_wanted(row, due.begins, now=now):
            return False
        wanted: list[tuple[Channel, UUID | None]] = [(Channel.PAGE, None)]
        if due.rings and row.by_email:
            wanted.append((Channel.EMAIL, None))
        if due.rings and row.by_push:
            devices = PushDevice.objects.filter(dreamer_id=row.dreamer_id).values_list("pk", flat=True)
            wanted += [(Channel.PUSH, device) for device in devices]
        DueReminder.objects.bulk_create(
            [
                DueReminder(
                    guild_id=row.guild_id,
                    dreamer_id=row.dreamer_id,
                    membership_id=row.membership_id,
                    ritual_id=row.ritual_id,
                    begins_at=due.begins,
                    channel=channel,
                    device=device,
                    sent_at=now if channel is Channel.PAGE else None,
                )
                for channel, device in wanted
            ],
            ignore_conflicts=True,
        )
        return True


def _is_wanted(row: RitualReminder, begins: datetime, *, now: datetime) -> bool:
    if not allows(row.membership, Purpose.REMINDERS):
        return False
    if Pause.objects.filter(dreamer_id=row.dreamer_id, last_night=None).exists():
        return False
    night = reckoning_of(Dreamer.objects.get(pk=row.dreamer_id)).night_of(begins)
    return not Observance.objects.filter(
        guild_id=row.guild_id, membership_id=row.membership_id, ritual_id=row.ritual_id, night=night
    ).exists()


def deliver(guild: UUID, *, now: datetime) -> int:
    """Send what waits in a guild, each in a transaction of its own; how many were sent."""
    with tenant(guild=guild):
        waiting = list(
            DueReminder.objects.filter(
                guild_id=guild, sent_at=None, begins_at__gt=now, attempts__lt=MOST_ATTEMPTS
            ).values_list("pk", "dreamer_id")
        )
    return sum(deliver_one(guild=guild, dreamer=dreamer, due=due, now=now) for due, dreamer in waiting)


def deliver_one(*, guild: UUID, dreamer: UUID, due: UUID, now: datetime) -> bool:
    """Send one if nobody else sends it and it is still wanted; whether it was sent."""
    with tenant(guild=guild, dreamer=dreamer):
        rows = DueReminder.objects.select_for_update(skip_locked=True, of=("self",))
        row = rows.filter(pk=due, sent_at=None).select_related("membership").first()
        if row is None:
            return False
        chosen = RitualReminder.objects.filter(
            guild_id=guild, membership_id=row.membership_id, ritual_id=row.ritual_id
        ).first()
        if chosen is None or not allows(row.membership, Purpose.REMINDERS):
            row.delete()
            return False
        return _settled(row, _sent(row, now=now), now=now)


def _settled(row: DueReminder, outcome: Outcome, *, now: datetime) -> bool:
    if outcome is Outcome.SENT:
        row.sent_at = now
        row.save(update_fields=["sent_at"])
    elif outcome is Outcome.GONE:
        if row.device is not None:
            PushDevice.objects.filter(pk=row.device).delete()
        row.delete()
    else:
        row.attempts += 1
        row.save(update_fields=["attempts"])
    return outcome is Outcome.SENT


def _sent(row: DueReminder, *, now: datetime) -> Outcome:
    mark = mark_of(row.guild_id, row.membership_id, row.ritual_id, row.begins_at.timestamp())
    return _by_push(row, mark, now=now) if row.channel == Channel.PUSH else _by_mail(row, mark)


def _by_push(row: DueReminder, mark: str, *, now: datetime) -> Outcome:
    device = PushDevice.objects.filter(dreamer_id=row.dreamer_id, pk__in=[row.device]).first()
    if device is None:
        return Outcome.GONE
    seconds = max(int((row.begins_at - now).total_seconds()), 60)
    try:
        address = opened(device)
    except VaultError:
        return Outcome.GONE
    return push.ring(address, {**MESSAGE, "tag": mark}, topic=mark, seconds=seconds)


def _by_mail(row: DueReminder, mark: str) -> Outcome:
    person = Dreamer.objects.get(pk=row.dreamer_id)
    zone = zone_named(person.time_zone)
    try:
        letter(to=person.email, dreamer=person.pk, begins=row.begins_at, zone=zone, mark=mark).send()
    except (SMTPException, OSError) as error:
        logger.warning("A reminder could not be sent by e-mail (%s).", type(error).__name__)
        return Outcome.FAILED
    return Outcome.SENT
