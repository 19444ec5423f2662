"""Reminds enforcers of what is due and of what is overdue, once each; run by the clock in every guild."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from governance.audits.deadlines import remind_from
from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.oversight import announcing
from governance.oversight.appealing import close_settled
from governance.oversight.enums import Reminded
from governance.oversight.ruling import UNDECIDED
from governance.oversight.ruling_models import Appeal, Reminder
from guild.tenancy.context import tenant
from guild.tenancy.selectors import every_guild


@dataclass(frozen=True)
class Pending:
    """Something to decide: a finding or an appeal, by its id, and how urgent it has become."""

    about: UUID
    kind: Reminded


def attend_every_guild(*, now: datetime | None = None) -> int:
    """Close what was not appealed in time, and remind of what is due; how many reminders that were.

    Enters each guild's tenant in turn.
    """
    moment, sent = now or timezone.now(), 0
    for guild in every_guild():
        close_settled(guild=guild, now=moment)
        sent += remind(guild=guild, now=moment)
    return sent


def remind(*, guild: UUID, now: datetime) -> int:
    """One notice to each enforcer when anything has become due or overdue since; how many such things. How it
    comes is the enforcer's own choice.

    Enters the guild's tenant itself.
    """
    with tenant(guild=guild):
        new = [pending for pending in _pending(guild, now=now) if _noted(pending, guild=guild, at=now)]
        if new:
            announcing.due(guild, [(pending.about, pending.kind.value) for pending in new], at=now)
        return len(new)


def _pending(guild: UUID, *, now: datetime) -> Iterable[Pending]:
    findings = Finding.objects.filter(guild_id=guild, state__in=UNDECIDED, due_at__isnull=False)
    rows = list(findings.values_list("pk", "severity", "due_at"))
    appeals = Appeal.objects.filter(guild_id=guild, outcome="", ruling__finding__state=FindingState.APPEALED)
    rows += appeals.values_list("pk", "ruling__finding__severity", "due_at")
    for about, severity, due_at in rows:
        if due_at is None:
            continue
        if due_at <= now:
            yield Pending(about, Reminded.OVERDUE)
        elif remind_from(severity, due_at=due_at) <= now:
            yield Pending(about, Reminded.DUE)


def _noted(pending: Pending, *, guild: UUID, at: datetime) -> bool:
    """Whether it had not been said before."""
    _, is_new = Reminder.objects.get_or_create(
        guild_id=guild, about=pending.about, kind=pending.kind, defaults={"at": at}
    )
    return is_new
