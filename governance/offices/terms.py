"""Terms of office: how long one is given for, by the law of the guild as it is then."""

from calendar import monthrange
from datetime import datetime

from django.utils import timezone

from governance.policies.law import law_of
from guild.tenancy.models import Guild

MONTHS = 12


def until_for(guild: Guild) -> datetime | None:
    """When an office that is given now ends; None where the law sets no term."""
    months = law_of(guild).term_months
    return later(timezone.now(), months=months) if months else None


def later(instant: datetime, *, months: int) -> datetime:
    """The same day so many months later, or the last of that month where it has no such day."""
    whole = instant.year * MONTHS + instant.month - 1 + months
    year, month = whole // MONTHS, whole % MONTHS + 1
    day = min(instant.day, monthrange(year, month)[1])
    return instant.replace(year=year, month=month, day=day, microsecond=0)
