"""Where each night lies on the chart: an SVG of `WIDTH` from one turnover of the night to the next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from colonies.diary.entries import Entry
from colonies.diary.measures import MINUTE

WIDTH = 720  # two minutes a unit
HOUR = WIDTH // 24
ROW = 14
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Bar:
    """A stretch from `x`, `width` wide."""

    x: float
    width: float


@dataclass(frozen=True)
class DrawnNight:
    """One row. `y` is its top; what is not known is None."""

    on: date
    y: int
    in_bed: Bar | None
    asleep: Bar | None
    middle: float | None


@dataclass(frozen=True)
class Tick:
    """A line with the hour that it stands for."""

    x: float
    label: str


@dataclass(frozen=True)
class Frame:
    """The part of the day that is shown."""

    left: int
    width: int
    ticks: tuple[Tick, ...]


def drawn(entries: Sequence[Entry], *, turnover: int) -> list[DrawnNight]:
    """Every night in its row, by the clock that it was written by."""
    return [_drawn(entry, row=index, turnover=turnover) for index, entry in enumerate(entries)]


def framed(rows: Sequence[DrawnNight], *, turnover: int) -> Frame:
    """The hours that the nights lie in, with one to spare on either side; all of them without a night."""
    bars = [bar for row in rows for bar in (row.in_bed, row.asleep) if bar is not None]
    first = min((int(bar.x // HOUR) for bar in bars), default=0)
    last = max((-int(-(bar.x + bar.width) // HOUR) for bar in bars), default=24)
    first, last = max(first - 1, 0), min(last + 1, 24)
    every = 1 if last - first <= 6 else 2 if last - first <= 14 else 3
    marks = tuple(
        Tick(hour * HOUR, f"{(turnover + hour) % 24:02d}") for hour in range(first, last + 1, every)
    )
    return Frame(left=first * HOUR, width=(last - first) * HOUR, ticks=marks)


def _drawn(entry: Entry, *, row: int, turnover: int) -> DrawnNight:
    night, found = entry.night, entry.measures
    start = datetime.combine(night.on, time(turnover))

    def x(moment: datetime | None) -> float | None:
        if moment is None:
            return None
        wall = moment.astimezone(ZoneInfo(entry.zone)).replace(tzinfo=None)
        minutes = min(max((wall - start) / MINUTE, 0.0), float(DAY_MINUTES))
        return round(minutes * WIDTH / DAY_MINUTES, 1)

    return DrawnNight(
        on=night.on,
        y=row * ROW,
        in_bed=_bar(x(night.into_bed), x(night.out_of_bed)),
        asleep=_bar(x(found.sleep_onset), x(night.final_awakening)),
        middle=x(found.mid_sleep),
    )


def _bar(first: float | None, last: float | None) -> Bar | None:
    return None if first is None or last is None else Bar(first, max(last - first, 0.0))
