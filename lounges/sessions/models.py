"""Lounges, sessions, and what happens in them. Every text a person wrote about a dream is sealed."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from guild.tenancy.models import Guild, Membership
from lounges.experiences.models import ExperienceVersion
from lounges.sessions import formats
from lounges.sessions.enums import Confidentiality, ContributionState, EventType, Extent, SessionState

EPOCH_LENGTH = 8


def new_epoch() -> str:
    """Names one history of a session; offsets of another epoch mean nothing in it."""
    return get_random_string(EPOCH_LENGTH, "abcdefghijklmnopqrstuvwxyz0123456789")


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration, since a plain one may leave
    the guild.
    """
    return models.ForeignKey(target, db_constraint=False, related_name="+", **options)


class Lounge(models.Model):
    """A guild's standing place for sessions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    description = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "lounges_lounge"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["guild", "slug"], name="one_lounge_a_slug")]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """One live meeting. `next_offset` is where its next event goes; offsets start at 1 and have no gap."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    lounge = _within_guild(Lounge, on_delete=models.CASCADE)
    host = _within_guild(Membership, on_delete=models.PROTECT)
    title = models.CharField(max_length=120)
    format = models.CharField(max_length=40, default=formats.OPEN_CIRCLE.name)
    confidentiality = models.CharField(
        max_length=20, choices=Confidentiality.choices, default=Confidentiality.SESSION
    )
    experience_version = _within_guild(
        ExperienceVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="By which recipe it blends; none means the house's plain one.",
    )
    state = models.CharField(max_length=20, choices=SessionState.choices, default=SessionState.SCHEDULED)
    stage = models.CharField(max_length=40, default=formats.OPEN_CIRCLE.first.name)
    opens_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    halted_at = models.DateTimeField(
        null=True, blank=True, help_text="When its participants stopped its blend: no other is made in it."
    )
    epoch = models.CharField(max_length=EPOCH_LENGTH, default=new_epoch, editable=False)
    next_offset = models.BigIntegerField(default=1, editable=False)
    key_id = models.UUIDField(editable=False)

    class Meta:
        db_table = "lounges_session"
        ordering = ["-opens_at"]
        indexes = [models.Index(fields=["guild", "lounge", "-opens_at"], name="lounges_session_by_lounge")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == SessionState.OPEN

    @property
    def practice(self) -> formats.Format:
        """The declared format that this session follows."""
        return formats.format_named(self.format)

    @property
    def practice_stage(self) -> formats.Stage:
        """The stage that the session is in."""
        return self.practice.stage(self.stage)

    @property
    def top_offset(self) -> int:
        """The offset of the latest event, 0 before the first."""
        return self.next_offset - 1


class Participation(models.Model):
    """One member in one session, from the moment they accepted its terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    membership = _within_guild(Membership, on_delete=models.CASCADE)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    accepted_terms_at = models.DateTimeField(default=timezone.now)
    terms_digest = models.CharField(
        max_length=64, help_text="SHA-256 of the terms exactly as they were shown."
    )
    stepped_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "lounges_participation"
        ordering = ["accepted_terms_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "session", "membership"], name="one_participation_a_member"
            )
        ]

    def __str__(self) -> str:
        return f"participation {self.id}"

    @property
    def is_participating(self) -> bool:
        return self.stepped_out_at is None


class Contribution(models.Model):
    """The copy of a dream, or of a part of it, lent to one session; sealed under a key of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    membership = _within_guild(Membership, on_delete=models.CASCADE)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    dream_id = models.UUIDField(help_text="The dream in its dreamer's journal; not readable from here.")
    dream_revision = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1, help_text="Of the copy: 2 after its first correction.")
    extent = models.CharField(max_length=20, choices=Extent.choices)
    told = models.BooleanField(help_text="Whether it was lent to be read here, and not only to be blended.")
    key_id = models.UUIDField(editable=False)
    title_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    reading_sealed = models.BinaryField()
    state = models.CharField(max_length=20, choices=ContributionState.choices, default=ContributionState.LENT)
    lent_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "lounges_contribution"
        ordering = ["lent_at", "id"]
        indexes = [models.Index(fields=["guild", "session", "lent_at"], name="lounges_contribution_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "session", "dream_id"],
                condition=~Q(state=ContributionState.WITHDRAWN),
                name="one_loan_of_a_dream_a_session",
            )
        ]

    def __str__(self) -> str:
        return f"contribution {self.id}"

    @property
    def is_lent(self) -> bool:
        return self.state == ContributionState.LENT


class Association(models.Model):
    """What a dream brought to somebody's mind; sealed under `key_id`, as all that they say in this session.

    One from before has no `key_id` and is sealed under the session's key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    contribution = _within_guild(Contribution, on_delete=models.CASCADE)
    membership = _within_guild(Membership, on_delete=models.CASCADE)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField(null=True, editable=False)
    text_sealed = models.BinaryField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "lounges_association"
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["guild", "session", "added_at"], name="lounges_association_by_time")]

    def __str__(self) -> str:
        return f"association {self.id}"


class SessionEvent(models.Model):
    """One place in a session's order. `data` holds ids and names of stages, never words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.PROTECT, related_name="+")
    session = _within_guild(Session, on_delete=models.PROTECT)
    offset = models.BigIntegerField()
    type = models.CharField(max_length=40, choices=EventType.choices)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "lounges_sessionevent"
        ordering = ["offset"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "session", "offset"], name="one_event_an_offset")
        ]

    def __str__(self) -> str:
        return f"{self.offset} {self.type}"


class CommandReceipt(models.Model):
    """The reply that was given to a command, so that the same command sent again changes nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    session = _within_guild(Session, on_delete=models.CASCADE)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    method = models.CharField(max_length=40)
    reply = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "lounges_commandreceipt"
        constraints = [
            models.UniqueConstraint(fields=["guild", "dreamer", "key"], name="one_receipt_a_command")
        ]

    def __str__(self) -> str:
        return f"receipt of {self.method}"
