"""The heartbeat of a blend: what the row of a run says while a worker is at it."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from guild.tenancy.context import tenant
from guild.tenancy.pulse import Pulse
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun

BEAT = 3.0
"""Seconds between two beats."""

SILENCE = timedelta(seconds=15)
"""A run without a beat for so long has lost its worker."""


def pulse_of(*, guild: UUID, run: UUID, attempt: int) -> Pulse:
    """Beats for one worker's attempt at a run."""

    def note() -> None:
        with tenant(guild=guild):
            held = BlendRun.objects.filter(pk=run, state=RunState.RUNNING, attempt=attempt)
            held.update(heartbeat_at=timezone.now())

    return Pulse(note, every=BEAT, name=str(run))
