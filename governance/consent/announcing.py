"""Telling people what concerns their consents, in their notices: in the transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from governance.consent.enums import Purpose
from governance.consent.models import Subject
from guild.notifications.enums import Kind
from guild.notifications.services import notify, notify_each


def asked(subject: Subject, purpose: Purpose) -> None:
    """A dreamer is asked for one purpose about one dream: once, as the question is."""
    notify(
        dreamer=subject.dreamer_id,
        kind=Kind.CONSENT_ASKED,
        guild=subject.guild_id,
        path=reverse("consent:dream", args=[subject.contribution]),
        key=f"consent-asked:{subject.contribution}:{purpose.value}",
    )


def reached(subject: Subject, dreamers: Iterable[UUID], *, leaf: int, at: datetime) -> None:
    """Everybody whom a dream had reached learns that it was taken back, set aside or corrected."""
    notify_each(
        dreamers,
        kind=Kind.DREAM_TAKEN_BACK,
        guild=subject.guild_id,
        path=reverse("consent:told"),
        key=f"dream-taken-back:{subject.guild_id}:{leaf}",
        at=at,
    )
