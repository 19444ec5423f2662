"""What dreamers allowed, and what was then done. All tables but two only grow; see the migrations."""

import uuid
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from governance.consent.enums import ConsentState, Purpose, Scope, Surface, Told


class Statement(models.Model):
    """One dreamer's word on one purpose, for one contribution or for all they lend to a session, a lounge or
    the guild. `resolution` says which is in force where several are.

    `contribution` is what a statement of the scope *contribution* is about, and `scope_id` what a broader one
    is about; the other is null. `actor` is the pseudonym of whoever said it, or "system": for what a dreamer
    says it is `pseudonym` itself. The notice's fields say which text was before them when they chose;
    `served_id` and `served_at` when it was shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    pseudonym = models.UUIDField()
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.CONTRIBUTION)
    scope_id = models.UUIDField(null=True, blank=True)
    contribution = models.UUIDField(null=True, blank=True)
    actor = models.CharField(max_length=36, blank=True)
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
    served_id = models.UUIDField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    stated_at = models.DateTimeField(default=timezone.now)
    leaf_index = models.BigIntegerField()

    class Meta:
        db_table = "consent_statement"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "leaf_index"], name="one_statement_a_leaf"),
            models.CheckConstraint(condition=models.Q(depth__gte=0, depth__lte=1), name="depth_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(scope=Scope.CONTRIBUTION, contribution__isnull=False, scope_id=None)
                | (~models.Q(scope=Scope.CONTRIBUTION) & models.Q(contribution=None, scope_id__isnull=False)),
                name="statement_is_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["guild_id", "contribution", "purpose", "-leaf_index"], name="statement_in_force"
            ),
            models.Index(
                fields=["guild_id", "pseudonym", "scope_id", "purpose", "-leaf_index"],
                name="statement_of_broader_scope",
                condition=models.Q(contribution=None),
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
            models.Index(fields=["guild_id", "leaf_index"], name="uses_at_leaf"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.count} together"


class Subject(models.Model):
    """What stands for one contribution in the ledger: HMAC(nonce, contribution). Withdrawal erases the nonce.

    With the nonce gone nobody can show, from the log alone, which contribution a commitment stood for.
    `pseudonym`, `session` and `lounge` say whose it is and where it was lent, by which broader statements
    apply. `restricted_at` is when it was restricted to storage, null where it is not. `told` counts those
    who were told that it was withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    contribution = models.UUIDField()
    pseudonym = models.UUIDField(null=True, blank=True)
    session = models.UUIDField(null=True, blank=True)
    lounge = models.UUIDField(null=True, blank=True)
    nonce = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveIntegerField(null=True, blank=True)

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


class Restriction(models.Model):
    """One contribution restricted to storage, or let go again (GDPR 18). The newest, by leaf, holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    contribution = models.UUIDField()
    restricted = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    leaf_index = models.BigIntegerField()

    class Meta:
        db_table = "consent_restriction"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "leaf_index"], name="one_restriction_a_leaf"),
        ]
        indexes = [models.Index(fields=["guild_id", "contribution"], name="restriction_of_contribution")]

    def __str__(self) -> str:
        return "restricted" if self.restricted else "restricted no longer"


class ServedNotice(models.Model):
    """One text that was before one dreamer, and when: the proof of what they knew when they chose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer_id = models.UUIDField()
    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    surface = models.CharField(max_length=20, choices=Surface.choices)
    served_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "consent_served_notice"
        indexes = [models.Index(fields=["dreamer_id", "digest", "-served_at"], name="notices_of_dreamer")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, version {self.version}"


class RecipientNotice(models.Model):
    """What one dreamer was told about a dream of somebody else's that had reached them (GDPR 19).

    `dreamer_id` is who was told; `on` and `subject` name where it had reached them. It holds no word of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    dreamer_id = models.UUIDField()
    contribution = models.UUIDField()
    what = models.CharField(max_length=20, choices=Told.choices)
    on = models.CharField(max_length=40)
    subject = models.UUIDField()
    reached_at = models.DateTimeField()
    told_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    leaf_index = models.BigIntegerField()

    class Meta:
        db_table = "consent_recipient_notice"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "leaf_index", "dreamer_id"], name="told_once_a_leaf"),
        ]
        indexes = [
            models.Index(fields=["dreamer_id", "-told_at"], name="notices_to_dreamer"),
        ]

    def __str__(self) -> str:
        return self.get_what_display()
