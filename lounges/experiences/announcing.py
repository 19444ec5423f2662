"""Telling enforcers that an experience was opened to be tried: they may approve it."""

from django.urls import reverse

from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import holders_of
from lounges.experiences.models import ExperienceVersion


def tried(version: ExperienceVersion, *, by: Membership) -> None:
    """Every enforcer but whoever opened it."""
    notify_each(
        [dreamer for dreamer in holders_of(by.guild_id, Office.ENFORCER) if dreamer != by.dreamer_id],
        kind=Kind.EXPERIENCE_TRIED,
        guild=by.guild_id,
        path=reverse("experiences:detail", args=[by.guild.slug, version.experience_id]),
        key=f"experience-tried:{version.pk}",
    )
