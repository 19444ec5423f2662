"""The states and grades of oversight."""

from typing import Final

from django.db import models


class AuditState(models.TextChoices):
    """Where an audit stands."""

    REQUESTED = "requested", "waiting to begin"
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    FAILED = "failed", "could not be finished"


LIVE: Final = (AuditState.REQUESTED, AuditState.RUNNING)
"""States of an audit that is still to end."""


class Severity(models.TextChoices):
    """How much harm a finding may mean; in the order in which enforcers should look."""

    CRITICAL = "critical", "critical"
    MAJOR = "major", "major"
    MINOR = "minor", "minor"


class FindingState(models.TextChoices):
    """Where a finding stands. Nothing but a human ruling moves it past `ASSIGNED`."""

    OPEN = "open", "open"
    ASSIGNED = "assigned", "assigned"
    RULED = "ruled", "ruled on"
    APPEALED = "appealed", "under appeal"
    CLOSED = "closed", "closed"


WAITING: Final = (FindingState.OPEN, FindingState.ASSIGNED, FindingState.APPEALED)
"""States in which an enforcer has something to decide."""


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


NEED_TWO: Final = frozenset({RemedyKind.SHRED, RemedyKind.SUSPEND})
"""Remedies that take something away: a ruling with one of them has no effect before a second enforcer
confirmed it.
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
