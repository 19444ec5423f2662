"""The adapter to Celery: asks a worker for a blend, with ids alone.

The row of the run is the truth. A message may be lost, late or doubled; `services.resume_stalled` sends
it again, and a run is made once however often it is asked for.
"""

import logging
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

BLEND_TASK = "dreamscapes.blend"
QUEUE = "blend"


def enqueue_on_commit(*, guild: UUID, run: UUID) -> None:
    """Ask once the transaction has committed. A broker that is away is noted, and asked again by the
    resumer.
    """
    transaction.on_commit(partial(_send, guild, run), robust=True)


def _send(guild: UUID, run: UUID) -> None:
    current_app.send_task(
        BLEND_TASK, kwargs={"guild_id": str(guild), "run_id": str(run)}, queue=QUEUE, retry=False
    )
