"""When a reminder rings: so long before, by the person's own clock, and never in the hours of quiet."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from guild.notifications.quiet import Quiet, rings_at

NIGHTLY = Quiet(time(22, 30), time(7))


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("begins", "minutes", "expected"),
    [
        ("2026-11-25T21:30", 15, "2026-11-25T21:15"),
        ("2026-11-25T22:45", 15, "2026-11-25T22:29"),  # at the edge, a minute before the quiet
        ("2026-11-25T23:30", 0, "2026-11-25T22:29"),
        ("2026-11-26T00:29", 0, "2026-11-25T22:29"),
        ("2026-11-26T00:30", 0, None),  # more than two hours sooner is no reminder
        ("2026-11-26T06:00", 5, None),
        ("2026-11-26T07:00", 0, "2026-11-26T07:00"),
    ],
)
def test_nothing_rings_in_the_quiet(begins: str, minutes: int, expected: str | None) -> None:
    found = rings_at(at(begins), minutes=minutes, zone=ZoneInfo("UTC"), quiet=NIGHTLY)
    assert found == (at(expected) if expected else None)


@pytest.mark.parametrize(
    ("quiet", "clock", "covered"),
    [
        (NIGHTLY, time(22, 29), False),
        (NIGHTLY, time(22, 30), True),
        (NIGHTLY, time(0), True),
        (NIGHTLY, time(7), False),
        (Quiet(time(13), time(15)), time(14), True),
        (Quiet(time(13), time(15)), time(15), False),
        (Quiet(time(9), time(9)), time(9), False),
    ],
)
def test_quiet_covers_its_hours_over_midnight_too(quiet: Quiet, clock: time, covered: bool) -> None:
    assert quiet.covers(clock) is covered


def test_it_is_the_persons_own_clock_that_is_quiet() -> None:
    """22:00 in Lisbon is 7:00 in Tokyo, where the quiet has just ended."""
    begins = at("2026-11-25T22:45", "Europe/Lisbon")
    assert rings_at(begins, minutes=30, zone=ZoneInfo("Asia/Tokyo"), quiet=NIGHTLY) == at("2026-11-25T22:15")
    assert rings_at(begins, minutes=30, zone=ZoneInfo("Europe/Lisbon"), quiet=NIGHTLY) == at(
        "2026-11-25T22:15"
    )
    assert rings_at(begins, minutes=0, zone=ZoneInfo("Asia/Tokyo"), quiet=NIGHTLY) == at("2026-11-25T22:45")


def test_an_hour_before_is_an_hour_when_clocks_change() -> None:
    """Berlin, 29 March 2026: from 02:00 to 03:00 there is no time."""
    quiet = Quiet(time(0), time(0))
    begins = at("2026-03-29T03:30", "Europe/Berlin")
    found = rings_at(begins, minutes=60, zone=ZoneInfo("Europe/Berlin"), quiet=quiet)
    assert found == at("2026-03-29T00:30")
