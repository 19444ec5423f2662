"""Background work of sessions."""

from celery import shared_task

from lounges.sessions import soon


@shared_task(name="sessions.tell_soon", ignore_result=True)
def tell_soon() -> None:
    """Tell of sessions that begin soon; run by the clock, harmless when run twice."""
    soon.tell_every_guild()
