"""Audits and what they found. Nothing here holds a word of a dream: ids, digests, and the names of rules."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from governance.audits.enums import LIVE, AuditState, FindingState, Severity
from guild.tenancy.models import Guild, Membership


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, **({"related_name": "+"} | options))


class AuditRun(models.Model):
    """One audit of one guild, over its first `size` leaves.

    `step`, `done` and `of` say how far it is; `cursor` is what a worker needs to go on where another was
    killed; `attempt` counts the workers, and only the latest may write. `enqueued_at` is when a worker was
    last asked. `seed` chose the sample of blends that were made again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    requested_by = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=20, choices=AuditState.choices, default=AuditState.REQUESTED)
    attempt = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    enqueued_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    step = models.CharField(max_length=60, blank=True)
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    cursor = models.JSONField(default=dict)
    checked = models.JSONField(default=dict, help_text="How many rows or leaves each check looked at.")
    seed = models.CharField(max_length=32, blank=True)
    found = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=500, blank=True)
    requested_leaf = models.BigIntegerField(null=True, blank=True)
    ended_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "oversight_audit"
        ordering = ["-requested_at", "-id"]
        indexes = [models.Index(fields=["guild", "-requested_at"], name="oversight_audit_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["guild"],
                condition=models.Q(state__in=[state.value for state in LIVE]),
                name="oversight_audit_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"audit {self.id}: {self.get_state_display()}"


class Finding(models.Model):
    """Something that an audit found not to be as the ledger and the law say; or, with no audit, something
    that members brought before the enforcers, which stays until it is ruled on.

    The same thing found again by a later audit is the same finding (`mark`, which is over rule, leaf, table
    and row), until it was gone and had been ruled on: what comes back then is a finding of its own. `rule`
    names a rule of `oversight.rules`; `leaf_index`, `table` and `row` say where; `expected` and `actual` are
    digests, numbers or codes, never words of people; `contribution` leads to the life story of a lent dream.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    audit = _within_guild(AuditRun, on_delete=models.PROTECT, related_name="findings", null=True, blank=True)
    last_audit = _within_guild(AuditRun, on_delete=models.PROTECT, null=True, blank=True)
    mark = models.CharField(max_length=64)
    rule = models.CharField(max_length=60)
    severity = models.CharField(max_length=20, choices=Severity.choices)
    state = models.CharField(max_length=20, choices=FindingState.choices, default=FindingState.OPEN)
    leaf_index = models.BigIntegerField(null=True, blank=True)
    table = models.CharField(max_length=63, blank=True)
    row = models.CharField(max_length=80, blank=True)
    contribution = models.UUIDField(null=True, blank=True)
    expected = models.CharField(max_length=300, blank=True)
    actual = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="When an audit saw it last.")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When an audit no longer saw it.")
    assigned_to = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    made_leaf = models.BigIntegerField()

    class Meta:
        db_table = "oversight_finding"
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "mark"], condition=models.Q(gone_at=None), name="oversight_finding_once"
            )
        ]
        indexes = [models.Index(fields=["guild", "state", "-found_at"], name="oversight_finding_by_state")]

    def __str__(self) -> str:
        return f"finding {self.id}: {self.rule}"
