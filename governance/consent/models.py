"""What dreamers allowed, and what was then done. The first three tables only grow; see the migration."""

import uuid
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from governance.consent.enums import ConsentState, Purpose


class Statement(models.Model):
    """One dreamer's word on one purpose for one contribution. The newest of its kind, by leaf, is in force.

    `notice_version` and `notice_digest` say which text was before them when they chose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    pseudonym = models.UUIDField()
    contribution = models.UUIDField()
    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    state = models.CharField(max_length=20, choices=ConsentState.choices)
    depth = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    notice_version = models.PositiveIntegerField()
    notice_language = models.CharField(max_length=12)
    notice_digest = models.CharField(max_length=64)
    stated_at = models.DateTimeField(default=timezone.now)
    leaf_index = models.BigIntegerField()

    class Meta:
        db_table = "consent_statement"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "leaf_index"], name="one_statement_a_leaf"),
            models.CheckConstraint(condition=models.Q(depth__gte=0, depth__lte=1), name="depth_is_a_share"),
        ]
        indexes = [
            models.Index(
                fields=["guild_id", "contribution", "purpose", "-leaf_index"], name="statement_in_force"
            ),
            models.Index(fields=["dreamer_id", "-stated_at"], name="statement_of_dreamer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_state_display()}"


class Use(models.Model):
    """One opening of lent content: who, what for, on what, under which leaf, and over how many."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    leaf_index = models.BigIntegerField()
    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    actor = models.CharField(max_length=36)
    on = models.CharField(max_length=40)
    subject = models.UUIDField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "consent_use"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "leaf_index"], name="one_use_a_leaf"),
            models.UniqueConstraint(fields=["guild_id", "id"], name="consent_use_guild_key"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.count} together"


class UseSubject(models.Model):
    """One contribution's part in a use. It repeats what the use says, because its dreamer sees it from
    anywhere.

    `commitment` is the leaf of this contribution in the small tree whose root the use's leaf holds;
    `position` is its place among the sorted commitments.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    use = models.ForeignKey(Use, on_delete=models.PROTECT, related_name="subjects", db_constraint=False)
    contribution = models.UUIDField()
    commitment = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    on = models.CharField(max_length=40)
    subject = models.UUIDField()
    count = models.PositiveIntegerField()
    leaf_index = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "consent_use_subject"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "use", "contribution"], name="once_in_a_use"),
        ]
        indexes = [
            models.Index(fields=["dreamer_id", "-at", "-leaf_index"], name="uses_of_dreamer"),
            models.Index(fields=["guild_id", "contribution"], name="uses_of_contribution"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.count} together"


class Subject(models.Model):
    """What stands for one contribution in the ledger: HMAC(nonce, contribution). Withdrawal erases the nonce.

    With the nonce gone nobody can show, from the log alone, which contribution a commitment stood for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    contribution = models.UUIDField()
    nonce = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent_subject"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "contribution"], name="one_subject_a_contribution"),
            models.CheckConstraint(
                condition=models.Q(nonce__isnull=False, withdrawn_at=None)
                | models.Q(nonce=None, withdrawn_at__isnull=False),
                name="withdrawn_means_no_nonce",
            ),
        ]

    def __str__(self) -> str:
        return "withdrawn contribution" if self.withdrawn_at else "contribution"
