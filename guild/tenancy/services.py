"""Writes of guilds and memberships. Appointing, inviting and their laws stand in governance."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

HUES = 12
FORMER = "Former member"
HUE_STEP = 5  # coprime to the twelve hues: neighbours in time lie far apart on the wheel


def found_guild(
    *, name: str, slug: str, description: str = "", law: Mapping[str, Any] | None = None
) -> Guild:
    """Make an empty guild, inside its own tenant. `law` is a document that governance has read."""
    identity = uuid4()
    with tenant(guild=identity):
        return Guild.objects.create(
            id=identity,
            name=name,
            slug=slug,
            description=description,
            law=dict(law or {}),
        )


def next_hue(guild: UUID) -> int:
    """The hue that a newcomer is given; call inside the guild's tenant."""
    return Membership.objects.filter(guild_id=guild).count() * HUE_STEP % HUES + 1


def add_member(
    *,
    guild: UUID,
    dreamer: UUID,
    display_name: str,
    offices: Sequence[Office] = (Office.DREAMER,),
    hue: int | None = None,
) -> Membership:
    """Let a dreamer into a guild under a name, in a hue (the next one unless given); call inside the guild's
    tenant.
    """
    return Membership.objects.create(
        guild_id=guild,
        dreamer_id=dreamer,
        display_name=display_name,
        hue=next_hue(guild) if hue is None else hue,
        offices=[str(office) for office in offices],
    )


def end_membership(*, membership: Membership) -> None:
    """End a membership; the row stays, since past uses and leaves speak of it."""
    Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=timezone.now())


def forget_name(*, membership: Membership) -> None:
    """Take the name away from a membership that has ended; the row stays, since past leaves speak of it."""
    Membership.objects.filter(pk=membership.pk, ended_at__isnull=False).update(display_name=FORMER)
