"""Background work: ids in, one service called."""

from uuid import UUID

from celery import shared_task

from lounges.dreamscapes import services
from lounges.dreamscapes.queue import BLEND_TASK


@shared_task(name=BLEND_TASK, acks_late=True, ignore_result=True)
def blend(*, guild_id: str, run_id: str) -> None:
    """Bring one blend to its end; harmless when delivered twice."""
    services.perform_blend(guild_id=UUID(guild_id), run_id=UUID(run_id))


@shared_task(name="dreamscapes.resume_stalled", ignore_result=True)
def resume_stalled() -> None:
    """Ask again for blends that lost their worker or their message."""
    services.resume_stalled()
