"""Background work of notices."""

from celery import shared_task

from guild.notifications import sending


@shared_task(name="notifications.send_due", ignore_result=True)
def send_due() -> None:
    """Plan and send what is due; run by the clock, harmless when run twice at once."""
    sending.send_every_due()
