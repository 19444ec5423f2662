"""The time of the day by a guild's own clock. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo


def minute_of(moment: datetime, *, clock: str) -> int:
    """Minutes after midnight at a moment, by the clock of a time zone."""
    there = moment.astimezone(ZoneInfo(clock))
    return there.hour * 60 + there.minute
