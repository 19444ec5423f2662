"""How people come in without a steward at the door, and who may not come in so again."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance.offices.models import member_key
from guild.tenancy.models import Guild


class Invitation(models.Model):
    """A secret that lets some people in for some time. Only the SHA-256 of the secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    made_by = member_key(on_delete=models.PROTECT)
    made_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    expires_at = models.DateTimeField()
    uses_allowed = models.PositiveSmallIntegerField()
    uses = models.PositiveSmallIntegerField(default=0)
    is_mailed = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "offices_invitation"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "digest"], name="offices_invitation_one_a_secret"),
            models.CheckConstraint(
                condition=Q(uses__lte=F("uses_allowed")), name="offices_invitation_not_used_up_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.id}"


class Barring(models.Model):
    """Whoever was removed with the word that no invitation lets them in again. A steward still may."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    member = member_key(on_delete=models.CASCADE)
    since = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "offices_barring"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "member"], name="offices_barring_one_a_membership")
        ]

    def __str__(self) -> str:
        return f"barring {self.id}"
