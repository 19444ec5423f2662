"""Asking for audits, and finding those that lost their worker. What a worker does stands in `running`."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from governance.audits.enums import LIVE, AuditState
from governance.audits.models import AuditRun
from governance.audits.pulse import SILENCE
from governance.audits.queue import enqueue_on_commit
from governance.audits.running import perform_audit
from governance.audits.selectors import due_audits
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import every_guild

CLOCKS_APART: Final = timedelta(hours=1)
"""How far the clock of one machine may be before another's."""

CANNOT_BE: Final = (
    "This audit is said to have been asked for, or to be at work, at a time that cannot be: its row was "
    "changed past the application, and no worker would ever have taken it up."
)
_BEFORE_ALL: Final = datetime(2000, 1, 1, tzinfo=UTC)

__all__ = ["audit_every_guild", "perform_audit", "request_audit", "request_scheduled_audit", "resume_audits"]


@transaction.atomic
def request_audit(*, by: Membership) -> AuditRun:
    """Ask for an audit of one's guild. While one is on its way, it is that one. Raises Denied.

    Call in the guild's tenant; a worker is asked on commit.
    """
    ledger.hold(guild=by.guild_id)
    decision = require(actor=by, action=Action.RUN_AUDIT, resource=entities.guild(by.guild_id))
    return _requested(by.guild_id, by=by, policy_set=decision.policy_set)


def request_scheduled_audit(*, guild: UUID) -> AuditRun:
    """Ask for an audit in nobody's name: the clock's, or the operator's at the command line."""
    with tenant(guild=guild):
        ledger.hold(guild=guild)
        return _requested(guild, by=None, policy_set="")


def audit_every_guild() -> int:
    """Ask for an audit of each guild in turn; how many guilds there are."""
    guilds = every_guild()
    for guild in guilds:
        request_scheduled_audit(guild=guild)
    return len(guilds)


def resume_audits(*, now: datetime | None = None) -> int:
    """Ask again for every audit that lost its worker or its message; how many that were."""
    moment = now or timezone.now()
    return sum(_asked_again(guild, run, now=moment) for guild, run in due_audits(now=moment, silence=SILENCE))


def _requested(guild: UUID, *, by: Membership | None, policy_set: str) -> AuditRun:
    """The audit that is on its way, or a new one; the ledger is held, so there are never two."""
    identity, now = uuid4(), timezone.now()
    _give_up_what_cannot_be(guild, now=now)
    live = AuditRun.objects.filter(guild_id=guild, state__in=LIVE).first()
    if live is not None:
        return live
    leaf = ledger.append(
        guild=guild,
        kind=LeafKind.AUDIT_REQUESTED,
        actor=SYSTEM if by is None else by.pseudonym,
        subjects=[str(identity)],
        policy_set=policy_set,
        at=now,
    )
    run = AuditRun.objects.create(
        id=identity,
        guild_id=guild,
        requested_by=by,
        requested_at=now,
        enqueued_at=now,
        requested_leaf=leaf.index,
        seed=secrets.token_hex(16),
    )
    enqueue_on_commit(guild=guild, run=run.pk)
    return run


def _give_up_what_cannot_be(guild: UUID, *, now: datetime) -> None:
    """An audit on its way at a time that cannot be would never be taken up, and keep every other away."""
    cannot_be = Q()
    for name in ("requested_at", "enqueued_at", "heartbeat_at"):
        cannot_be |= Q((f"{name}__gt", now + CLOCKS_APART)) | Q((f"{name}__lt", _BEFORE_ALL))
    AuditRun.objects.filter(cannot_be, guild_id=guild, state__in=LIVE).update(
        state=AuditState.FAILED,
        failure=CANNOT_BE,
        requested_at=now,
        enqueued_at=now,
        heartbeat_at=now,
        finished_at=now,
    )


def _asked_again(guild: UUID, run: UUID, *, now: datetime) -> bool:
    with tenant(guild=guild):
        silent = AuditRun.objects.filter(pk=run, state__in=LIVE, enqueued_at__lt=now - SILENCE)
        if not silent.exclude(heartbeat_at__gte=now - SILENCE).update(enqueued_at=now):
            return False
        enqueue_on_commit(guild=guild, run=run)
    return True
