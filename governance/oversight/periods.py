"""Weeks and months to count by. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    """How long one column of a chart is; the value is Postgres' name for it."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """From `start` up to `end`, which is not in it any more; in UTC."""

    start: datetime
    end: datetime


def latest(step: Step, *, count: int, now: datetime) -> list[Period]:
    """The last `count` periods, oldest first; the last is the one that goes on now."""
    start = _start_of(step, now.astimezone(UTC))
    starts = [start]
    while len(starts) < count:
        starts.append(_start_of(step, starts[-1] - timedelta(days=1)))
    starts.reverse()
    ends = [*starts[1:], _start_of(step, start + timedelta(days=7 if step is Step.WEEK else 32))]
    return [Period(start, end) for start, end in zip(starts, ends, strict=True)]


def _start_of(step: Step, moment: datetime) -> datetime:
    """Monday, or the first of the month, at midnight."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day.replace(day=1)
