"""Exchange evenings: two colonies keep each other's ritual, one after the other, on one night."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from colonies.exchange.enums import EveningState
from colonies.exchange.models import within_guild
from colonies.rituals.models import Colony, Ritual
from guild.tenancy.models import Guild, Membership


class Evening(models.Model):
    """`ours`, the proposing colony's, is kept first; `theirs` follows. `starts` is a wall clock of `zone`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    host = within_guild(Colony, on_delete=models.CASCADE)
    guest = within_guild(Colony, on_delete=models.CASCADE)
    ours = within_guild(Ritual, on_delete=models.CASCADE)
    theirs = within_guild(Ritual, on_delete=models.CASCADE)
    starts = models.CharField(max_length=16, help_text="2026-11-25T21:30")
    zone = models.CharField(max_length=60)
    word = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=20, choices=EveningState.choices, default=EveningState.PROPOSED)
    proposed_by = within_guild(Membership, on_delete=models.PROTECT)
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    times = ArrayField(models.UUIDField(), default=list, help_text="The two schedules that it made, agreed.")

    class Meta:
        db_table = "colonies_evening"
        ordering: ClassVar = ["-starts", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(host=F("guest")), name="two_colonies")]

    def __str__(self) -> str:
        return f"exchange evening {self.id}"

    @property
    def day(self) -> date:
        return datetime.fromisoformat(self.starts).date()


class EveningNote(models.Model):
    """What somebody of one of the two colonies says of it afterwards. Its author may take it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    evening = within_guild(Evening, on_delete=models.CASCADE)
    text = models.TextField(max_length=2000)
    author = within_guild(Membership, on_delete=models.SET_NULL, null=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_eveningnote"
        ordering: ClassVar = ["said_at", "id"]

    def __str__(self) -> str:
        return f"note {self.id}"
