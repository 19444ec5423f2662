"""Wrapped data keys. They live in a schema of their own, which data dumps leave out."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class KeyKind(models.TextChoices):
    """What a data key seals."""

    DREAMER = "dreamer", "what is a dreamer's and no one dream's"
    DREAM = "dream", "one dream and all its revisions"
    CONTRIBUTION = "contribution", "what is lent to one session"
    SESSION = "session", "what was said in one session before each had a key of their own"
    SAID = "said", "what one dreamer said in one session"
    DREAMSCAPE = "dreamscape", "what one blend made"


class DataKey(models.Model):
    """One wrapped key; destroyed, the row stays without it, to say so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=KeyKind.choices)
    owner_id = models.UUIDField(
        help_text="The dreamer, dream, contribution, session, participation or blend run that it seals for."
    )
    guild_id = models.UUIDField(null=True)
    dreamer_id = models.UUIDField(null=True)
    kek_id = models.BinaryField(max_length=4)
    wrapped = models.BinaryField(max_length=40, null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = 'vault"."data_key'
        constraints = [
            models.CheckConstraint(
                condition=Q(guild_id__isnull=False) | Q(dreamer_id__isnull=False), name="key_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None, wrapped__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped=None),
                name="destroyed_means_gone",
            ),
            models.UniqueConstraint(
                fields=["dreamer_id"],
                condition=Q(kind="dreamer", destroyed_at=None),
                name="one_journal_key_a_dreamer",
            ),
        ]
        indexes = [
            models.Index(fields=["guild_id", "kek_id"], name="vault_keys_of_guild"),
            models.Index(fields=["dreamer_id", "kek_id"], name="vault_keys_of_dreamer"),
        ]

    def __str__(self) -> str:
        return f"key of {self.get_kind_display()}"
