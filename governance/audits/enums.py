"""The states of an audit and of what it found, and how grave that is."""

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
