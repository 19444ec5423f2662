"""Reads of one's own notices and choices, in one's own tenant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from guild.notifications.enums import Channel, Every, Group, When
from guild.notifications.kinds import KNOWN, usual
from guild.notifications.models import Choice, DigestTime, Notice
from guild.tenancy.selectors import memberships_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

LEFT_GUILD = "A guild that you have left"
MOST_SHOWN = 99

Wishes = dict[tuple[Group, Channel], When]


@dataclass(frozen=True)
class OfGuild:
    """The notices of one day from one guild; `name` is "" for what concerns none, `here` whether one may go
    there.
    """

    name: str
    here: bool
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Day:
    """The notices of one day, by one's own clock."""

    on: date
    guilds: tuple[OfGuild, ...]


def notices_of(dreamer: UUID) -> "QuerySet[Notice]":
    """All that one was told, latest first."""
    return Notice.objects.filter(dreamer_id=dreamer, kind__in=KNOWN)


def unread_count(dreamer: UUID) -> int:
    """How many wait to be read; of more than 99 one is told 100."""
    return notices_of(dreamer).filter(read_at=None).order_by()[: MOST_SHOWN + 1].count()


def notice_for(dreamer: UUID, notice: UUID) -> Notice:
    """One of one's own. Raises Http404."""
    found = notices_of(dreamer).filter(pk=notice).first()
    if found is None:
        raise Http404("There is no such notice of yours.")
    return found


def by_day(notices: Iterable[Notice], *, dreamer: UUID, zone: ZoneInfo) -> list[Day]:
    """Notices, latest first, under their days and guilds; one query for the names of all guilds."""
    names = {row.guild_id: row.guild.name for row in memberships_of(dreamer)}
    days = groupby(notices, key=lambda row: row.made_at.astimezone(zone).date())
    return [Day(on, _by_guild(rows, names)) for on, rows in days]


def _by_guild(notices: Iterable[Notice], names: dict[UUID, str]) -> tuple[OfGuild, ...]:
    found: dict[UUID | None, list[Notice]] = {}
    for row in notices:
        found.setdefault(row.of_guild, []).append(row)
    return tuple(
        OfGuild(
            "" if guild is None else names.get(guild, LEFT_GUILD),
            guild is None or guild in names,
            tuple(rows),
        )
        for guild, rows in found.items()
    )


def wishes_of(dreamer: UUID) -> Wishes:
    """When one is told of every group by every channel: as chosen, else as usual."""
    wishes = {(group, channel): usual(group, channel) for group in Group for channel in Channel}
    for row in Choice.objects.filter(dreamer_id=dreamer, group__in=Group.values):
        wishes[Group(row.group), Channel(row.channel)] = When(row.when)
    return wishes


def digest_time_of(dreamer: UUID) -> DigestTime:
    """When what is gathered comes; not saved where nothing was chosen."""
    return DigestTime.objects.filter(dreamer_id=dreamer).first() or DigestTime(
        dreamer_id=dreamer, every=Every.DAY
    )
