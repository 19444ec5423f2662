"""What takes an office away for a while: the membership says which are held, this why one is not."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership


def member_key(**options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(Membership, related_name="+", db_constraint=False, **options)


class Suspension(models.Model):
    """An office that a ruling took from a member. While it lasts, nobody can appoint them to it again.

    Lifting it takes two enforcers: `asked_by` asks, `lifted_by` agrees. An appeal that overturns the ruling
    lifts it too, and leaves both empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    member = member_key(on_delete=models.CASCADE)
    office = models.CharField(max_length=20, choices=Office.choices)
    ruling = models.UUIDField()
    since = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    asked_by = member_key(on_delete=models.PROTECT, null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_leaf = models.BigIntegerField(null=True, blank=True)
    lifted_by = member_key(on_delete=models.PROTECT, null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "offices_suspension"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "member", "office"],
                condition=Q(lifted_at=None),
                name="offices_suspension_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"suspension {self.id}: {self.get_office_display()}"
