"""What follows from a night of the Consensus Sleep Diary (core). Pure.

The items and the derivations are those of Carney et al., "The Consensus Sleep Diary: standardizing
prospective sleep self-monitoring", Sleep 35(2), 2012. Every item may be missing; then what depends on it is
missing too, and nothing is guessed. Times are aware datetimes, so that a night over midnight, and a night on
which clocks change, is as long as it was. Durations are timedeltas.

People overestimate how long they sleep by more than half an hour in a diary, and are right about when: so
the measures of timing come first, and nobody is ever ranked by how long or how well they sleep.
"""

import math
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
FEWEST_NIGHTS = 5  # below it a spread says little, and is not given
WEEKEND = (4, 5)  # nights of Friday and Saturday: most people need not get up after them
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Night:
    """One night: items 1 to 8. `latency` (3) and `awake` (5) are durations, `quality` (8) is 1 to 5."""

    on: date
    into_bed: datetime | None = None
    tried_to_sleep: datetime | None = None
    latency: timedelta | None = None
    awakenings: int | None = None
    awake: timedelta | None = None
    final_awakening: datetime | None = None
    out_of_bed: datetime | None = None
    quality: int | None = None


@dataclass(frozen=True)
class Measures:
    """What follows; None where an item that it needs is missing."""

    sleep_onset: datetime | None
    mid_sleep: datetime | None
    time_in_bed: timedelta | None
    wake_after_sleep_onset: timedelta | None
    total_sleep_time: timedelta | None
    sleep_efficiency: float | None


def measures(night: Night) -> Measures:
    """TIB = 7 - 1; WASO = 5; TST = (6 - 2) - SOL - WASO; SE = 100 TST / TIB; mid-sleep lies halfway between
    onset (2 + SOL) and 6.
    """
    onset = _plus(night.tried_to_sleep, night.latency)
    in_bed = _between(night.into_bed, night.out_of_bed)
    waso = wake_after_sleep_onset(night)
    tried = _between(night.tried_to_sleep, night.final_awakening)
    asleep = None
    if tried is not None and night.latency is not None and waso is not None:
        asleep = tried - night.latency - waso
    efficiency = 100 * (asleep / in_bed) if asleep is not None and in_bed else None
    span = _between(onset, night.final_awakening)
    middle = onset + span / 2 if onset is not None and span is not None else None
    return Measures(onset, middle, in_bed, waso, asleep, efficiency)


def wake_after_sleep_onset(night: Night) -> timedelta | None:
    """Item 5; nothing where item 4 says that there was no awakening."""
    return timedelta(0) if night.awakenings == 0 and night.awake is None else night.awake


def contradictions(night: Night) -> list[str]:
    """What cannot be so, as sentences to show beside the form. Empty for a night that can be."""
    named = [
        (night.into_bed, "You were in bed after you tried to sleep.", night.tried_to_sleep),
        (night.tried_to_sleep, "You tried to sleep after you woke for good.", night.final_awakening),
        (night.final_awakening, "You got up before you woke for good.", night.out_of_bed),
    ]
    found = [sentence for first, sentence, second in named if first and second and first > second]
    found += ["A night in bed is no longer than a day."] if (_in_bed_too_long(night)) else []
    asleep = measures(night).total_sleep_time
    if asleep is not None and asleep < timedelta(0):
        found.append("The minutes awake add up to more than the night.")
    return found


@dataclass(frozen=True)
class Regularity:
    """Over some nights. `spread` is the standard deviation (n - 1) of mid-sleep; `social_jet_lag` how much
    later mid-sleep lies on the nights before free days, on average (negative: earlier). None with too few.
    """

    nights: int
    mid_sleep: time | None
    spread: timedelta | None
    social_jet_lag: timedelta | None


def regularity(nights: Sequence[Night], *, zone: str, free: Collection[int] = WEEKEND) -> Regularity:
    """Of the nights whose mid-sleep is known; `free` are the weekdays (Monday 0) of nights before free days.

    See `mid_sleeps` for how they are counted.
    """
    known = mid_sleeps(nights, zone=zone)
    minutes = [value for _, value in known]
    if not minutes:
        return Regularity(0, None, None, None)
    enough = len(minutes) >= FEWEST_NIGHTS
    return Regularity(
        nights=len(minutes),
        mid_sleep=_clock(statistics.fmean(minutes)),
        spread=statistics.stdev(minutes) * MINUTE if enough else None,
        social_jet_lag=_social_jet_lag(known, free) if enough else None,
    )


def mid_sleeps(nights: Sequence[Night], *, zone: str) -> list[tuple[date, float]]:
    """(night, minutes from the noon before to mid-sleep) of every night whose mid-sleep is known.

    It is read from the wall clock of `zone`, so that neither midnight nor a change of clocks lies between two
    nights that were slept alike.
    """
    return [
        (night.on, _since_noon(night.on, middle.astimezone(ZoneInfo(zone))))
        for night in nights
        if (middle := measures(night).mid_sleep) is not None
    ]


def on_the_clock(*, night: date, at: time, turnover: int, zone: str) -> datetime:
    """The instant of a clock time that was written down for a night: on its first day from the turnover hour
    on, on the next day before it.
    """
    day = night if at.hour >= turnover else night + A_DAY
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone))


def _social_jet_lag(known: Sequence[tuple[date, float]], free: Collection[int]) -> timedelta | None:
    at_will = [minutes for on, minutes in known if on.weekday() in free]
    bound = [minutes for on, minutes in known if on.weekday() not in free]
    if not at_will or not bound:
        return None
    return (statistics.fmean(at_will) - statistics.fmean(bound)) * MINUTE


def _since_noon(on: date, middle: datetime) -> float:
    wall = middle.replace(tzinfo=None)
    return (wall - datetime.combine(on, time(12))) / MINUTE


def _clock(since_noon: float) -> time:
    whole = math.floor(since_noon + 0.5) % (24 * 60)
    return time((whole // 60 + 12) % 24, whole % 60)


def _in_bed_too_long(night: Night) -> bool:
    in_bed = _between(night.into_bed, night.out_of_bed)
    return in_bed is not None and in_bed > A_DAY


def _plus(moment: datetime | None, length: timedelta | None) -> datetime | None:
    if moment is None or length is None:
        return None
    return (moment.astimezone(ZoneInfo("UTC")) + length).astimezone(moment.tzinfo)


def _between(first: datetime | None, second: datetime | None) -> timedelta | None:
    """By the instants: two datetimes of one zone would be subtracted by their wall clocks."""
    if first is None or second is None:
        return None
    utc = ZoneInfo("UTC")
    return second.astimezone(utc) - first.astimezone(utc)
