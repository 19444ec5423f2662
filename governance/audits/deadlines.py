"""How long enforcers may take, by what a finding may mean. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from governance.audits.enums import Severity

ALLOWED: Final[Mapping[Severity, timedelta]] = MappingProxyType(
    {
        Severity.CRITICAL: timedelta(days=1),
        Severity.MAJOR: timedelta(days=3),
        Severity.MINOR: timedelta(days=14),
    }
)
"""From a finding to its ruling, and from an appeal to its decision."""

APPEAL_PERIOD: Final = timedelta(days=14)
"""From the moment a ruling takes effect; after it, what was ruled on is closed."""

RETENTION_GRACE: Final = timedelta(days=1)
"""How long past the guild's law a dream may still be lent: the worker gives back what is due many times a
day, and a shorter law may have been enacted since.
"""

SOON: Final = 0.25
"""An enforcer is reminded when this share of the time is left."""


def due(severity: Severity | str, *, since: datetime) -> datetime:
    """When a finding of that severity, or an appeal about one, is to be decided."""
    return since + ALLOWED[Severity(severity)]


def remind_from(severity: Severity | str, *, due_at: datetime) -> datetime:
    """From when on enforcers are reminded that it is due soon."""
    return due_at - ALLOWED[Severity(severity)] * SOON
