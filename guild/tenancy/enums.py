"""The offices of a guild."""

from django.db import models


class Office(models.TextChoices):
    """What a member may hold besides being one; a member may hold several."""

    DREAMER = "dreamer", "Dreamer"
    ARCHITECT = "architect", "Dream architect"
    TECHNICIAN = "technician", "Lace technician"
    LEADER = "leader", "Colony leader"
    ENFORCER = "enforcer", "Enforcer"
    STEWARD = "steward", "Steward"
