"""Weeks of a sleep diary, for its charts to have something to show. Made up: they are nobody's nights."""

from datetime import date, datetime, time, timedelta

from colonies.diary.entries import Written
from colonies.diary.services import write_night
from guild.tenancy.models import Membership

_DAY = date(2026, 1, 1)  # any: only the clock of it is used


def write_nights(member: Membership, *, tonight: date, nights: int) -> None:
    """A dreamer's nights before this one: later to bed at weekends, some mornings missed."""
    for back in range(1, nights + 1):
        night = tonight - timedelta(days=back)
        if back % 9 != 4:
            write_night(by=member.dreamer, night=night, written=_slept(night, back))


def _slept(night: date, number: int) -> Written:
    late = 50 if night.weekday() in (4, 5) else 0
    drift = (number * 7) % 23
    return Written(
        into_bed=_clock(22, 20 + late + drift),
        tried_to_sleep=_clock(22, 40 + late + drift),
        latency=10 + (number * 5) % 20,
        awakenings=number % 3,
        awake=(number % 3) * 8,
        final_awakening=_clock(6, 25 + late + (number * 3) % 17),
        out_of_bed=_clock(6, 45 + late + (number * 3) % 17),
        quality=2 + (number * 2) % 4,
    )


def _clock(hour: int, minutes: int) -> time:
    return (datetime.combine(_DAY, time(hour)) + timedelta(minutes=minutes)).time()
