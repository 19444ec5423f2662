"""The states of an experience and of its versions."""

from django.db import models


class VersionState(models.TextChoices):
    """Where one version stands. Its numbers never change, whatever its state."""

    DRAFT = "draft", "draft"
    EXPERIMENTAL = "experimental", "experimental"
    APPROVED = "approved", "approved"


class Standing(models.TextChoices):
    """Where an experience stands as a whole: its newest version's state, unless it is suspended."""

    DRAFT = "draft", "draft"
    EXPERIMENTAL = "experimental", "experimental"
    APPROVED = "approved", "approved"
    SUSPENDED = "suspended", "suspended"
