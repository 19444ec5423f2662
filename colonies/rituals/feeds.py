"""A person's rituals as a calendar that phones read: at a secret address, which can be closed at any time.

The address holds whose calendar it is and a secret; only the secret's digest is kept, so that nobody who
reads the database can read calendars, and the address is shown once.
"""

import base64
import binascii
import hashlib
import secrets
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from colonies.rituals.models import CalendarFeed, Schedule
from colonies.rituals.recurrence import Card, calendar
from colonies.rituals.times import schedules_for
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.selectors import memberships_of

SECRET_BYTES = 24
_ID_BYTES = 16


@transaction.atomic
def open_feed(*, by: Dreamer) -> str:
    """A new address's token; the one before no longer answers."""
    close_feed(by=by)
    token = by.pk.bytes + secrets.token_bytes(SECRET_BYTES)
    CalendarFeed.objects.create(dreamer_id=by.pk, digest=_digest(token))
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


@transaction.atomic
def close_feed(*, by: Dreamer) -> bool:
    """The address answers no more; whether there was one."""
    opened = CalendarFeed.objects.filter(dreamer_id=by.pk, closed_at=None)
    return bool(opened.update(closed_at=timezone.now()))


def feed_of(dreamer: UUID) -> CalendarFeed | None:
    """The feed that is open now."""
    return CalendarFeed.objects.filter(dreamer_id=dreamer, closed_at=None).first()


def dreamer_of(token: str) -> UUID | None:
    """Whose open feed this is a token of; None for any other."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _ID_BYTES + SECRET_BYTES:
        return None
    dreamer = UUID(bytes=raw[:_ID_BYTES])
    with tenant(dreamer=dreamer):
        feed = feed_of(dreamer)
    is_it = feed is not None and secrets.compare_digest(feed.digest, _digest(raw))
    return dreamer if is_it else None


def feed_document(dreamer: UUID) -> bytes:
    """Everything that this person keeps, in all of their guilds, as iCalendar; the same bytes until
    it changes.
    """
    with tenant(dreamer=dreamer):
        memberships = memberships_of(dreamer)
    entries = []
    for membership in memberships:
        with tenant(guild=membership.guild_id, dreamer=dreamer):
            rows = schedules_for(membership)
        entries += [(row.rhythm, _card(row, slug=membership.guild.slug)) for row in rows]
    document: bytes = calendar(entries, name="Rituals").to_ical()
    return document


def _card(row: Schedule, *, slug: str) -> Card:
    path = reverse("colonies:ritual", kwargs={"guild_slug": slug, "ritual_id": row.ritual_id})
    return Card(
        uid=f"{row.pk}@{settings.PUBLIC_HOST}",
        summary=_summary(row),
        stamp=row.changed_at,
        sequence=row.sequence,
        address=f"{settings.PUBLIC_URL}{path}",
    )


def _summary(row: Schedule) -> str:
    """The ritual; on an evening of two colonies, with their names."""
    if row.guest is None:
        return row.ritual.title
    return f"{row.ritual.title} ({row.ritual.colony.name} and {row.guest.name})"


def _digest(token: bytes) -> str:
    return hashlib.sha256(token).hexdigest()
