"""Reports, what was decided about them, and appeals against that. What a reporter wrote is sealed."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from governance.moderation.enums import Outcome, Reason, ReportState
from guild.tenancy.models import Guild, Membership


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, **({"related_name": "+"} | options))


class Report(models.Model):
    """Something that a member reported, and what became of it. Who reported it is told to moderators alone;
    `reported` is whose it is. `target` is a row of another room, `commitment` what stands for it in the
    ledger. `reasons` are the decision's, which every member may read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    target = models.UUIDField()
    commitment = models.CharField(max_length=64)
    reporter = _within_guild(Membership, on_delete=models.PROTECT)
    reported = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words_sealed = models.BinaryField()
    key_id = models.UUIDField(editable=False)
    state = models.CharField(max_length=20, choices=ReportState.choices, default=ReportState.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    decided_by = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_leaf = models.BigIntegerField(null=True, blank=True)
    office = models.CharField(max_length=20, blank=True)
    reasons = models.CharField(max_length=1000, blank=True)
    finding = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "moderation_report"
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["guild", "kind", "target"], name="moderation_report_by_target"),
            models.Index(fields=["guild", "state", "-made_at"], name="moderation_report_by_state"),
        ]

    def __str__(self) -> str:
        return f"report {self.id}: {self.get_state_display()}"

    @property
    def is_undecided(self) -> bool:
        return self.state in (ReportState.OPEN, ReportState.REFERRED)


class ModerationAppeal(models.Model):
    """The appeal of whoever's words were hidden, once a decision; answered by somebody who did not decide."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    report = _within_guild(Report, on_delete=models.CASCADE, related_name="appeals")
    reasons = models.CharField(max_length=1000)
    made_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    decided_by = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "moderation_appeal"
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "report"], name="moderation_one_appeal_a_report")
        ]

    def __str__(self) -> str:
        return f"appeal against {self.report_id}"
