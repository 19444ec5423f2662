"""The states and grades of what enforcers decide."""

from typing import Final

from django.db import models


class Verdict(models.TextChoices):
    """What an enforcer found to be the case, after looking at it."""

    UPHELD = "upheld", "upheld"
    EXPLAINED = "explained", "explained"
    DISMISSED = "dismissed", "dismissed"


class RulingState(models.TextChoices):
    """Where a ruling stands. Only one that is in force has any effect."""

    PROPOSED = "proposed", "waits for a second enforcer"
    IN_FORCE = "in_force", "in force"
    DECLINED = "declined", "not confirmed"
    OVERTURNED = "overturned", "overturned on appeal"


class RemedyKind(models.TextChoices):
    """What a ruling sets right, and how."""

    NOTIFY = "notify", "tell the dreamer"
    RE_BLEND = "re_blend", "blend again"
    SHRED = "shred", "destroy the lent dream"
    SUSPEND = "suspend", "suspend an office"
    LIFT = "lift", "let it be used again"


NEED_TWO: Final = frozenset({RemedyKind.SHRED, RemedyKind.SUSPEND, RemedyKind.LIFT})
"""Remedies that take something away, or lift what participants stopped: a ruling with one of them has no
effect before a second enforcer confirmed it.
"""


class RemedyState(models.TextChoices):
    """Where a remedy stands."""

    WAITING = "waiting", "waits for the ruling to be confirmed"
    DONE = "done", "done"
    FALLEN = "fallen", "fell with its ruling"
    LIFTED = "lifted", "lifted"


class Outcome(models.TextChoices):
    """How an appeal ended."""

    UPHELD = "upheld", "the ruling stands"
    OVERTURNED = "overturned", "the ruling is overturned"


class Reminded(models.TextChoices):
    """What enforcers were reminded of; each once."""

    DUE = "due", "due soon"
    OVERDUE = "overdue", "overdue"
