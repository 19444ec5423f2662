"""What the clock does with offices."""

from celery import shared_task

from governance.offices.ending import end_every_due_term
from governance.offices.joint import carry_out_every_closing


@shared_task(name="offices.end_terms", ignore_result=True)
def end_terms() -> None:
    """End the offices whose term is over; run every hour."""
    end_every_due_term()


@shared_task(name="offices.close_guilds", ignore_result=True)
def close_guilds() -> None:
    """Close the guilds of which two agreed that they close, once the days for objecting are over."""
    carry_out_every_closing()
