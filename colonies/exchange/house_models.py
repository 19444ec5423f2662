"""What crosses from guild to guild of the house: an offer on purpose, the copy of it, and a letter back.

An offer is the one row of a guild that others read: its wall shows it to the guilds that it is for, or to
all, while it stands. Nothing in it refers to another row of its guild that could be followed.
"""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from colonies.exchange.enums import GIVEN_CHOICES, WordKind
from colonies.exchange.models import within_guild
from colonies.rituals.models import Ritual
from guild.tenancy.models import Guild


class HouseOffer(models.Model):
    """A ritual as it stood when it was offered beyond its guild: all of it in `document`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = within_guild(Ritual, on_delete=models.CASCADE)
    readers = ArrayField(models.UUIDField(), default=list, help_text="The guilds it is for; none means all.")
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document, which the ledger holds too.")
    terms = models.CharField(max_length=20, choices=GIVEN_CHOICES)
    offered_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_houseoffer"
        ordering: ClassVar = ["-offered_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "ritual"], condition=Q(withdrawn_at=None), name="one_house_offer_a_ritual"
            )
        ]

    def __str__(self) -> str:
        return f"offer to the house {self.id}"


class HouseAdoption(models.Model):
    """Where a ritual of another guild comes from: a copy of what was offered, which nothing takes away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = within_guild(Ritual, on_delete=models.CASCADE)
    offer_id = models.UUIDField()
    giver = models.UUIDField(help_text="The guild that offered it.")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    terms = models.CharField(max_length=20, choices=GIVEN_CHOICES)
    credit = models.CharField(max_length=300)
    adopted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_houseadoption"
        ordering: ClassVar = ["adopted_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guild", "ritual"], name="one_origin_a_ritual")
        ]

    def __str__(self) -> str:
        return f"adoption from another guild {self.id}"


class Letter(models.Model):
    """Thanks or a story to the guild that a ritual came from, in the name of the colony that keeps it.

    It is read in both guilds; no person of the one is named in the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    to_guild = models.UUIDField()
    offer_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=WordKind.choices)
    sender = models.CharField(max_length=210, help_text="Colony and guild, by the names they had.")
    text = models.TextField(max_length=2000)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_letter"
        ordering: ClassVar = ["-sent_at", "id"]

    def __str__(self) -> str:
        return f"letter {self.id}"
