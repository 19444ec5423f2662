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


class Reach(models.TextChoices):
    """How far the rituals of a guild's colonies may go, and from how far they may come."""

    NOBODY = "none", "Not at all: every colony keeps its own"
    GUILD = "guild", "Between the colonies of this guild"
    HOUSE = "house", "Between guilds of this house, too"
