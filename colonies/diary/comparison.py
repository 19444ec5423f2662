"""Nights with a ritual beside nights without it: how they differ, and how sure that is. Pure; the intervals
are scipy's.

Timing comes first, since diaries are right about timing. What is compared was not drawn by lot, so nothing
here says that the ritual is the reason. Over several people each person counts once, by the difference
between their own nights: people are never set beside each other.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import scipy  # which loads its `stats`, and takes a second for it, when something is first compared

from colonies.diary.measures import FEWEST_NIGHTS, MINUTE, WEEKEND, Night, mid_sleeps

CONFIDENCE = 0.95
FEWEST_PEOPLE = 5
FEW_PEOPLE, FEW_NIGHTS = 20, 14  # below these a page says how little that is
_RESAMPLES, _SEED = 2_000, 20_121  # the same nights give the same interval each time

Samples = tuple[np.ndarray, ...]


class Measure(StrEnum):
    """What is compared, in the order in which it is shown. All in minutes but the last, which is 1 to 5."""

    SPREAD = "spread"
    JET_LAG = "jet_lag"
    LATENCY = "latency"
    QUALITY = "quality"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _WORDS[self]


_WORDS = {
    Measure.SPREAD: "Middle of sleep moves by",
    Measure.JET_LAG: "Free days shift it by",
    Measure.LATENCY: "Until asleep",
    Measure.QUALITY: "How it was, 1 to 5",
}


@dataclass(frozen=True)
class Slept:
    """One person's nights on which a ritual fell: those on which it was kept, and those on which not."""

    kept: tuple[Night, ...]
    without: tuple[Night, ...]
    zone: str

    @property
    def is_enough(self) -> bool:
        return min(len(self.kept), len(self.without)) >= FEWEST_NIGHTS


@dataclass(frozen=True)
class Figure:
    """One measure. `count` is how many stand behind it: nights on the rarer side for one person, people for
    several. With too few all numbers are None; `difference` is with the ritual less without it.
    """

    measure: Measure
    count: int
    kept: float | None = None
    without: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_known(self) -> bool:
        return self.difference is not None

    @property
    def said(self) -> dict[str, str]:
        """The numbers as they are shown: no finer than a whole minute, or a tenth of a step."""
        numbers = ("kept", "without", "difference", "low", "high")
        known = {name: getattr(self, name) for name in numbers if getattr(self, name) is not None}
        return {name: _said(value, self.measure) for name, value in known.items()}

    @property
    def may_be_nothing(self) -> bool:
        """Whether no difference at all lies within the interval."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high


def _said(value: float, measure: Measure) -> str:
    quality = measure is Measure.QUALITY
    whole = f"{abs(value):.1f}" if quality else f"{abs(value):.0f}"
    sign = "−" if value < 0 and float(whole) else ""
    return f"{sign}{whole}" if quality else f"{sign}{whole} min"


def of_one(slept: Slept) -> list[Figure]:
    """One person's own comparison, with bootstrap intervals (percentile) over their nights."""
    return [_of_one(slept, measure) for measure in Measure]


def over_people(everybody: Sequence[Slept]) -> list[Figure]:
    """Over at least five people: the mean of their own differences, with Student's interval."""
    return [_over_people(everybody, measure) for measure in Measure]


def _of_one(slept: Slept, measure: Measure) -> Figure:
    kept, without = (_samples(nights, slept.zone, measure) for nights in (slept.kept, slept.without))
    count = min(_nights(kept), _nights(without))
    first, second = _value(kept, measure), _value(without, measure)
    if first is None or second is None:
        return Figure(measure, count)
    low, high = _resampled(kept, without, measure)
    return Figure(measure, count, first, second, first - second, low, high)


def _over_people(everybody: Sequence[Slept], measure: Measure) -> Figure:
    pairs = [
        (first, second)
        for slept in everybody
        if (first := _value(_samples(slept.kept, slept.zone, measure), measure)) is not None
        and (second := _value(_samples(slept.without, slept.zone, measure), measure)) is not None
    ]
    if len(pairs) < FEWEST_PEOPLE:
        return Figure(measure, len(pairs))
    kept, without = (statistics.fmean(side) for side in zip(*pairs, strict=True))
    low, high = _students_interval([first - second for first, second in pairs])
    return Figure(measure, len(pairs), kept, without, kept - without, low, high)


def _students_interval(differences: Sequence[float]) -> tuple[float, float]:
    mean, error = statistics.fmean(differences), float(scipy.stats.sem(differences))
    if error == 0:
        return mean, mean
    low, high = scipy.stats.t.interval(CONFIDENCE, len(differences) - 1, loc=mean, scale=error)
    return float(low), float(high)


def _resampled(kept: Samples, without: Samples, measure: Measure) -> tuple[float, float]:
    def difference(*samples: np.ndarray, axis: int = -1) -> Any:
        half = len(samples) // 2
        return _statistic(samples[:half], measure, axis) - _statistic(samples[half:], measure, axis)

    found = scipy.stats.bootstrap(
        (*kept, *without),
        difference,
        n_resamples=_RESAMPLES,
        vectorized=True,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(found.low), float(found.high)


def _samples(nights: Sequence[Night], zone: str, measure: Measure) -> Samples:
    """The numbers that a measure is made of: one list, or two for nights before free days and others."""
    if measure is Measure.LATENCY:
        return (np.array([night.latency / MINUTE for night in nights if night.latency is not None]),)
    if measure is Measure.QUALITY:
        return (np.array([float(night.quality) for night in nights if night.quality is not None]),)
    known = mid_sleeps(nights, zone=zone)
    if measure is Measure.SPREAD:
        return (np.array([minutes for _, minutes in known]),)
    free = np.array([minutes for on, minutes in known if on.weekday() in WEEKEND])
    bound = np.array([minutes for on, minutes in known if on.weekday() not in WEEKEND])
    return (free, bound)


def _nights(samples: Samples) -> int:
    return sum(len(sample) for sample in samples)


def _value(samples: Samples, measure: Measure) -> float | None:
    """The measure of one side; None with fewer than five nights, or fewer than two of a kind."""
    if _nights(samples) < FEWEST_NIGHTS or min(map(len, samples)) < 2:
        return None
    return float(_statistic(samples, measure, -1))


def _statistic(samples: Samples, measure: Measure, axis: int) -> Any:
    if measure is Measure.SPREAD:
        return np.std(samples[0], axis=axis, ddof=1)
    if measure is Measure.JET_LAG:
        return np.abs(np.mean(samples[0], axis=axis) - np.mean(samples[1], axis=axis))
    return np.mean(samples[0], axis=axis)
