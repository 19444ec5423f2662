"""On which terms a ritual is given on."""

from django.db import models


class Terms(models.TextChoices):
    """Credit is always kept; the terms say what else."""

    UNCHANGED = "unchanged", "As it is, unchanged"
    LINEAGE = "lineage", "It may be changed, saying what and why"
