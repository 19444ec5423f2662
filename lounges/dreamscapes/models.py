"""Blend runs and what they made. A run holds no words; what it made is sealed under a key of its own."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guild.tenancy.models import Guild, Membership
from lounges.dreamscapes.enums import LIVE, Because, RunState
from lounges.experiences.models import ExperienceVersion
from lounges.sessions.models import Contribution, Session


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    return models.ForeignKey(target, db_constraint=False, **({"related_name": "+"} | options))


class BlendRun(models.Model):
    """One execution of a blend, and the page it is shown on.

    `attempt` counts the workers that took it up; only the latest may finish it. `heartbeat_at` says that
    one is at work, `enqueued_at` when a worker was last asked. `supersedes` is the run that this one
    replaces, whose dreams it takes up without the one that was taken back. `expires_at` is when the first
    consent in it runs out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    requested_by = _within_guild(Membership, on_delete=models.PROTECT)
    key = models.UUIDField(default=uuid.uuid4, help_text="The same request sent again has the same key.")
    supersedes = _within_guild(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    experience_version = _within_guild(
        ExperienceVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="The recipe it is made by; none means the house's plain one.",
    )
    state = models.CharField(max_length=20, choices=RunState.choices, default=RunState.REQUESTED)
    attempt = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    enqueued_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=20, choices=Because.choices, blank=True)
    failure = models.CharField(
        max_length=500, blank=True, help_text="A sentence for people; never words of dreams."
    )
    floor = models.DecimalField(max_digits=3, decimal_places=2)
    left_out = models.PositiveIntegerField(
        default=0, help_text="Dreams lent to the session but not to a blend."
    )
    terms = models.JSONField(default=dict, help_text="The numbers of the blend terms.")
    inputs_digest = models.CharField(max_length=64, blank=True)
    outputs_digest = models.CharField(max_length=64, blank=True)
    policy_set = models.CharField(max_length=64, blank=True)
    requested_leaf = models.BigIntegerField()
    use_leaf = models.BigIntegerField(null=True, blank=True)
    ended_leaf = models.BigIntegerField(null=True, blank=True)
    superseded_leaf = models.BigIntegerField(null=True, blank=True)
    key_id = models.UUIDField(null=True, editable=False)

    class Meta:
        db_table = "dreamscapes_run"
        ordering = ["-requested_at", "-id"]
        indexes = [
            models.Index(fields=["guild", "session", "-requested_at"], name="dreamscapes_run_by_session")
        ]
        constraints = [
            models.UniqueConstraint(fields=["guild", "session", "key"], name="dreamscapes_run_once_a_key"),
            models.UniqueConstraint(fields=["guild", "supersedes"], name="dreamscapes_run_one_replacement"),
            models.UniqueConstraint(
                fields=["guild", "session"],
                condition=Q(state__in=[state.value for state in LIVE], supersedes=None),
                name="dreamscapes_run_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"blend {self.id}: {self.get_state_display()}"

    @property
    def is_live(self) -> bool:
        """Whether it is still to end."""
        return self.state in LIVE


class BlendVoice(models.Model):
    """One contribution that is in a finished run, and whose it is: what a withdrawal looks for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    run = _within_guild(BlendRun, on_delete=models.CASCADE, related_name="voices")
    contribution = _within_guild(Contribution, on_delete=models.CASCADE)
    revision = models.PositiveIntegerField(default=1, help_text="Of the lent copy, as it was blended.")
    membership = _within_guild(Membership, on_delete=models.PROTECT)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "dreamscapes_voice"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "run", "contribution"], name="dreamscapes_voice_once_a_run"
            )
        ]
        indexes = [models.Index(fields=["guild", "contribution"], name="dreamscapes_voice_by_loan")]

    def __str__(self) -> str:
        return f"voice {self.contribution_id} in {self.run_id}"


class Dreamscape(models.Model):
    """What one run made for everybody in the session. It has the id of its run."""

    id = models.UUIDField(primary_key=True, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    run = _within_guild(BlendRun, on_delete=models.CASCADE, related_name="dreamscapes")
    title_sealed = models.BinaryField()
    document_sealed = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "dreamscapes_dreamscape"
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "run"], name="dreamscapes_dreamscape_one_a_run")
        ]

    def __str__(self) -> str:
        return f"dreamscape {self.id}"


class Reflection(models.Model):
    """What one run made for one dreamer. Row-level security shows it to nobody else, not even to their
    guild.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    run = _within_guild(BlendRun, on_delete=models.CASCADE)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    document_sealed = models.BinaryField()

    class Meta:
        db_table = "dreamscapes_reflection"
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "run", "dreamer"], name="dreamscapes_reflection_one_each"
            )
        ]

    def __str__(self) -> str:
        return f"reflection {self.id}"
