"""Telling those who took part that a dreamscape is ready, or is no longer what it was, in their notices."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.selectors import guild_by_id
from lounges.dreamscapes.models import BlendRun
from lounges.sessions.models import Participation


def ready(run: BlendRun, *, present: Collection[UUID], at: datetime) -> None:
    """Whoever took part and is not among those `present` in the session now, by their membership: those see
    it come.
    """
    absent = [dreamer for member, dreamer in _took_part(run).items() if member not in present]
    notify_each(
        absent,
        kind=Kind.BLEND_READY,
        guild=run.guild_id,
        path=_page(run),
        key=f"blend-ready:{run.pk}",
        at=at,
    )


def ended(run: BlendRun, *, at: datetime) -> None:
    """Everybody who could read it: it was replaced, or taken away."""
    notify_each(
        _took_part(run).values(),
        kind=Kind.BLEND_SUPERSEDED,
        guild=run.guild_id,
        path=_page(run),
        key=f"blend-ended:{run.pk}",
        at=at,
    )


def _took_part(run: BlendRun) -> dict[UUID, UUID]:
    """By membership, the dreamers who took part in the session and are in the guild still."""
    rows = Participation.objects.filter(
        guild_id=run.guild_id, session_id=run.session_id, membership__ended_at=None
    )
    return dict(rows.values_list("membership_id", "dreamer_id"))


def _page(run: BlendRun) -> str:
    return reverse("dreamscapes:detail", args=[guild_by_id(run.guild_id).slug, run.pk])
