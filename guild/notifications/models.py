"""What one is told, how one wants to be told of it, what is on its way, and the devices that ring."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guild.notifications.enums import Channel, Every, Kind, When
from guild.notifications.kinds import SAID, Said


def every_channel() -> list[str]:
    """A new notice is settled for no channel yet."""
    return list(Channel.values)


class Notice(models.Model):
    """One thing that a dreamer is told, once: `key` names it. It stands on their pages, and goes half a year
    after it was made. `owed` are the channels for which it is not settled yet whether and when it comes by
    them; `due_at` is when that is looked at next, or when it goes.

    The guild is an id alone: the row is the dreamer's, also after they left. Nor does the account's row hold
    it, since whoever tells may hold a ledger that somebody who erases their account is waiting for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    of_guild = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    path = models.CharField(max_length=250)
    key = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)
    owed = ArrayField(models.CharField(max_length=10), default=every_channel)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "notifications_notice"
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dreamer", "key"], name="told_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["dreamer", "-made_at", "-id"], name="notices_by_time"),
            models.Index(fields=["dreamer"], name="notices_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"notice of {self.made_at:%d %B %Y}"

    @property
    def said(self) -> Said:
        """The sentences of its kind."""
        return SAID[Kind(self.kind)]


class Choice(models.Model):
    """When a dreamer is told of one group by one channel; without a row the usual holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    when = models.CharField(max_length=10, choices=When.choices)

    class Meta:
        db_table = "notifications_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dreamer", "group", "channel"], name="one_choice_a_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.channel}: {self.when}"


class DigestTime(models.Model):
    """When what is gathered comes, by the dreamer's own clock; without a row, every day at 18:00."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.DAY)
    weekday = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(6)])
    hour = models.PositiveSmallIntegerField(default=18, validators=[MaxValueValidator(23)])

    class Meta:
        db_table = "notifications_digesttime"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dreamer"], name="one_digest_time"),
            models.CheckConstraint(condition=Q(weekday__lte=6, hour__lte=23), name="digest_at_a_real_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.every} at {self.hour:02d}:00"


class Message(models.Model):
    """One letter, or one ringing of one device, about these notices. It is sent in the transaction that
    removes it, under a name made of its id; `due_at` is when it is tried next.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    device = models.UUIDField(null=True)
    gathered = models.BooleanField(default=False)
    notices = ArrayField(models.UUIDField())
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "notifications_message"
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [models.Index(fields=["dreamer", "due_at"], name="messages_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel=Channel.PUSH.value, device__isnull=False)
                | Q(channel=Channel.EMAIL.value, device=None),
                name="devices_ring_and_letters_do_not",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"


class PushDevice(models.Model):
    """A browser that may ring. Its address and keys are sealed; the digest tells whether it is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    device_sealed = models.BinaryField()
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "colonies_pushdevice"  # where it began, and what its seals are bound to
        ordering: ClassVar = ["added_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dreamer", "digest"], name="one_row_a_device"),
        ]

    def __str__(self) -> str:
        return f"device of {self.added_at:%d %B %Y}"
