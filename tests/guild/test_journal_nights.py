from datetime import UTC, date, datetime

import pytest

from guild.journal.errors import UnknownTimeZone
from guild.journal.nights import sleep_night


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        (datetime(2025, 1, 10, 18, 0, tzinfo=UTC), date(2025, 1, 10)),
        (datetime(2025, 1, 10, 17, 59, tzinfo=UTC), date(2025, 1, 9)),
        (datetime(2025, 1, 11, 0, 30, tzinfo=UTC), date(2025, 1, 10)),
        (datetime(2025, 1, 11, 9, 0, tzinfo=UTC), date(2025, 1, 10)),
        (datetime(2025, 3, 1, 3, 0, tzinfo=UTC), date(2025, 2, 28)),
        (datetime(2025, 1, 1, 3, 0, tzinfo=UTC), date(2024, 12, 31)),
    ],
)
def test_sleep_night_is_named_by_the_date_it_began(instant: datetime, night: date) -> None:
    assert sleep_night(instant, time_zone="Europe/London", turnover_hour=18) == night


def test_sleep_night_follows_the_clock_of_the_place() -> None:
    instant = datetime(2025, 7, 1, 9, 30, tzinfo=UTC)

    nights = {zone: sleep_night(instant, time_zone=zone) for zone in ("Asia/Tokyo", "America/Los_Angeles")}

    assert nights == {"Asia/Tokyo": date(2025, 7, 1), "America/Los_Angeles": date(2025, 6, 30)}


@pytest.mark.parametrize(
    ("hour", "night"), [(0, date(2025, 1, 11)), (4, date(2025, 1, 10)), (23, date(2025, 1, 10))]
)
def test_sleep_night_obeys_a_personal_turnover_hour(hour: int, night: date) -> None:
    instant = datetime(2025, 1, 11, 2, 0, tzinfo=UTC)

    assert sleep_night(instant, time_zone="Etc/UTC", turnover_hour=hour) == night


def test_sleep_night_on_the_day_the_clocks_change_has_one_turnover() -> None:
    # In Lisbon 01:00 to 02:00 does not exist on 30 March 2025; 18:00 local is 17:00 UTC from then on.
    before = sleep_night(datetime(2025, 3, 30, 16, 59, tzinfo=UTC), time_zone="Europe/Lisbon")
    after = sleep_night(datetime(2025, 3, 30, 17, 0, tzinfo=UTC), time_zone="Europe/Lisbon")

    assert (before, after) == (date(2025, 3, 29), date(2025, 3, 30))


def test_sleep_night_of_a_naive_instant_is_refused() -> None:
    naive = datetime(2025, 1, 1, 12, 0)  # noqa: DTZ001 - the naive instant is the point
    with pytest.raises(ValueError, match="aware instant"):
        sleep_night(naive, time_zone="Europe/Lisbon")


def test_sleep_night_with_an_impossible_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 23"):
        sleep_night(datetime(2025, 1, 1, tzinfo=UTC), time_zone="Europe/Lisbon", turnover_hour=24)


@pytest.mark.parametrize("name", ["Nowhere/Land", "../etc/passwd", ""])
def test_sleep_night_in_an_unknown_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownTimeZone, match="not a time zone"):
        sleep_night(datetime(2025, 1, 1, tzinfo=UTC), time_zone=name)
