"""The laws that a guild has had. The one it has now is on its own row, where every decision finds it."""

import uuid

from django.db import models
from django.utils import timezone

from governance.policies.enums import Because
from guild.tenancy.models import Guild, Membership


class PolicySet(models.Model):
    """One law of a guild, whole, from the moment of its leaf until the next; never changed. What a decision
    was made under is found by `digest`.

    `reference` is the proposal that passed, if one did; `house` is the digest of the house's own rules then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    house = models.CharField(max_length=64)
    because = models.CharField(max_length=20, choices=Because.choices)
    reference = models.UUIDField(null=True, blank=True)
    enacted_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    enacted_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "policies_set"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "number"], name="policies_set_numbered"),
            models.UniqueConstraint(
                fields=["guild", "reference"],
                condition=models.Q(reference__isnull=False),
                name="policies_set_once_a_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"law {self.number} of {self.guild_id}"
