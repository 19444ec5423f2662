"""Background work of sessions: one service called by each."""

from celery import shared_task

from lounges.sessions import soon
from lounges.sessions.retention import give_back_overdue


@shared_task(name="sessions.tell_soon", ignore_result=True)
def tell_soon() -> None:
    """Tell of sessions that begin soon; run by the clock, harmless when run twice."""
    soon.tell_every_guild()


@shared_task(name="sessions.give_back_overdue", ignore_result=True)
def give_back() -> None:
    """Give back what has been lent for longer than its guild's law allows."""
    give_back_overdue()
