"""Offers of rituals, and what became of them: who learnt what from whom."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from colonies.exchange.enums import Terms
from colonies.rituals.models import Ritual
from guild.tenancy.models import Guild, Membership


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, related_name="+", **options)


class Offer(models.Model):
    """A ritual that other colonies of the guild may take up. Withdrawn, it leaves every lineage as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = _within_guild(Ritual, on_delete=models.CASCADE)
    offered_by = _within_guild(Membership, on_delete=models.PROTECT)
    terms = models.CharField(max_length=20, choices=Terms.choices)
    word = models.TextField(max_length=1000, blank=True, help_text="To those who take it up.")
    offered_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_offer"
        ordering: ClassVar = ["-offered_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "ritual"], condition=Q(withdrawn_at=None), name="one_live_offer_a_ritual"
            )
        ]

    def __str__(self) -> str:
        return f"offer {self.id}"


class Adoption(models.Model):
    """Where a ritual comes from: which one, in which version, and on which terms it was taken up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = _within_guild(Ritual, on_delete=models.CASCADE)
    source = _within_guild(Ritual, on_delete=models.PROTECT)
    source_version = models.PositiveIntegerField()
    credit = models.CharField(max_length=300, help_text="Kept in every later version.")
    terms = models.CharField(max_length=20, choices=Terms.choices)
    adopted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_adoption"
        ordering: ClassVar = ["adopted_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guild", "ritual"], name="one_source_a_ritual"),
            models.CheckConstraint(condition=~Q(ritual=models.F("source")), name="not_from_itself"),
        ]

    def __str__(self) -> str:
        return f"adoption {self.id}"
