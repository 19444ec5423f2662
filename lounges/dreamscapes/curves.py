"""The arc of a dreamscape as paths: the mean feeling over narrative time, and the band between dreamers.
Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 720.0, 150.0
LEAST_REACH = 0.25
"""An arc that hardly moves is not stretched into a drama: the scale shows at least this much."""
TABLE_STEPS = 4


@dataclass(frozen=True)
class Instant:
    """One row of an arc's table."""

    when: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """One arc. `zero` is where its line of zero is drawn; `top` and `bottom` are the ends of its scale."""

    name: str
    mean: str
    band: str
    zero: float
    top: float
    bottom: float
    rows: tuple[Instant, ...]


def valence_curve(document: Mapping[str, Any]) -> Curve:
    """How pleasant it felt, -1 to 1; the scale is as wide above zero as below."""
    arc = document["arc"]
    reach = _reach([*arc["valence_low"], *arc["valence_high"]])
    return _curve(arc, "valence", bottom=-reach, top=reach)


def arousal_curve(document: Mapping[str, Any]) -> Curve:
    """How strong it felt, 0 to 1."""
    arc = document["arc"]
    return _curve(arc, "arousal", bottom=0.0, top=_reach(arc["arousal_high"]))


def _reach(values: Sequence[float]) -> float:
    """The end of the scale: the next quarter above every value, at most 1."""
    furthest = max((abs(value) for value in values), default=0.0)
    return min(1.0, max(LEAST_REACH, -(-furthest // 0.25) * 0.25))


def _curve(arc: Mapping[str, Any], name: str, *, bottom: float, top: float) -> Curve:
    time: Sequence[float] = arc["time"]
    mean, low, high = arc[name], arc[f"{name}_low"], arc[f"{name}_high"]

    def height(value: float) -> float:
        return round((top - value) / (top - bottom) * HEIGHT, 1)

    there = _line(time, [height(value) for value in high])
    back = _line(time[::-1], [height(value) for value in low[::-1]]).replace("M", "L", 1)
    return Curve(
        name=name,
        mean=_line(time, [height(value) for value in mean]),
        band=f"{there}{back}Z",
        zero=height(0.0),
        top=top,
        bottom=bottom,
        rows=tuple(
            Instant(when, mean[place], low[place], high[place]) for when, place in _table_places(len(time))
        ),
    )


def _line(time: Sequence[float], heights: Sequence[float]) -> str:
    points = [f"{moment * WIDTH:.1f} {height:.1f}" for moment, height in zip(time, heights, strict=True)]
    return "M" + "L".join(points)


_WHEN = ("the beginning", "a quarter in", "the middle", "three quarters in", "the end")


def _table_places(steps: int) -> list[tuple[str, int]]:
    return [(when, round(place * (steps - 1) / TABLE_STEPS)) for place, when in enumerate(_WHEN)]
