"""Experiences, their versions, and the approvals of each. A version's numbers are written once."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from guild.tenancy.models import Guild, Membership
from lounges.experiences.enums import VersionState
from lounges.experiences.recipe import Recipe


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, **({"related_name": "+"} | options))


class Experience(models.Model):
    """A named recipe of the guild. `suspended_at` says that nothing may be blended by it, in any version,
    until a ruling lifts that; `suspended_leaf` is the latest leaf about it. The house's plain recipe has a
    row only once something happened to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    description = models.TextField(max_length=1000, blank=True)
    author = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    is_plain = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "experiences_experience"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "name"], name="experiences_one_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class ExperienceVersion(models.Model):
    """One version: its numbers, why it was written, by whom, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    experience = _within_guild(Experience, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    numbers = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    author = _within_guild(Membership, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=20, choices=VersionState.choices, default=VersionState.DRAFT)
    written_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    approved_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "experiences_version"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "experience", "number"], name="experiences_one_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def recipe(self) -> Recipe:
        """The numbers as they are stored: what is stored was checked when it was written."""
        return Recipe(**self.numbers)


class Approval(models.Model):
    """One enforcer's approval of one version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    version = _within_guild(ExperienceVersion, on_delete=models.CASCADE, related_name="approvals")
    enforcer = _within_guild(Membership, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "experiences_approval"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "version", "enforcer"], name="experiences_one_approval_each"
            )
        ]

    def __str__(self) -> str:
        return f"approval of {self.version_id}"
