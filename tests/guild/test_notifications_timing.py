"""When a notice comes: by wall clocks, over midnight and over the days on which clocks change."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from guild.notifications.quiet import Quiet
from guild.notifications.timing import Hush, Round, comes_at, out_of_quiet

LISBON, BERLIN, NEW_YORK = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NIGHTLY = Quiet(time(22, 30), time(7))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


@pytest.mark.parametrize(
    ("moment", "quiet", "zone", "expected"),
    [
        ("2026-11-25T21:29", NIGHTLY, BERLIN, "2026-11-25T21:29"),
        ("2026-11-25T21:30", NIGHTLY, BERLIN, "2026-11-26T06:00"),
        ("2026-11-26T00:10", NIGHTLY, BERLIN, "2026-11-26T06:00"),
        ("2026-11-26T06:00", NIGHTLY, BERLIN, "2026-11-26T06:00"),
        ("2026-11-25T13:00", Quiet(time(13), time(15)), LISBON, "2026-11-25T15:00"),
        ("2026-11-25T13:00", Quiet(time(13), time(13)), LISBON, "2026-11-25T13:00"),
        # the night in which the clock goes forward (29 March) is an hour shorter, that of 25 October longer
        ("2026-03-28T23:00", NIGHTLY, BERLIN, "2026-03-29T05:00"),
        ("2026-10-24T22:00", NIGHTLY, BERLIN, "2026-10-25T06:00"),
        # the end of the quiet is skipped by the clock: it has ended an hour later by that clock
        ("2026-03-29T00:30", Quiet(time(23), time(2, 30)), BERLIN, "2026-03-29T01:30"),
        # the end of the quiet comes twice: the first of them is it, until the quiet comes over us again
        ("2026-10-24T23:00", Quiet(time(23), time(2, 30)), BERLIN, "2026-10-25T00:30"),
        ("2026-10-25T01:10", Quiet(time(23), time(2, 30)), BERLIN, "2026-10-25T01:30"),
    ],
)
def test_what_would_come_in_the_quiet_comes_when_it_ends(
    moment: str, quiet: Quiet, zone: ZoneInfo, expected: str
) -> None:
    assert out_of_quiet(utc(moment), [Hush(quiet, zone)]) == utc(expected)


def test_the_quiet_of_a_guild_holds_beside_ones_own() -> None:
    own, guilds = Hush(NIGHTLY, LISBON), Hush(Quiet(time(6), time(9)), BERLIN)
    assert out_of_quiet(utc("2026-11-26T05:30"), [own, guilds]) == utc("2026-11-26T08:00")


def test_quiet_round_the_clock_holds_nothing_back_for_ever() -> None:
    halves = [Hush(Quiet(time(0), time(12)), LISBON), Hush(Quiet(time(12), time(0)), LISBON)]
    assert out_of_quiet(utc("2026-11-26T05:30"), halves) == utc("2026-11-27T05:30")


@pytest.mark.parametrize(
    ("gathered", "after", "expected"),
    [
        (Round(18, NEW_YORK), "2026-11-25T12:00", "2026-11-25T23:00"),
        (Round(18, NEW_YORK), "2026-11-25T23:00", "2026-11-26T23:00"),
        (Round(18, BERLIN, weekday=0), "2026-11-25T12:00", "2026-11-30T17:00"),
        (Round(18, BERLIN, weekday=2), "2026-11-25T17:00", "2026-12-02T17:00"),
        # 2 o'clock does not come on 29 March, and comes twice on 25 October
        (Round(2, BERLIN), "2026-03-28T12:00", "2026-03-29T01:00"),
        (Round(2, BERLIN), "2026-10-24T12:00", "2026-10-25T00:00"),
        (Round(2, BERLIN), "2026-10-25T00:00", "2026-10-26T01:00"),
    ],
)
def test_what_is_gathered_comes_at_its_hour_by_ones_own_clock(
    gathered: Round, after: str, expected: str
) -> None:
    assert gathered.after(utc(after)) == utc(expected)


@pytest.mark.parametrize(
    ("now", "gathered", "expected"),
    [
        ("2026-11-25T12:00", None, "2026-11-25T12:00"),
        ("2026-11-25T12:00", Round(18, LISBON), "2026-11-25T18:00"),
        ("2026-11-25T18:01", Round(18, LISBON), "2026-11-25T18:01"),
        ("2026-11-25T12:00", Round(23, LISBON), "2026-11-26T07:00"),
        ("2026-11-25T23:00", None, "2026-11-26T07:00"),
    ],
)
def test_it_comes_at_once_or_gathered_and_in_no_quiet(
    now: str, gathered: Round | None, expected: str
) -> None:
    made, hush = utc("2026-11-25T11:00"), Hush(NIGHTLY, LISBON)
    assert comes_at(made, now=utc(now), gathered=gathered, hushes=[hush]) == utc(expected)
