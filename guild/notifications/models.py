"""What one is told, how one wants to be told of it, what is on its way, and the devices that ring."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


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
