"""What enforcers decided about a finding, what came of it, and who looked.

`reasons` are an enforcer's own sentences about leaves, rows and rules. An enforcer never reads a dream, so no
word of one can be in them; they stand in the guild's report, and never in the ledger.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance.audits.models import Finding
from governance.oversight.enums import Outcome, RemedyKind, RemedyState, Reminded, RulingState, Verdict
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

LONGEST_REASONS = 2_000


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, **({"related_name": "+"} | options))


def _member(**options: Any) -> models.ForeignKey:
    return _within_guild(Membership, on_delete=models.PROTECT, **options)


class Ruling(models.Model):
    """One enforcer's decision on one finding. Without a second where its remedies need two, it has no effect.

    `names` is the member whom the ruling holds responsible, if it names one. `second` is who confirmed it or
    did not; `in_force_at` is when it took effect.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    finding = _within_guild(Finding, on_delete=models.PROTECT, related_name="rulings")
    ruled_by = _member()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    reasons = models.TextField(max_length=LONGEST_REASONS)
    names = _member(null=True, blank=True)
    state = models.CharField(max_length=20, choices=RulingState.choices)
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    second = _member(null=True, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    second_leaf = models.BigIntegerField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "oversight_ruling"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "finding"],
                condition=Q(state__in=[RulingState.PROPOSED.value, RulingState.IN_FORCE.value]),
                name="oversight_ruling_one_stands",
            )
        ]
        indexes = [models.Index(fields=["guild", "-at"], name="oversight_ruling_by_time")]

    def __str__(self) -> str:
        return f"ruling {self.id}: {self.get_verdict_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.state == RulingState.IN_FORCE

    @property
    def is_proposed(self) -> bool:
        return self.state == RulingState.PROPOSED


class Remedy(models.Model):
    """One thing that a ruling orders. `touched` counts what it was done to, `office` is what it suspends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ruling = _within_guild(Ruling, on_delete=models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=20, choices=RemedyKind.choices)
    office = models.CharField(max_length=20, choices=Office.choices, blank=True)
    state = models.CharField(max_length=20, choices=RemedyState.choices, default=RemedyState.WAITING)
    touched = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "oversight_remedy"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "ruling", "kind"], name="oversight_remedy_once_a_ruling")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class Appeal(models.Model):
    """The word of somebody whom a ruling touches, and the answer of an enforcer who had no part in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ruling = _within_guild(Ruling, on_delete=models.PROTECT, related_name="appeals")
    made_by = _member()
    reasons = models.TextField(max_length=LONGEST_REASONS)
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    leaf = models.BigIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    decided_by = _member(null=True, blank=True)
    answer = models.TextField(max_length=LONGEST_REASONS, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "oversight_appeal"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "ruling"], name="oversight_appeal_one_a_ruling")
        ]

    def __str__(self) -> str:
        return f"appeal {self.id}: {self.get_outcome_display() or 'undecided'}"

    @property
    def is_decided(self) -> bool:
        return bool(self.outcome)


class Telling(models.Model):
    """A dreamer was told of a ruling about what they lent; it stays theirs to see after leaving the guild."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ruling = _within_guild(Ruling, on_delete=models.CASCADE)
    contribution = models.UUIDField(null=True, blank=True)
    rule = models.CharField(max_length=60)
    told_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "oversight_telling"
        ordering = ["-told_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "ruling", "dreamer"], name="oversight_telling_once_a_dreamer"
            )
        ]
        indexes = [models.Index(fields=["dreamer", "-told_at"], name="oversight_telling_of_dreamer")]

    def __str__(self) -> str:
        return f"telling {self.id}"


class Visit(models.Model):
    """When a member last looked at oversight, and how many leaves the log had then.

    `since` and `since_size` are of the visit before the one that goes on now: how far back "since I was last
    here" goes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    membership = _within_guild(Membership, on_delete=models.CASCADE)
    since = models.DateTimeField(null=True, blank=True)
    since_size = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now)
    seen_size = models.BigIntegerField(default=0)

    class Meta:
        db_table = "oversight_visit"
        constraints = [
            models.UniqueConstraint(fields=["guild", "membership"], name="oversight_visit_one_a_member")
        ]

    def __str__(self) -> str:
        return f"visit {self.id}"


class Reminder(models.Model):
    """That enforcers were reminded of a finding or an appeal (`about`), so that each is said once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    about = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Reminded.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "oversight_reminder"
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "about", "kind"], name="oversight_reminder_once_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"reminder {self.id}: {self.get_kind_display()}"
