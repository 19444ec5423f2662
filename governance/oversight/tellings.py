"""What dreamers were told of rulings about what they lent: theirs to see, also after leaving the guild."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from governance.consent.selectors import LEFT_GUILD
from governance.oversight.described import title_of
from governance.oversight.ruling_models import Ruling, Telling
from guild.tenancy.models import Guild, Membership

SHOWN: Final = timedelta(days=60)
"""How long something that nobody reads stays on the first page."""


@dataclass(frozen=True)
class Word:
    """One thing to know; `slug` is "" where its dreamer has left the guild, and can open no page of it."""

    ruling: UUID
    guild_name: str
    slug: str
    title: str
    told_at: datetime


def unread_by(dreamer: UUID, *, now: datetime | None = None) -> list[Word]:
    """What this dreamer was told and has not read, latest first, in two queries. Call in their own tenant."""
    since = (now or timezone.now()) - SHOWN
    rows = list(Telling.objects.filter(dreamer_id=dreamer, read_at=None, told_at__gte=since))
    guilds = {guild.pk: guild for guild in Guild.objects.filter(pk__in=[row.guild_id for row in rows])}
    return [_word(row, guilds.get(row.guild_id)) for row in rows]


def mark_read(*, by: Membership, ruling: Ruling) -> None:
    """The dreamer has the ruling before them; call in the guild's tenant."""
    Telling.objects.filter(
        guild_id=by.guild_id, ruling=ruling, dreamer_id=by.dreamer_id, read_at=None
    ).update(read_at=timezone.now())


def _word(row: Telling, guild: Guild | None) -> Word:
    return Word(
        ruling=row.ruling_id,
        guild_name=guild.name if guild else LEFT_GUILD,
        slug=guild.slug if guild else "",
        title=title_of(row.rule),
        told_at=row.told_at,
    )
