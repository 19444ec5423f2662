"""Telling a dreamer that a dream of theirs was given back by the law of the guild."""

from django.urls import reverse

from governance.consent.models import Subject
from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from lounges.sessions.models import Contribution


def given_back(contribution: Contribution) -> None:
    """Whoever lent it."""
    lent = Subject.objects.filter(guild_id=contribution.guild_id, contribution=contribution.pk)
    notify_each(
        list(lent.values_list("dreamer_id", flat=True)),
        kind=Kind.DREAM_GIVEN_BACK,
        guild=contribution.guild_id,
        path=reverse("consent:dream", args=[contribution.pk]),
        key=f"dream-given-back:{contribution.pk}",
    )
