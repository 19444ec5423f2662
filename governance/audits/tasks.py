"""Background work of audits: ids in, one service called."""

from uuid import UUID

from celery import shared_task

from governance.audits import services
from governance.audits.queue import AUDIT_TASK


@shared_task(name=AUDIT_TASK, acks_late=True, ignore_result=True)
def audit(*, guild_id: str, run_id: str) -> None:
    """Bring one audit to its end; harmless when delivered twice."""
    services.perform_audit(guild_id=UUID(guild_id), run_id=UUID(run_id))


@shared_task(name="oversight.audit_every_guild", ignore_result=True)
def audit_every_guild() -> None:
    """Ask for an audit of each guild; run by the clock, at night."""
    services.audit_every_guild()


@shared_task(name="oversight.resume_audits", ignore_result=True)
def resume_audits() -> None:
    """Ask again for audits that lost their worker or their message; run by the clock."""
    services.resume_audits()
