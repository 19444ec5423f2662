"""What the clock does: plan for everybody who has something due, and send.

A message is planned in the transaction that settles its notices, so that none is lost and none planned twice.
It is sent within the transaction that removes it, with its row locked: a worker that is killed leaves the row
as it was for the next one. Between a send and its commit lies a moment in which a killed worker sends twice;
both copies then have the same name (Message-ID, topic and tag, made of the message's id), by which mail
programs and browsers show one.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.db import connection
from django.utils import timezone

from guild.dreamers.models import Dreamer
from guild.notifications import push
from guild.notifications.devices import opened
from guild.notifications.enums import Channel, When
from guild.notifications.kinds import KNOWN
from guild.notifications.letters import letter, ringing
from guild.notifications.mail import mark_of
from guild.notifications.models import Message, Notice, PushDevice
from guild.notifications.planning import manner_of, plan
from guild.notifications.push import Outcome
from guild.notifications.selectors import wishes_of
from guild.notifications.timing import out_of_quiet
from guild.tenancy.context import tenant
from guild.vault.errors import VaultError

logger = logging.getLogger(__name__)

MOST_PEOPLE = 1_000
"""In one round, those who wait longest first."""

MOST_ATTEMPTS = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=2)
KEPT_BY_SERVICE = timedelta(hours=12)


def send_every_due(*, now: datetime | None = None) -> int:
    """Plan and send for everybody, each in a tenant of their own; how many messages were sent. Somebody for
    whom it fails does not keep the others waiting.
    """
    moment, sent = now or timezone.now(), 0
    for dreamer in _due(moment):
        try:
            plan(dreamer, now=moment)
            sent += deliver(dreamer, now=moment)
        except Exception as error:  # noqa: BLE001 - without a traceback, which may say the address
            logger.error("The notices of %s could not be sent (%s).", dreamer, type(error).__name__)
    return sent


def deliver(dreamer: UUID, *, now: datetime) -> int:
    """Send what is due to one dreamer, each in a transaction of its own; how many were sent."""
    with tenant(dreamer=dreamer):
        rows = Message.objects.filter(dreamer_id=dreamer, due_at__lte=now)
        waiting = list(rows.values_list("pk", flat=True))
    return sum(deliver_one(dreamer=dreamer, message=message, now=now) for message in waiting)


def deliver_one(*, dreamer: UUID, message: UUID, now: datetime) -> bool:
    """Send one if nobody else sends it, and there is somebody who still wants it; whether it was sent."""
    with tenant(dreamer=dreamer):
        rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
        row = rows.filter(pk=message, due_at__lte=now).first()
        if row is None:
            return False
        notices = _wanted(row, now=now)
        person = Dreamer.objects.filter(pk=dreamer, is_active=True).first()
        if not notices or person is None:
            row.delete()
            return False
        outcome = _rung(row, notices) if row.channel == Channel.PUSH else _mailed(row, person, notices)
        if outcome is Outcome.FAILED and row.attempts + 1 < MOST_ATTEMPTS:
            _put_off(row, person, notices, now=now)
            return False
        return _settled(row, outcome, now=now)


def _put_off(row: Message, person: Dreamer, notices: list[Notice], *, now: datetime) -> None:
    """It is tried again each time later, and in no hours of quiet."""
    manner = manner_of(person, guilds={notice.of_guild for notice in notices if notice.of_guild})
    wait = min(FIRST_WAIT * 2**row.attempts, LONGEST_WAIT)
    row.due_at = out_of_quiet(now + wait, (manner.own, *manner.of_guilds.values()))
    row.attempts += 1
    row.save(update_fields=["due_at", "attempts"])


def _due(now: datetime) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_due(%s, %s)", [now, MOST_PEOPLE])
        return [row[0] for row in cursor.fetchall()]


def _wanted(row: Message, *, now: datetime) -> list[Notice]:
    """The notices of a message that are unread and not faded, and whose group is not silent by now."""
    wishes = wishes_of(row.dreamer_id)
    unread = Notice.objects.filter(
        dreamer_id=row.dreamer_id, pk__in=row.notices, read_at=None, kind__in=KNOWN
    )
    return [
        notice
        for notice in unread.order_by("made_at", "id")
        if wishes[notice.said.group, Channel(row.channel)] is not When.NEVER
        and (notice.said.fades is None or now <= notice.made_at + notice.said.fades)
    ]


def _settled(row: Message, outcome: Outcome, *, now: datetime) -> bool:
    if outcome is Outcome.SENT:
        _note_sent(row, now=now)
    elif outcome is Outcome.GONE:
        PushDevice.objects.filter(pk__in=[row.device]).delete()
    row.delete()
    return outcome is Outcome.SENT


def _note_sent(row: Message, *, now: datetime) -> None:
    sent = Notice.objects.filter(dreamer_id=row.dreamer_id, pk__in=row.notices)
    if row.channel == Channel.PUSH:
        sent.filter(pushed_at=None).update(pushed_at=now)
    elif row.gathered:
        sent.update(digested_at=now)
    else:
        sent.update(mailed_at=now)


def _rung(row: Message, notices: list[Notice]) -> Outcome:
    device = PushDevice.objects.filter(dreamer_id=row.dreamer_id, pk__in=[row.device]).first()
    if device is None:
        return Outcome.GONE
    try:
        address = opened(device)
    except VaultError:
        return Outcome.GONE
    mark, seconds = mark_of(row.pk), int(KEPT_BY_SERVICE.total_seconds())
    return push.ring(address, ringing(notices, mark=mark), topic=mark, seconds=seconds)


def _mailed(row: Message, person: Dreamer, notices: list[Notice]) -> Outcome:
    written = letter(to=person.email, dreamer=person.pk, notices=notices, gathered=row.gathered, mark=row.pk)
    try:
        written.send()
    except (SMTPException, OSError) as error:
        logger.warning("A notice could not be sent by e-mail (%s).", type(error).__name__)
        return Outcome.FAILED
    return Outcome.SENT
