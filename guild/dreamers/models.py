"""The account: one person, in however many guilds."""

import uuid
import zoneinfo
from datetime import time

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from guild.dreamers.managers import DreamerManager


def validate_time_zone(name: str) -> None:
    """Raises ValidationError for a name that the time-zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone from the list, such as Europe/Lisbon.")


class Theme(models.TextChoices):
    """How the pages look."""

    SYSTEM = "system", "As my device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Dreamer(AbstractBaseUser):
    """A person who signs in. Holds no office and no power: those belong to memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=60, help_text="What guilds call you.")
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    night_turnover_hour = models.PositiveSmallIntegerField(
        default=18,
        validators=[MaxValueValidator(23)],
        help_text="The hour of the day, 0 to 23, at which one of your nights ends and the next begins.",
    )
    quiet_from = models.TimeField(
        default=time(22, 30), help_text="From here on nothing rings, by your clock."
    )
    quiet_until = models.TimeField(default=time(7), help_text="Until here nothing rings, by your clock.")
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DreamerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "dreamers_dreamer"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]

    def __str__(self) -> str:
        return self.name
