"""Audits for whoever waits for them: what they look at, how far they are, what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from governance.audits import registry
from governance.audits.enums import LIVE, AuditState
from governance.audits.models import AuditRun
from governance.oversight.access import require_enforcer
from governance.oversight.errors import NoSuchFinding
from guild.tenancy.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Told:
    """An audit in words. `share` is how much of it is done, from 0 to 1."""

    audit: AuditRun
    step: str
    steps_done: int
    steps: int
    share: float

    @property
    def is_live(self) -> bool:
        return self.audit.state in LIVE

    @property
    def has_failed(self) -> bool:
        return self.audit.state == AuditState.FAILED

    @property
    def looked_at(self) -> list[tuple[str, int]]:
        """What was looked at, and how many of each."""
        return sorted((what.replace("_", " "), int(count)) for what, count in self.audit.checked.items())


def audits_of(guild: UUID) -> "QuerySet[AuditRun]":
    """Every audit of a guild, latest first, with who asked for it."""
    return AuditRun.objects.filter(guild_id=guild).select_related("requested_by")


def audit_for(member: Membership, audit: UUID) -> AuditRun:
    """One audit of the member's guild. Raises NoSuchFinding (a 404), then Denied."""
    found = audits_of(member.guild_id).filter(pk=audit).first()
    if found is None:
        raise NoSuchFinding("There is no such audit in this guild.")
    require_enforcer(member)
    return found


def told(audits: Iterable[AuditRun]) -> list[Told]:
    """These audits in words, without a query."""
    steps = len(registry.every_check())
    return [_told(audit, steps) for audit in audits]


def _told(audit: AuditRun, steps: int) -> Told:
    done = len(audit.cursor.get("done", []))
    within = min(audit.done / audit.of, 1.0) if audit.of and audit.state in LIVE else 0.0
    return Told(
        audit=audit,
        step=registry.title_of(audit.step),
        steps_done=done,
        steps=steps,
        share=min((done + within) / steps, 1.0) if steps else 0.0,
    )
