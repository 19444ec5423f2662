"""The rows of the sleep diary. They belong to a dreamer and to no guild; all but the night is sealed."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from colonies.rituals.models import Ritual
from guild.tenancy.models import Guild


class DiaryEntry(models.Model):
    """One night, sealed whole for this row at this `revision`, under the dreamer's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()
    night = models.DateField(help_text="The sleep night: the date on which the night began.")
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(default=timezone.now)
    entry_sealed = models.BinaryField()

    class Meta:
        db_table = "colonies_diaryentry"
        ordering: ClassVar = ["-night"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dreamer", "night"], name="one_diary_entry_a_night"),
        ]

    def __str__(self) -> str:
        return f"diary of the night of {self.night}"


class StagedNights(models.Model):
    """Nights that were read from a file and wait for their owner's yes; sealed, and gone within a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()
    staged_at = models.DateTimeField(default=timezone.now, editable=False)
    nights_sealed = models.BinaryField()

    class Meta:
        db_table = "colonies_stagednights"
        constraints: ClassVar = [models.UniqueConstraint(fields=["dreamer"], name="one_staged_file")]

    def __str__(self) -> str:
        return f"nights staged at {self.staged_at}"


class ComparedNights(models.Model):
    """One person's part in a comparison over several people. It holds no number of theirs: only that it was,
    of which ritual, when, under which leaf, and over how many.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ritual = models.ForeignKey(Ritual, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    people = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    leaf_index = models.BigIntegerField()

    class Meta:
        db_table = "colonies_comparednights"
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["guild", "dreamer", "-at"], name="compared_by_dreamer")]

    def __str__(self) -> str:
        return f"part in a comparison over {self.people}"
