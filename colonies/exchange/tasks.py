"""Background work of the exchange."""

from celery import shared_task

from colonies.exchange import counting


@shared_task(name="exchange.count_cultures", ignore_result=True)
def count_cultures() -> None:
    """Count what the colonies of each guild keep, and tell guilds that melt into one; run daily."""
    counting.count_every_guild()
