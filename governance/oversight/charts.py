"""Where everything in the charts of oversight is drawn. Pure: numbers in, places on a canvas out.

Small drawings beside each other share one scale, so that a column of one compares with that of another.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from governance.audits.enums import Severity
from governance.oversight.docket import AGES
from governance.oversight.figures import Course

WIDTH: Final = 264.0
HEIGHT: Final = 104.0
PLOT: Final = 88.0
TOP: Final = 8.0
SHARE: Final = 0.62
"""How much of its place a column fills."""


@dataclass(frozen=True)
class Bar:
    """One rectangle; `look` is its class."""

    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Small:
    """One drawing of several: bars from a line at `axis`, and a curve through `dots`, which may be none."""

    course: Course
    bars: tuple[Bar, ...]
    axis: float
    line: str
    dots: tuple[tuple[float, float], ...]
    width: float = WIDTH
    height: float = HEIGHT


def consents_drawn(courses: Sequence[Course]) -> list[Small]:
    """Given upwards; refused and ended downwards, one behind the other."""
    up = max((max(course.given) for course in courses), default=0)
    down = max((max(_down(course)) for course in courses), default=0)
    unit = PLOT / max(up + down, 4)
    axis = round(TOP + up * unit, 1)
    return [Small(course, tuple(_bars(course, axis=axis, unit=unit)), axis, "", ()) for course in courses]


def _down(course: Course) -> list[int]:
    return [refused + ended for refused, ended in zip(course.refused, course.ended, strict=True)]


def _bars(course: Course, *, axis: float, unit: float) -> list[Bar]:
    bars = []
    for place, counts in enumerate(zip(course.given, course.refused, course.ended, strict=True)):
        given, refused, ended = (count * unit for count in counts)
        x, width = _column(place, len(course.given))
        bars += [
            Bar("given", x, axis - given, width, given),
            Bar("refused", x, axis, width, refused),
            Bar("ended", x, axis + refused, width, ended),
        ]
    return [_rounded(bar) for bar in bars if bar.height > 0]


def uses_drawn(courses: Sequence[Course]) -> list[Small]:
    """How often dreams were opened, as bars; how many consents stood, as a line over them."""
    highest = max((max((*course.opened, *course.in_force)) for course in courses), default=0)
    unit, axis = PLOT / max(highest, 4), TOP + PLOT
    return [_against(course, axis=axis, unit=unit) for course in courses]


def _against(course: Course, *, axis: float, unit: float) -> Small:
    count = len(course.opened)
    columns = [_column(place, count) for place in range(count)]
    bars = [
        Bar("opened", x, axis - opened * unit, width, opened * unit)
        for (x, width), opened in zip(columns, course.opened, strict=True)
        if opened
    ]
    dots = tuple(
        (round(x + width / 2, 1), round(axis - standing * unit, 1))
        for (x, width), standing in zip(columns, course.in_force, strict=True)
    )
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in dots)
    return Small(course, tuple(_rounded(bar) for bar in bars), axis, line, dots)


def _column(place: int, count: int) -> tuple[float, float]:
    """Where a column begins and how wide it is."""
    pitch = WIDTH / count
    return place * pitch + pitch * (1 - SHARE) / 2, pitch * SHARE


def _rounded(bar: Bar) -> Bar:
    return Bar(bar.look, *(round(value, 1) for value in (bar.x, bar.y, bar.width, bar.height)))


CELL: Final = (62.0, 46.0)
HEAD: Final = (74.0, 26.0)
LARGEST: Final = 19.0
ALLOWED: Final[Mapping[Severity, int]] = {Severity.CRITICAL: 1, Severity.MAJOR: 2, Severity.MINOR: 3}
"""How many columns of ages each severity may be in before it is overdue (see `deadlines.ALLOWED`)."""


@dataclass(frozen=True)
class Spot:
    """Findings of one severity and one age: a disc whose area is their number."""

    count: int
    x: float
    y: float
    radius: float
    is_late: bool


@dataclass(frozen=True)
class Row:
    """One severity; `y` is the middle of its row."""

    severity: Severity
    y: float
    counts: tuple[int, ...]
    spots: tuple[Spot, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Matrix:
    """Severity by age, and the staircase beyond which everything is overdue."""

    rows: tuple[Row, ...]
    columns: tuple[tuple[str, float], ...]
    stairs: str
    width: float
    height: float

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)


def ages_drawn(counts: Mapping[Severity, Sequence[int]]) -> Matrix:
    """A chart of `docket.ages`."""
    largest = max((number for row in counts.values() for number in row), default=0)
    rows = tuple(_row(place, severity, counts[severity], largest) for place, severity in enumerate(Severity))
    columns = tuple((words, HEAD[0] + CELL[0] * (place + 0.5)) for place, (words, _) in enumerate(AGES))
    width, height = HEAD[0] + CELL[0] * len(AGES), HEAD[1] + CELL[1] * len(rows)
    return Matrix(rows, columns, _stairs(), width, height)


def _row(place: int, severity: Severity, counts: Sequence[int], largest: int) -> Row:
    y = HEAD[1] + CELL[1] * (place + 0.5)
    spots = tuple(
        Spot(
            count=count,
            x=HEAD[0] + CELL[0] * (column + 0.5),
            y=y,
            radius=round(max(9.5, LARGEST * math.sqrt(count / largest)), 1),
            is_late=column >= ALLOWED[severity],
        )
        for column, count in enumerate(counts)
        if count
    )
    return Row(severity, y, tuple(counts), spots)


def _stairs() -> str:
    """From the top down: a step to the right with every severity."""
    y = HEAD[1]
    path = ""
    for severity in Severity:
        x = HEAD[0] + CELL[0] * ALLOWED[severity]
        path += f"{'L' if path else 'M'}{x:g} {y:g}V{y + CELL[1]:g}"
        y += CELL[1]
    return path
