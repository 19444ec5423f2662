"""Nights with and without: the figures against worked ones, few people, and nothing where little is known."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy import stats

from colonies.diary.comparison import Figure, Measure, Slept, of_one, over_people
from colonies.diary.measures import Night

UTC = ZoneInfo("UTC")
MONDAY = date(2026, 6, 1)
SPREAD, JET_LAG, LATENCY, QUALITY = Measure


def night(day: int, middle: int, *, latency: int = 0, quality: int = 3) -> Night:
    """Six hours around `middle`, in minutes after midnight of the day after."""
    on = MONDAY + timedelta(days=day)
    centre = datetime.combine(on + timedelta(days=1), time(0), tzinfo=UTC) + timedelta(minutes=middle)
    onset, wake = centre - timedelta(hours=3), centre + timedelta(hours=3)
    asleep = timedelta(minutes=latency)
    return Night(on, tried_to_sleep=onset - asleep, latency=asleep, final_awakening=wake, quality=quality)


def sleeper(shift: int = 0, *, calm: int = 1, wild: int = 3, latency: int = 10) -> Slept:
    """Seven nights each. With: mid-sleep within `calm` times a pattern, without: within `wild` times."""
    pattern = (-20, 10, 0, 5, -5, 20, -10)
    kept = [night(day, 180 + shift + calm * move, latency=latency) for day, move in enumerate(pattern)]
    without = [
        night(7 + day, 180 + shift + wild * move, latency=latency + 12, quality=2)
        for day, move in enumerate(pattern)
    ]
    return Slept(tuple(kept), tuple(without), "UTC")


def test_one_persons_own_figures_are_those_of_their_nights():
    pattern = np.array([-20, 10, 0, 5, -5, 20, -10])
    spread, jet_lag, latency, quality = of_one(sleeper())
    assert spread.difference == pytest.approx(-2 * np.std(pattern, ddof=1))
    free, bound = pattern[[4, 5]], pattern[[0, 1, 2, 3, 6]]
    assert jet_lag.kept == pytest.approx(abs(free.mean() - bound.mean()))
    assert (latency.kept, latency.without, latency.difference) == (10, 22, -12)
    assert (quality.difference, quality.low, quality.high) == (1, 1, 1)
    assert spread.low < spread.difference < spread.high


def test_the_same_nights_give_the_same_interval_each_time():
    assert of_one(sleeper()) == of_one(sleeper())


def test_over_people_it_is_the_mean_of_their_own_differences_with_students_interval():
    people = [sleeper(shift, wild=wild) for shift, wild in zip(range(6), (2, 3, 4, 2, 3, 5), strict=True)]
    own = [of_one(one)[0].difference for one in people]
    expected = stats.ttest_1samp(own, 0).confidence_interval(0.95)
    spread = over_people(people)[0]
    assert (spread.count, spread.difference) == (6, pytest.approx(np.mean(own)))
    assert (spread.low, spread.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_where_somebody_sleeps_does_not_matter_only_how_they_differ_from_themselves():
    """One who sleeps at noon beside five who sleep at night changes nothing but the count."""
    five = [sleeper(shift) for shift in range(5)]
    odd = [*five, sleeper(720)]
    assert over_people(odd)[0].difference == pytest.approx(over_people(five)[0].difference)


def test_fewer_than_five_people_have_no_figure():
    assert over_people([sleeper(shift) for shift in range(4)]) == [Figure(one, 4) for one in Measure]


def test_people_without_enough_nights_do_not_count():
    short = Slept(sleeper().kept, sleeper().without[:4], "UTC")
    assert not short.is_enough
    assert over_people([*(sleeper(shift) for shift in range(4)), short])[0] == Figure(SPREAD, 4)


def test_a_measure_that_nobody_wrote_down_is_not_known_and_the_others_are():
    bare = sleeper()
    kept = tuple(Night(one.on, quality=one.quality) for one in bare.kept)
    figures = of_one(Slept(kept, bare.without, "UTC"))
    assert [figure.is_known for figure in figures] == [False, False, False, True]


def test_nights_of_which_nothing_is_known_are_no_error():
    assert of_one(Slept((), (), "UTC")) == [Figure(one, 0) for one in Measure]


@pytest.mark.parametrize(("wild", "nothing"), [(1, True), (6, False)])
def test_an_interval_says_when_it_may_be_nothing(wild: int, nothing: bool):
    assert of_one(sleeper(wild=wild))[0].may_be_nothing is nothing


def test_chance_alone_leaves_zero_outside_one_interval_in_twenty():
    """A thousand colonies of twelve in which the ritual does nothing at all."""
    chance = np.random.default_rng(5)
    outside = 0
    for _ in range(1_000):
        found = _latency(chance.normal(15, 4, (12, 2, 8)).round().clip(0))
        outside += not found.may_be_nothing
    assert 30 <= outside <= 72


def _latency(minutes: np.ndarray) -> Figure:
    def nights(row: np.ndarray) -> tuple[Night, ...]:
        return tuple(Night(MONDAY, latency=timedelta(minutes=float(value))) for value in row)

    return over_people([Slept(nights(kept), nights(without), "UTC") for kept, without in minutes])[2]


def test_numbers_are_shown_no_finer_than_a_minute():
    figure = Figure(SPREAD, 9, 12.4, 20.4, -8.04, -15.6, -0.3)
    assert figure.said == {
        "kept": "12 min",
        "without": "20 min",
        "difference": "−8 min",
        "low": "−16 min",
        "high": "0 min",
    }
