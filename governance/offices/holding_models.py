"""For how long an office is held, and how it goes over to somebody else."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance.offices.enums import HandoverState
from governance.offices.models import member_key
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild


class Term(models.Model):
    """One office as one member was given it: `until` is when it ends, None where the law sets no term.

    `leaf` is the leaf that gave it or renewed it, `ended_leaf` the one that ended it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    member = member_key(on_delete=models.CASCADE)
    office = models.CharField(max_length=20, choices=Office.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    leaf = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "offices_term"
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "member", "office"],
                condition=Q(ended_at=None),
                name="offices_term_one_at_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["guild", "until"], condition=Q(ended_at=None), name="offices_term_due")
        ]

    def __str__(self) -> str:
        return f"term {self.id}: {self.get_office_display()}"


class Handover(models.Model):
    """An office offered to a successor, who has to accept it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    giver = member_key(on_delete=models.CASCADE)
    successor = member_key(on_delete=models.CASCADE)
    office = models.CharField(max_length=20, choices=Office.choices)
    state = models.CharField(max_length=20, choices=HandoverState.choices, default=HandoverState.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "offices_handover"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "giver", "office"],
                condition=Q(state="waiting"),
                name="offices_handover_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"handover {self.id}: {self.get_office_display()}"
