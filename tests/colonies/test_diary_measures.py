"""Worked cases of the Consensus Sleep Diary: over midnight, with items missing, with clocks that change."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from colonies.diary.measures import (
    Measures,
    Night,
    Regularity,
    contradictions,
    measures,
    on_the_clock,
    regularity,
)

LISBON = ZoneInfo("Europe/Lisbon")
ON = date(2026, 11, 20)


def at(text: str, zone: ZoneInfo = LISBON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


# The published example's shape: in bed 22:15, tries at 23:30, 55 min to sleep, awake 3 times for 70 min in
# all, wakes at 06:35, up at 07:20.
WORKED = Night(
    ON,
    into_bed=at("2026-11-20T22:15"),
    tried_to_sleep=at("2026-11-20T23:30"),
    latency=minutes(55),
    awakenings=3,
    awake=minutes(70),
    final_awakening=at("2026-11-21T06:35"),
    out_of_bed=at("2026-11-21T07:20"),
    quality=2,
)


def test_a_worked_night_over_midnight():
    assert measures(WORKED) == Measures(
        sleep_onset=at("2026-11-21T00:25"),
        mid_sleep=at("2026-11-21T03:30"),
        time_in_bed=minutes(545),
        wake_after_sleep_onset=minutes(70),
        total_sleep_time=minutes(300),
        sleep_efficiency=pytest.approx(100 * 300 / 545),
    )


FIELDS = (
    "sleep_onset",
    "mid_sleep",
    "time_in_bed",
    "wake_after_sleep_onset",
    "total_sleep_time",
    "sleep_efficiency",
)


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ("into_bed", {"time_in_bed", "sleep_efficiency"}),
        ("tried_to_sleep", {"sleep_onset", "mid_sleep", "total_sleep_time", "sleep_efficiency"}),
        ("latency", {"sleep_onset", "mid_sleep", "total_sleep_time", "sleep_efficiency"}),
        ("awakenings", set()),
        ("awake", {"wake_after_sleep_onset", "total_sleep_time", "sleep_efficiency"}),
        ("final_awakening", {"mid_sleep", "total_sleep_time", "sleep_efficiency"}),
        ("out_of_bed", {"time_in_bed", "sleep_efficiency"}),
        ("quality", set()),
    ],
)
def test_a_missing_item_takes_with_it_what_depends_on_it_and_nothing_else(without: str, missing: set[str]):
    found, whole = measures(replace(WORKED, **{without: None})), measures(WORKED)
    assert {name for name in FIELDS if getattr(found, name) is None} == missing
    assert all(getattr(found, name) == getattr(whole, name) for name in FIELDS if name not in missing)


def test_a_night_without_awakenings_needs_no_minutes_of_them():
    found = measures(replace(WORKED, awakenings=0, awake=None))
    assert (found.wake_after_sleep_onset, found.total_sleep_time) == (minutes(0), minutes(370))


def test_a_night_of_which_nothing_is_known():
    assert measures(Night(ON)) == Measures(None, None, None, None, None, None)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9)])
def test_a_night_on_which_clocks_change_is_as_long_as_it_was(day: str, hours: int):
    """From 23:00 to 07:00 by the clock of Berlin."""
    berlin = ZoneInfo("Europe/Berlin")
    first = date.fromisoformat(day)
    bed = at(f"{day}T23:00", berlin)
    up = at(f"{first + timedelta(days=1)}T07:00", berlin)
    night = Night(
        first,
        into_bed=bed,
        tried_to_sleep=bed,
        latency=minutes(0),
        awakenings=0,
        final_awakening=up,
        out_of_bed=up,
    )
    found = measures(night)
    assert (found.time_in_bed, found.total_sleep_time, found.sleep_efficiency) == (
        timedelta(hours=hours),
        timedelta(hours=hours),
        100.0,
    )


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({}, []),
        ({"tried_to_sleep": at("2026-11-20T22:00")}, ["You were in bed after you tried to sleep."]),
        ({"out_of_bed": at("2026-11-21T06:00")}, ["You got up before you woke for good."]),
        ({"awake": minutes(900)}, ["The minutes awake add up to more than the night."]),
        ({"out_of_bed": at("2026-11-22T07:20")}, ["A night in bed is no longer than a day."]),
    ],
)
def test_what_cannot_be_so_is_said(changed: dict, sentences: list[str]):
    assert contradictions(replace(WORKED, **changed)) == sentences


@pytest.mark.parametrize(
    ("clock", "turnover", "expected"),
    [
        ("23:10", 18, "2026-11-20T23:10"),
        ("00:40", 18, "2026-11-21T00:40"),
        ("17:59", 18, "2026-11-21T17:59"),
        ("18:00", 18, "2026-11-20T18:00"),
        ("13:00", 12, "2026-11-20T13:00"),
        ("11:59", 12, "2026-11-21T11:59"),
    ],
)
def test_a_clock_time_belongs_to_its_night(clock: str, turnover: int, expected: str):
    found = on_the_clock(night=ON, at=time.fromisoformat(clock), turnover=turnover, zone="Europe/Lisbon")
    assert found == at(expected)


def slept(on: date, onset: str, wake: str) -> Night:
    """From one clock time to another, without a minute awake."""
    first, last = (
        on_the_clock(night=on, at=time.fromisoformat(text), turnover=18, zone="Europe/Lisbon")
        for text in (onset, wake)
    )
    return Night(on, tried_to_sleep=first, latency=minutes(0), final_awakening=last)


def test_regularity_of_a_worked_week():
    """Mid-sleep at 3:00 on five work nights, at 4:30 on the nights of Friday and Saturday."""
    monday = date(2026, 11, 16)
    week = [
        slept(monday + timedelta(days=day), *(("00:30", "08:30") if day in (4, 5) else ("23:00", "07:00")))
        for day in range(7)
    ]
    mean = 3 * 60 + 90 * 2 / 7
    spread = (sum((90 - 90 * 2 / 7) ** 2 for _ in range(2)) + sum((90 * 2 / 7) ** 2 for _ in range(5))) / 6
    found = regularity(week, zone="Europe/Lisbon")
    assert (found.nights, found.mid_sleep, found.social_jet_lag) == (
        7,
        time(3, round(mean - 180)),
        minutes(90),
    )
    assert found.spread / minutes(1) == pytest.approx(spread**0.5)


def test_nights_slept_alike_are_regular_though_clocks_change_between_them():
    nights = [slept(date(2026, 10, 22) + timedelta(days=day), "23:00", "07:00") for day in range(2)]
    later = [slept(date(2026, 10, 25) + timedelta(days=day), "23:00", "07:00") for day in range(4)]
    found = regularity([*nights, *later], zone="Europe/Lisbon")
    assert (found.mid_sleep, found.spread) == (time(3, 0), minutes(0))


def test_a_spread_over_few_nights_is_not_given():
    nights = [slept(ON + timedelta(days=day), "23:00", "07:00") for day in range(4)]
    assert regularity(nights, zone="Europe/Lisbon") == Regularity(4, time(3, 0), None, None)
    assert regularity([Night(ON)], zone="Europe/Lisbon") == Regularity(0, None, None, None)


def test_where_every_night_is_free_there_is_no_social_jet_lag():
    nights = [slept(ON + timedelta(days=day), "23:00", "07:00") for day in range(6)]
    assert regularity(nights, zone="Europe/Lisbon", free=range(7)).social_jet_lag is None
