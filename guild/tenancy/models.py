"""Guilds and who belongs to them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guild.tenancy.enums import Office


class Guild(models.Model):
    """The tenant: sovereign over its members, policies, ledger and keys."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    law = models.JSONField(
        default=dict,
        blank=True,
        help_text="What its members gave to its law, as `governance.policies` reads it.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "tenancy_guild"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One dreamer in one guild, under the name, the hue and the pseudonym they carry there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="memberships")
    dreamer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    display_name = models.CharField(max_length=60)
    pseudonym = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="Stands for this member in the guild's ledger."
    )
    hue = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    offices = ArrayField(models.CharField(max_length=20, choices=Office.choices), default=list)
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "tenancy_membership"
        ordering = ["display_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "dreamer"], condition=Q(ended_at=None), name="one_live_membership"
            ),
            models.UniqueConstraint(fields=["guild", "pseudonym"], name="one_member_a_pseudonym"),
            models.UniqueConstraint(fields=["guild", "id"], name="tenancy_membership_guild_key"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_live(self) -> bool:
        """Whether the membership has not ended."""
        return self.ended_at is None

    @property
    def office_names(self) -> list[str]:
        """The offices held, in words, in the order of the enumeration."""
        return [str(office.label) for office in Office if office in self.offices]
