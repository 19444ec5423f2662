"""Background work of the ledger."""

from celery import shared_task

from governance.ledger.asking import attend_every_log
from guild.tenancy.selectors import every_guild


@shared_task(name="ledger.checkpoint")
def checkpoint() -> None:
    """Sign every log that grew and have it cosigned; run by the clock."""
    attend_every_log(every_guild())
