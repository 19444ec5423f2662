"""What one wants to be reminded of and how, and each reminder that is due once."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from colonies.reminders.enums import Channel
from colonies.rituals.models import Ritual
from guild.tenancy.models import Guild, Membership


class RitualReminder(models.Model):
    """One person wants to be reminded of one ritual, so many minutes before it begins: on the pages always,
    and in other ways as chosen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    ritual = models.ForeignKey(Ritual, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    minutes_before = models.PositiveSmallIntegerField(default=15)
    by_email = models.BooleanField(default=False)
    by_push = models.BooleanField(default=False)

    class Meta:
        db_table = "colonies_ritualreminder"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guild", "membership", "ritual"], name="one_reminder_a_ritual"),
            models.CheckConstraint(condition=Q(minutes_before__lte=180), name="reminded_within_three_hours"),
        ]

    def __str__(self) -> str:
        return f"reminder {self.id}"


class DueReminder(models.Model):
    """One reminder of one occurrence by one way (and device), made once. `sent_at` is set in the transaction
    that sends it. It goes a day after what it was of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    ritual = models.ForeignKey(Ritual, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    begins_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    device = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_duereminder"
        ordering: ClassVar = ["begins_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "membership", "ritual", "begins_at", "channel", "device"],
                nulls_distinct=False,
                name="one_reminder_an_occurrence",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.PUSH.value, device__isnull=False)
                | (~Q(channel=Channel.PUSH.value) & Q(device=None)),
                name="only_devices_ring",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["guild", "begins_at"], name="due_unsent", condition=Q(sent_at=None)),
            models.Index(fields=["dreamer", "begins_at"], name="due_by_dreamer"),
        ]

    def __str__(self) -> str:
        return f"reminder {self.id}"
