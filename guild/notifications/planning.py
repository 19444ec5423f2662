"""Which notices of a dreamer come now, by which channel, in which message; when to look at the others."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from guild.dreamers.models import Dreamer
from guild.notifications.enums import Channel, Every, When
from guild.notifications.erasing import erase_own
from guild.notifications.hushes import hushes_of
from guild.notifications.kinds import KNOWN
from guild.notifications.models import DigestTime, Message, Notice, PushDevice
from guild.notifications.quiet import Quiet
from guild.notifications.selectors import Wishes, digest_time_of, wishes_of
from guild.notifications.timing import Hush, Round, comes_at
from guild.notifications.zones import zone_of
from guild.tenancy.context import tenant

KEPT = timedelta(days=182)
"""How long a notice stands on the pages."""

MOST_AT_ONCE = 500
"""Of one dreamer in one round: the rest follow in the next."""

_Bucket = tuple[Channel, bool, str]


@dataclass(frozen=True)
class Manner:
    """How one dreamer is told: by their clock, their choices, and the quiet of their guilds."""

    wishes: Wishes
    gathered: Round
    own: Hush
    of_guilds: dict[UUID, Hush]

    def hushes(self, guild: UUID | None) -> tuple[Hush, ...]:
        theirs = self.of_guilds.get(guild) if guild is not None else None
        return (self.own,) if theirs is None else (self.own, theirs)


@dataclass
class Plan:
    """What goes out now, by channel, whether gathered, and group."""

    buckets: dict[_Bucket, list[UUID]] = field(default_factory=dict)


def plan(dreamer: UUID, *, now: datetime) -> int:
    """Settle what is due, in one transaction with the messages that come of it; how many messages. Notices
    that another worker holds are left to it.
    """
    with tenant(dreamer=dreamer):
        person = Dreamer.objects.filter(pk=dreamer, is_active=True).first()
        if person is None:  # told while the account was being erased
            erase_own(dreamer)
            return 0
        rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
        due = list(
            rows.filter(dreamer_id=dreamer, due_at__lte=now, kind__in=KNOWN).order_by("made_at", "id")[
                :MOST_AT_ONCE
            ]
        )
        if not due:
            return 0
        manner, found = manner_of(person, guilds={row.of_guild for row in due if row.of_guild}), Plan()
        for row in due:
            _settle(row, manner, found, now=now)
        Notice.objects.filter(pk__in=[row.pk for row in due if row.due_at <= now]).delete()
        Notice.objects.bulk_update([row for row in due if row.due_at > now], ["owed", "due_at"])
        return len(Message.objects.bulk_create(_messages(person.pk, found, now=now)))


def manner_of(person: Dreamer, *, guilds: Iterable[UUID]) -> Manner:
    """In the dreamer's tenant."""
    zone = zone_of(person)
    own = Hush(Quiet(person.quiet_from, person.quiet_until), zone)
    return Manner(wishes_of(person.pk), round_of(digest_time_of(person.pk), zone), own, hushes_of(guilds))


def round_of(row: DigestTime, zone: ZoneInfo) -> Round:
    """What was chosen, by a clock."""
    return Round(row.hour, zone, row.weekday if row.every == Every.WEEK else None)


def _settle(row: Notice, manner: Manner, found: Plan, *, now: datetime) -> None:
    """Put it into the messages that it comes in, and note what is owed still and when that is looked at."""
    waits: dict[str, datetime] = {}
    for channel in map(Channel, row.owed):
        when = manner.wishes[row.said.group, channel]
        at = _comes(row, when, manner, now=now)
        if at is None:
            continue
        if at > now:
            waits[channel] = at
            continue
        gathered = when is When.DIGEST
        bucket = (channel, gathered, "" if gathered else row.said.group.value)
        found.buckets.setdefault(bucket, []).append(row.pk)
    row.owed = list(waits)
    row.due_at = min([*waits.values(), row.made_at + KEPT])


def _comes(row: Notice, when: When, manner: Manner, *, now: datetime) -> datetime | None:
    """When it comes by a channel; None for not at all: not wanted, read meanwhile, or faded."""
    if when is When.NEVER or row.read_at is not None:
        return None
    gathered = manner.gathered if when is When.DIGEST else None
    at = comes_at(row.made_at, now=now, gathered=gathered, hushes=manner.hushes(row.of_guild))
    if row.said.fades is not None and at > row.made_at + row.said.fades:
        return None
    return at


def _messages(dreamer: UUID, found: Plan, *, now: datetime) -> list[Message]:
    """One letter a bucket; of what rings, one a device."""
    devices = list(PushDevice.objects.filter(dreamer_id=dreamer).values_list("pk", flat=True))
    made = []
    for (channel, gathered, _), notices in found.buckets.items():
        ways: list[UUID | None] = [None] if channel is Channel.EMAIL else [*devices]
        made += [
            Message(
                dreamer_id=dreamer,
                channel=channel,
                device=device,
                gathered=gathered,
                notices=notices,
                due_at=now,
            )
            for device in ways
        ]
    return made
