"""Background work of oversight: one service called."""

from celery import shared_task

from governance.oversight import reminding


@shared_task(name="oversight.remind", ignore_result=True)
def remind() -> None:
    """Remind enforcers of what is due, and close what was not appealed in time; run by the clock."""
    reminding.attend_every_guild()
