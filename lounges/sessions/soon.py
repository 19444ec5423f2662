"""Telling a guild's members that a session of theirs begins soon; run by the clock in every guild."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from guild.notifications.enums import Kind
from guild.notifications.services import notify_each, was_told
from guild.tenancy.context import tenant
from guild.tenancy.selectors import every_guild, members_of
from lounges.sessions.enums import SessionState
from lounges.sessions.models import Session

SOON = timedelta(minutes=30)


def tell_every_guild(*, now: datetime | None = None) -> int:
    """Each guild in a tenant of its own; of how many sessions was told just now."""
    moment = now or timezone.now()
    told = 0
    for guild in every_guild():
        with tenant(guild=guild):
            ahead = Session.objects.filter(
                guild_id=guild,
                state=SessionState.SCHEDULED,
                opens_at__gt=moment,
                opens_at__lte=moment + SOON,
            )
            told += sum(_tell(session, at=moment) for session in ahead.select_related("guild", "host"))
    return told


def _tell(session: Session, *, at: datetime) -> bool:
    """All members in one transaction, so that who is told first tells for all whether it was done."""
    key = f"session-soon:{session.pk}:{session.opens_at:%Y%m%d%H%M}"
    members = sorted(member.dreamer_id for member in members_of(session.guild_id))
    if not members or was_told(members[0], key=key):
        return False
    path = reverse("sessions:live", args=[session.guild.slug, session.pk])
    notify_each(members, kind=Kind.SESSION_SOON, guild=session.guild_id, path=path, key=key, at=at)
    return True
