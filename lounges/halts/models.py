"""Calls for a stop, and the halts they led to. Who called is held by the house and shown to nobody."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guild.tenancy.models import Guild
from lounges.dreamscapes.models import BlendRun
from lounges.experiences.models import Experience, ExperienceVersion
from lounges.sessions.models import Session


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, **({"related_name": "+"} | options))


class Call(models.Model):
    """One participant's call for a stop, until they take it back. `commitment` stands for it in the ledger,
    made with the session's key: without that key nobody can tell whose it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    participation = models.UUIDField(
        help_text="Whose; kept when they erase their account, and then nobody's."
    )
    commitment = models.CharField(max_length=64)
    called_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    leaf = models.BigIntegerField()
    taken_back_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "halts_call"
        ordering = ["called_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "session", "participation"],
                condition=Q(taken_back_at=None),
                name="halts_one_call_each",
            )
        ]

    def __str__(self) -> str:
        return f"call {self.id}"


class Halt(models.Model):
    """The threshold was reached: no blend is made in this session any more. One a session, for good.

    `run` is the blend that was stopped, if one was under way; `experience` what is suspended since, with the
    version it was at (None: the house's plain recipe).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    run = _within_guild(BlendRun, on_delete=models.PROTECT, null=True, blank=True)
    experience = _within_guild(Experience, on_delete=models.PROTECT)
    version = _within_guild(ExperienceVersion, on_delete=models.PROTECT, null=True, blank=True)
    calls = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    participants = models.PositiveIntegerField()
    share = models.CharField(max_length=20)
    finding = models.UUIDField(help_text="What the enforcers rule on.")
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "halts_halt"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["guild", "session"], name="halts_one_a_session")]

    def __str__(self) -> str:
        return f"halt {self.id}"
