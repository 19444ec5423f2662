"""The heartbeat, a sign in Valkey that beat, the broker and a worker are all at work; and tidying up."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from guild.portal import health, staged


@shared_task(name="portal.heartbeat")
def heartbeat() -> None:
    """Leave the sign; it fades by itself."""
    health.note_heartbeat()


@shared_task(name="portal.forget_staged", ignore_result=True)
def forget_staged() -> None:
    """Remove files that were read and never brought in; run by the clock, harmless when run twice."""
    staged.forget_expired()


@worker_ready.connect
def first_heartbeat(**_: Any) -> None:
    """A worker that has just begun need not wait for beat to be known."""
    health.note_heartbeat()
