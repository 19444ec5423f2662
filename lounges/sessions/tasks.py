"""Background work: one service called."""

from celery import shared_task

from lounges.sessions.retention import give_back_overdue


@shared_task(name="sessions.give_back_overdue", ignore_result=True)
def give_back() -> None:
    """Give back what has been lent for longer than its guild's law allows."""
    give_back_overdue()
