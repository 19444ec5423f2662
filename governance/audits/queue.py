"""The adapter to Celery: asks a worker for an audit, with ids alone. The row of the audit is the truth."""

from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction

AUDIT_TASK = "oversight.audit"
QUEUE = "audit"


def enqueue_on_commit(*, guild: UUID, run: UUID) -> None:
    """Ask once the transaction has committed. A broker that is away is noted, and asked again by the
    resumer.
    """
    transaction.on_commit(partial(_send, guild, run), robust=True)


def _send(guild: UUID, run: UUID) -> None:
    current_app.send_task(
        AUDIT_TASK, kwargs={"guild_id": str(guild), "run_id": str(run)}, queue=QUEUE, retry=False
    )
