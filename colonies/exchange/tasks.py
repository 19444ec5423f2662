"""Background work of the exchange."""

from celery import shared_task

from colonies.exchange import announcing, counting


@shared_task(name="exchange.count_cultures", ignore_result=True)
def count_cultures() -> None:
    """Count what the colonies of each guild keep, and tell guilds that melt into one; run daily."""
    counting.count_every_guild()


@shared_task(name="exchange.tell_letters", ignore_result=True)
def tell_letters() -> None:
    """Tell those who lead a colony of letters that came from other guilds; harmless when run twice."""
    announcing.tell_letters()
