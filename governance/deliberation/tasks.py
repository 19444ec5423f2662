"""Background work of deliberation: ids in, one service called."""

from uuid import UUID

from celery import shared_task

from governance.deliberation import turning
from governance.deliberation.queue import TURN_TASK


@shared_task(name="deliberation.turn", ignore_result=True)
def turn() -> None:
    """Open and end what is due, in every guild; run by the clock."""
    turning.turn_every_guild()


@shared_task(name=TURN_TASK, ignore_result=True)
def turn_one(*, guild_id: str, proposal_id: str) -> None:
    """Look at one proposal now; harmless when delivered twice."""
    turning.turn(guild=UUID(guild_id), proposal=UUID(proposal_id))
