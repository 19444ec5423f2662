"""Offers of rituals within a guild: who learnt what from whom on which terms, and what was said back."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from colonies.exchange.enums import Answer, Terms, WordKind
from colonies.rituals.models import Colony, Ritual
from guild.tenancy.models import Guild, Membership


def within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, related_name="+", **options)


class Offer(models.Model):
    """A ritual that other colonies of the guild may take up. Withdrawn, it leaves every lineage as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = within_guild(Ritual, on_delete=models.CASCADE)
    offered_by = within_guild(Membership, on_delete=models.PROTECT)
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

    @property
    def is_by_request(self) -> bool:
        return self.terms == Terms.REQUEST


class Asking(models.Model):
    """A colony's request for a ritual that is given by request. Given, `terms` says on which."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    offer = within_guild(Offer, on_delete=models.CASCADE)
    colony = within_guild(Colony, on_delete=models.CASCADE)
    asked_by = within_guild(Membership, on_delete=models.PROTECT)
    word = models.TextField(max_length=1000, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=20, choices=Answer.choices, default=Answer.OPEN)
    terms = models.CharField(max_length=20, choices=Terms.choices, blank=True)
    reply = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_asking"
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "offer", "colony"],
                condition=Q(answer__in=(Answer.OPEN, Answer.GIVEN)),
                name="one_live_asking_a_colony",
            )
        ]

    def __str__(self) -> str:
        return f"asking {self.id}"


class Adoption(models.Model):
    """Where a ritual comes from: which one, in which version, and on which terms it was taken up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = within_guild(Ritual, on_delete=models.CASCADE)
    source = within_guild(Ritual, on_delete=models.PROTECT)
    source_version = models.PositiveIntegerField()
    credit = models.CharField(max_length=300, help_text="Kept in every later version.")
    terms = models.CharField(max_length=20, choices=Terms.choices)
    by_request = models.BooleanField(default=False, help_text="Such a ritual is not given on.")
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


class Word(models.Model):
    """Thanks or a story, sent back to those a ritual was learnt from. Its author may take it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    adoption = within_guild(Adoption, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=WordKind.choices)
    text = models.TextField(max_length=2000)
    author = within_guild(Membership, on_delete=models.SET_NULL, null=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_word"
        ordering: ClassVar = ["-said_at", "id"]

    def __str__(self) -> str:
        return f"word {self.id}"


class CultureMonth(models.Model):
    """What was practised in one month, as the clock last counted it; and what the guild was told then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(help_text="Its first day.")
    counted_on = models.DateField()
    colonies = models.PositiveIntegerField()
    rituals = models.PositiveIntegerField()
    partitions = models.JSONField(help_text="Order, alpha, beta and gamma, for the orders 0, 1 and 2.")
    notices = models.JSONField(default=list)

    class Meta:
        db_table = "colonies_culturemonth"
        ordering: ClassVar = ["month"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["guild", "month"], name="one_count_a_month")]

    def __str__(self) -> str:
        return f"cultures of {self.month:%B %Y}"
