"""The terms of one contribution, as whoever uses it must keep them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_LOAN = timedelta(days=36_525)
"""The farthest expiry. A moment near the year 10,000 could be written, and then never be read again."""


@dataclass(frozen=True)
class Terms:
    """`depth` 0-1: how far others may blend into it. `quote`: may its words be shown. None never expires."""

    depth: float
    quote: bool
    expires_at: datetime | None
