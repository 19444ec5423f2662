"""The adapter to Celery: asks a worker to look at one proposal now, with ids alone.

Nothing hangs on the message: the clock looks at every proposal that is due, several times a minute.
"""

from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction

TURN_TASK = "deliberation.turn_one"


def enqueue_on_commit(*, guild: UUID, proposal: UUID) -> None:
    """Ask once the transaction has committed."""
    transaction.on_commit(partial(_send, guild, proposal), robust=True)


def _send(guild: UUID, proposal: UUID) -> None:
    arguments = {"guild_id": str(guild), "proposal_id": str(proposal)}
    current_app.send_task(TURN_TASK, kwargs=arguments, retry=False)
