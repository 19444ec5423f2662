"""The heartbeat of an audit: what its row says while a worker is at it, and how far that is."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from governance.audits.enums import AuditState
from governance.audits.examination import Examination
from governance.audits.models import AuditRun
from guild.tenancy.context import tenant
from guild.tenancy.pulse import Pulse

BEAT = 2.0
"""Seconds between two beats."""

SILENCE = timedelta(seconds=30)
"""An audit without a beat for so long has lost its worker."""


def pulse_of(examination: Examination, *, run: UUID, attempt: int) -> Pulse:
    """Beats for one worker's attempt at an audit."""

    def note() -> None:
        with tenant(guild=examination.guild):
            held = AuditRun.objects.filter(pk=run, state=AuditState.RUNNING, attempt=attempt)
            held.update(heartbeat_at=timezone.now(), done=examination.done, of=examination.of)

    return Pulse(note, every=BEAT, name=str(run))
