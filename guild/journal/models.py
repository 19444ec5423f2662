"""The rows of the journal. They belong to a dreamer and to no guild; their words are sealed."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guild.journal.enums import DreamKind, Emotion

STAGED_FOR = timedelta(days=1)
"""How long a file that was read waits for its owner's yes."""

INTENSITIES = (
    "anger",
    "apprehension",
    "sadness",
    "confusion",
    "happiness",
    "lucidity",
    "vividness",
    "recall",
)


def _intensity() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 4; empty is not rated.")


class Dream(models.Model):
    """One entry. Every sealed column is sealed for this row at this `revision`, under `key_id`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField(help_text="The data key that these words are sealed under: this dream's own.")
    form_key = models.UUIDField(
        null=True, help_text="Made with the form: the same form sent twice is the same dream."
    )
    dreamed_on = models.DateField(help_text="The sleep night: the date on which the night began.")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    revised_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=DreamKind.choices, default=DreamKind.DREAM)
    anger = _intensity()
    apprehension = _intensity()
    sadness = _intensity()
    confusion = _intensity()
    happiness = _intensity()
    lucidity = _intensity()
    vividness = _intensity()
    recall = _intensity()
    title_sealed = models.BinaryField()
    narrative_sealed = models.BinaryField()
    details_sealed = models.BinaryField(help_text="Tags, people and places.")
    reading_sealed = models.BinaryField(help_text="Moments, points, affect and terms: see reading.py.")

    class Meta:
        db_table = "journal_dream"
        ordering: ClassVar = ["-dreamed_on", "-recorded_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["dreamer", "-dreamed_on", "-recorded_at"], name="journal_dream_by_night")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dreamer", "form_key"], name="journal_one_dream_a_form"),
            models.UniqueConstraint(fields=["dreamer", "id"], name="journal_dream_dreamer_key"),
            models.CheckConstraint(condition=Q(kind__in=DreamKind.values), name="journal_known_kind"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="journal_revision_from_one"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": 4}),
                    name=f"journal_{name}_to_four",
                )
                for name in INTENSITIES
            ),
        ]

    def __str__(self) -> str:
        return f"dream of the night of {self.dreamed_on}"

    @property
    def ratings_by_name(self) -> dict[str, int | None]:
        return {emotion.value: getattr(self, emotion.value) for emotion in Emotion}


class DreamRevision(models.Model):
    """What a dream said before it was changed: the whole draft, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The migration adds the real constraint, (dreamer_id, dream_id): a plain one is checked past the wall.
    dream = models.ForeignKey(Dream, on_delete=models.CASCADE, related_name="revisions", db_constraint=False)
    key_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    replaced_at = models.DateTimeField(default=timezone.now, editable=False)
    draft_sealed = models.BinaryField()

    class Meta:
        db_table = "journal_revision"
        ordering: ClassVar = ["-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dreamer", "dream", "revision"], name="journal_each_revision_once"
            )
        ]

    def __str__(self) -> str:
        return f"revision {self.revision}"


class StagedImport(models.Model):
    """A file that was read and is waiting for its owner to say yes; sealed, and gone within a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_id = models.UUIDField()
    staged_at = models.DateTimeField(default=timezone.now, editable=False)
    plan_sealed = models.BinaryField()

    class Meta:
        db_table = "journal_staged_import"
        indexes: ClassVar = [models.Index(fields=["dreamer", "staged_at"], name="journal_staged_by_time")]

    def __str__(self) -> str:
        return f"import staged at {self.staged_at}"
