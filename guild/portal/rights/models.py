"""What a dreamer asked for under their rights, and an archive that waits for their yes. Theirs alone."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from guild.portal.rights.enums import Right

STAGED_FOR = timedelta(days=1)
"""How long an archive that was read waits for its owner's yes."""


class RightsRecord(models.Model):
    """One use of a right. `detail` holds numbers, ids and digests; a certificate holds no word of a dream.

    The same form sent twice has the same `form_key`, and so is one use.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    right = models.CharField(max_length=20, choices=Right.choices)
    at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    certificate = models.TextField(blank=True)

    class Meta:
        db_table = "rights_record"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["dreamer", "-at"], name="rights_record_by_time")]
        constraints = [models.UniqueConstraint(fields=["dreamer", "form_key"], name="rights_once_a_form")]

    def __str__(self) -> str:
        return f"{self.get_right_display()} at {self.at}"


class StagedArchive(models.Model):
    """An archive that was read and is waiting for its owner to say yes; sealed, and gone within a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()
    staged_at = models.DateTimeField(default=timezone.now, editable=False)
    archive_sealed = models.BinaryField()

    class Meta:
        db_table = "rights_staged_archive"
        indexes = [models.Index(fields=["dreamer", "staged_at"], name="rights_staged_by_time")]

    def __str__(self) -> str:
        return f"archive staged at {self.staged_at}"
