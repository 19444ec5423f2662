"""The rows of the sleep diary. They belong to a dreamer and to no guild; all but the night is sealed."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


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
