"""The sleep night: the date on which the night began, where the dreamer was."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from guild.journal.errors import UnknownTimeZone


@dataclass(frozen=True)
class Reckoning:
    """How one dreamer's nights are counted."""

    time_zone: str
    turnover_hour: int = 18

    def night_of(self, instant: datetime) -> date:
        return sleep_night(instant, time_zone=self.time_zone, turnover_hour=self.turnover_hour)


def sleep_night(instant: datetime, *, time_zone: str, turnover_hour: int = 18) -> date:
    """The night to which `instant` (aware) belongs, by the wall clock of `time_zone`.

    With the default turnover, 18:00 to 17:59 of the next day is one night, named by the date it began on.
    The hour is read from the wall clock, so the day on which clocks change has no gap and no overlap.
    Raises UnknownTimeZone, and ValueError for a naive instant or an hour outside 0 to 23.
    """
    if instant.tzinfo is None:
        raise ValueError("A sleep night is reckoned from an aware instant: give the instant a time zone.")
    if not 0 <= turnover_hour <= 23:
        raise ValueError("The turnover hour is between 0 and 23.")
    local = instant.astimezone(zone_named(time_zone))
    return local.date() if local.hour >= turnover_hour else local.date() - timedelta(days=1)


def zone_named(name: str) -> ZoneInfo:
    """The zone called `name` in the IANA database. Raises UnknownTimeZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone(name) from error
