"""What one asks and another agrees to."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance.offices.enums import GuildActKind, GuildActState
from governance.offices.models import member_key
from guild.tenancy.models import Guild


class GuildAct(models.Model):
    """Something that concerns the whole guild: asked by one, agreed by another.

    `due_at` is when an agreed closing takes effect, and until when an agreed export may be fetched.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=GuildActKind.choices)
    state = models.CharField(max_length=20, choices=GuildActState.choices, default=GuildActState.ASKED)
    asked_by = member_key(on_delete=models.PROTECT)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_leaf = models.BigIntegerField()
    agreed_by = member_key(on_delete=models.PROTECT, null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_leaf = models.BigIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_by = member_key(on_delete=models.PROTECT, null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "offices_guild_act"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "kind"],
                condition=Q(state__in=["asked", "agreed"]),
                name="offices_guild_act_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"guild act {self.id}: {self.get_kind_display()}"
