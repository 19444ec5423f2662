"""Reads of one's own reminders: what one chose, and what is shown on the pages now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from colonies.reminders.enums import Channel
from colonies.reminders.models import DueReminder, RitualReminder
from colonies.rituals.enums import Standing
from colonies.rituals.models import Belonging, Ritual
from colonies.rituals.times import schedules_for
from governance.consent.enums import Purpose
from governance.consent.selectors import allows
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import memberships_of

SHOWN_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Choice:
    """One ritual that a member keeps, and how they are reminded of it; None for not at all."""

    ritual: Ritual
    reminder: RitualReminder | None


@dataclass(frozen=True)
class OfGuild:
    """One's rituals in one guild. `allowed` is whether reminders are consented to there."""

    membership: Membership
    allowed: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Shown:
    """A reminder on a page."""

    id: UUID
    guild_slug: str
    ritual: Ritual
    begins_at: datetime


def choices_of(dreamer: Dreamer) -> list[OfGuild]:
    """Everything that one keeps at set times, guild by guild, each in a tenant of its own."""
    found = []
    for membership in memberships_of(dreamer.pk):
        with tenant(guild=membership.guild_id, dreamer=dreamer.pk):
            found.append(_in_guild(membership))
    return [one for one in found if one.choices]


def _in_guild(membership: Membership) -> OfGuild:
    mine = set(
        Belonging.objects.filter(
            guild_id=membership.guild_id, membership_id=membership.pk, standing=Standing.IN
        ).values_list("colony_id", flat=True)
    )
    kept = [row.ritual for row in schedules_for(membership)]
    rituals = {ritual.pk: ritual for ritual in kept if ritual.colony_id in mine}
    chosen = {
        row.ritual_id: row
        for row in RitualReminder.objects.filter(
            guild_id=membership.guild_id, membership_id=membership.pk, ritual_id__in=rituals
        )
    }
    ordered = sorted(rituals.values(), key=lambda ritual: (ritual.title, str(ritual.pk)))
    choices = tuple(Choice(ritual, chosen.get(ritual.pk)) for ritual in ordered)
    return OfGuild(membership, allows(membership, Purpose.REMINDERS), choices)


def reminder_of(member: Membership, ritual: Ritual) -> RitualReminder | None:
    rows = RitualReminder.objects.filter(guild_id=member.guild_id, membership_id=member.pk)
    return rows.filter(ritual_id=ritual.pk).first()


def shown_to(dreamer: UUID, *, now: datetime) -> list[Shown]:
    """What is on the pages now: until it is put away, or half an hour after it has begun."""
    rows = DueReminder.objects.filter(
        dreamer_id=dreamer, channel=Channel.PAGE, put_away_at=None, begins_at__gt=now - SHOWN_AFTER
    )
    waiting = list(rows)
    if not waiting:
        return []
    found: list[Shown] = []
    for membership in memberships_of(dreamer):
        here = [row for row in waiting if row.guild_id == membership.guild_id]
        with tenant(guild=membership.guild_id, dreamer=dreamer):
            found += _shown(here, membership)
    return sorted(found, key=lambda one: one.begins_at)


def _shown(rows: Iterable[DueReminder], membership: Membership) -> list[Shown]:
    held = {row.ritual_id: row for row in rows}
    rituals = Ritual.objects.filter(guild_id=membership.guild_id).in_bulk(list(held))
    return [
        Shown(row.pk, membership.guild.slug, rituals[row.ritual_id], row.begins_at)
        for row in rows
        if row.ritual_id in rituals
    ]
