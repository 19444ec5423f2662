"""Generated rhythms: zones, daylight saving, leap days, COUNT, UNTIL, RDATE, EXDATE and moved occurrences."""

import calendar as months
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from colonies.rituals.recurrence import Kind, Move, Rhythm, walls
from colonies.rituals.rules import WEEKDAYS, checked_rule, explicit_rule, first_time

ZONES = (
    "Europe/Berlin",
    "Europe/Lisbon",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Africa/Nairobi",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "UTC",
)
# Around the days on which clocks change in those zones, and around leap days.
DAYS = (
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2028, 2, 29),
    date(2027, 12, 31),
    date(2026, 1, 31),
)
HOURS = (0, 1, 2, 3, 12, 18, 21, 22, 23)


# How many days one looks at, so that a handful of times lie in them.
SPANS = {"": 4, "DAILY": 5, "WEEKLY": 22, "MONTHLY": 100, "YEARLY": 1_200}


@dataclass(frozen=True)
class Case:
    """A rhythm, the zone of who keeps it, and the range in which it is expanded (wall clock there)."""

    rhythm: Rhythm
    zone: str
    since: datetime
    until: datetime


def cases(count: int, *, seed: int) -> Iterator[Case]:
    """So many cases; the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield _case(rng)


def _case(rng: random.Random) -> Case:
    kind, zone = rng.choice([Kind.TOGETHER, Kind.LOCAL]), rng.choice(ZONES)
    day = rng.choice(DAYS) + timedelta(days=rng.randint(-7, 3))
    wished = datetime.combine(day, time(rng.choice(HOURS), rng.choice([0, 15, 30, 59])))
    frequency = rng.choice(["", "DAILY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    rule = explicit_rule(checked_rule(_rule(rng, frequency)), starts=wished)
    span = timedelta(days=SPANS[frequency])
    rhythm = Rhythm(
        kind, first_time(rule, starts=wished), zone=zone if kind == Kind.TOGETHER else "", rule=rule
    )
    if rule and "COUNT" not in rule and rng.random() < 0.4:
        rhythm = replace(rhythm, until=rhythm.starts.date() + rng.random() * span)
    since = rhythm.starts + rng.choice([timedelta(days=-2), timedelta(0), span * rng.random()])
    since = since.replace(microsecond=0)
    return Case(_with_exceptions(rng, rhythm, since, since + span), zone, since, since + span)


def _rule(rng: random.Random, frequency: str) -> str:
    if not frequency:
        return ""
    parts = [f"FREQ={frequency}"]
    if rng.random() < 0.5:
        parts.append(f"INTERVAL={rng.randint(1, 3)}")
    if rng.random() < 0.3:
        parts.append(f"COUNT={rng.randint(1, 9)}")
    return ";".join(parts + _days(rng, frequency))


def _days(rng: random.Random, frequency: str) -> list[str]:
    if frequency == "WEEKLY" and rng.random() < 0.7:
        chosen = sorted(rng.sample(range(7), rng.randint(1, 4)))
        days = "BYDAY=" + ",".join(WEEKDAYS[day] for day in chosen)
        return [days, "WKST=SU"] if rng.random() < 0.2 else [days]
    if frequency == "MONTHLY" and rng.random() < 0.5:
        return ["BYDAY=" + rng.choice(["1MO", "2TU", "3FR", "4SU", "-1TH", "-2WE"])]
    if frequency == "MONTHLY" and rng.random() < 0.7:
        return ["BYMONTHDAY=" + rng.choice(["1", "15", "28", "29", "30", "31", "-1", "-3"])]
    if frequency == "YEARLY" and rng.random() < 0.5:
        month = rng.randint(1, 12)
        return [f"BYMONTH={month}", f"BYMONTHDAY={rng.randint(1, months.monthrange(2028, month)[1])}"]
    return []


def _with_exceptions(rng: random.Random, rhythm: Rhythm, since: datetime, until: datetime) -> Rhythm:
    """Some of its times left out or moved, and some more added, as a leader would from what is shown."""
    if not rhythm.rule or rng.random() < 0.5:
        return rhythm
    times = walls(rhythm, since=since, until=until)
    rng.shuffle(times)
    left_out, moved = tuple(times[: rng.randint(0, 2)]), times[2 : 2 + rng.randint(0, 2)]
    apart = timedelta(hours=5, minutes=7)  # no rule falls at such a minute, so that no time is doubled
    moves = tuple(Move(moment, moment + rng.choice([-1, 1]) * apart) for moment in moved)
    more = tuple(
        rhythm.starts + timedelta(days=rng.randint(1, 40), hours=1, minutes=11 + index)
        for index in range(rng.randint(0, 2))
    )
    return replace(rhythm, without=left_out, moved=moves, also=more)
