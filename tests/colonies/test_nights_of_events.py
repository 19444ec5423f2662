"""The night of every event: whoever goes to bed late, flies, works in shifts, or sleeps while clocks change.

An event is something that is kept, a morning that is written down, a ritual that falls, a dream: all of them
are reckoned by the same clock and turnover, and what was reckoned stays when its dreamer travels.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from colonies.diary import selectors as diary
from colonies.diary import services as diaries
from colonies.diary.entries import Written, entry_of
from colonies.diary.measures import contradictions
from colonies.rituals import observing, times
from colonies.rituals.models import Observance, Ritual
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import a_colony, every_night, inside

TOKYO, ANGELES, LISBON, BERLIN = "Asia/Tokyo", "America/Los_Angeles", "Europe/Lisbon", "Europe/Berlin"

# who: (clock, turnover), then an instant by that clock and the night that it belongs to
NIGHTS = [
    ("bed at 01:30", LISBON, 18, "2026-11-26T01:30", "2026-11-25"),
    ("up at 09:00 after it", LISBON, 18, "2026-11-26T09:00", "2026-11-25"),
    ("asleep over noon after it", LISBON, 18, "2026-11-26T17:59", "2026-11-25"),
    ("the next evening", LISBON, 18, "2026-11-26T18:00", "2026-11-26"),
    ("a flight: Tokyo, before it", TOKYO, 18, "2026-11-25T21:30", "2026-11-25"),
    ("a flight: in the air, still by Tokyo", TOKYO, 18, "2026-11-26T04:00", "2026-11-25"),
    ("a flight: landed the day it left", ANGELES, 18, "2026-11-25T15:00", "2026-11-24"),
    ("a flight: that evening", ANGELES, 18, "2026-11-25T21:30", "2026-11-25"),
    ("a shift ends: bed at 13:30", LISBON, 12, "2026-11-25T13:30", "2026-11-25"),
    ("a shift ends: up at 20:30", LISBON, 12, "2026-11-25T20:30", "2026-11-25"),
    ("a shift ends: back to it at 06:00", LISBON, 12, "2026-11-26T06:00", "2026-11-25"),
    ("a shift worker's next night", LISBON, 12, "2026-11-26T12:00", "2026-11-26"),
    ("clocks go forward: before", BERLIN, 18, "2026-03-29T01:59", "2026-03-28"),
    ("clocks go forward: after", BERLIN, 18, "2026-03-29T03:00", "2026-03-28"),
    ("clocks go forward: turnover", BERLIN, 18, "2026-03-29T18:00", "2026-03-29"),
    ("clocks go back: the first 02:30", BERLIN, 18, "2026-10-25T02:30", "2026-10-24"),
    ("clocks go back: the second 02:30", BERLIN, 18, "2026-10-25T02:30:00.1", "2026-10-24"),
    ("clocks go back: turnover", BERLIN, 18, "2026-10-25T18:00", "2026-10-25"),
]


def instant(text: str, zone: str) -> datetime:
    """The second of two equal wall-clock times is marked by a split second."""
    moment = datetime.fromisoformat(text)
    second = bool(moment.microsecond)
    return moment.replace(microsecond=0, fold=int(second), tzinfo=ZoneInfo(zone))


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Kept every night of the year at 21:30, wherever one is."""
    ritual = a_colony(cast)[1]
    every_night(cast.lara, ritual, at=datetime.fromisoformat("2026-01-01T21:30"))
    return ritual


def moves(member: Membership, zone: str, turnover: int = 18) -> None:
    member.dreamer.time_zone, member.dreamer.night_turnover_hour = zone, turnover
    member.dreamer.save(update_fields=["time_zone", "night_turnover_hour"])


def test_every_event_belongs_to_its_night(cast: Cast, ritual: Ritual):
    """A tap now keeps tonight: the row holds the night, whatever the page was opened for."""
    found = {}
    for name, zone, turnover, text, _ in NIGHTS:
        moves(cast.mira, zone, turnover)
        now = instant(text, zone)
        night = reckoning_of(cast.mira.dreamer).night_of(now)
        with inside(cast.mira):
            row = observing.observe(by=cast.mira, ritual=ritual, night=night, keeping="kept", now=now)
            found[name] = f"{row.night}"
            row.delete()
    assert found == {name: night for name, _, _, _, night in NIGHTS}


def test_what_was_kept_before_a_flight_stays_and_the_same_date_again_is_the_same_night(
    cast: Cast, ritual: Ritual
):
    """Tokyo to Los Angeles over the date line: two evenings of one date, and one night of that name."""

    def keep(zone: str, text: str, keeping: str) -> None:
        moves(cast.mira, zone)
        now = instant(text, zone)
        night = reckoning_of(cast.mira.dreamer).night_of(now)
        with inside(cast.mira):
            observing.observe(by=cast.mira, ritual=ritual, night=night, keeping=keeping, now=now)

    keep(TOKYO, "2026-11-24T21:30", "kept")
    keep(TOKYO, "2026-11-25T21:30", "partly")
    keep(ANGELES, "2026-11-25T21:30", "kept")
    with inside(cast.mira):
        rows = [(f"{row.night}", row.keeping) for row in Observance.objects.order_by("night")]
    assert rows == [("2026-11-24", "kept"), ("2026-11-25", "kept")]


def test_a_morning_written_in_tokyo_keeps_its_clock_in_los_angeles(cast: Cast):
    night, now = date(2026, 11, 24), instant("2026-11-25T08:00", TOKYO)
    moves(cast.mira, TOKYO)
    written = Written(tried_to_sleep=time(23, 30), latency=10, final_awakening=time(7, 10))
    with tenant(dreamer=cast.mira.dreamer_id):
        diaries.write_night(by=cast.mira.dreamer, night=night, written=written, now=now)
    moves(cast.mira, ANGELES)
    with tenant(dreamer=cast.mira.dreamer_id):
        entry = diary.entry_for(cast.mira.dreamer_id, night)
    assert (entry.written, entry.zone, entry.on) == (written, TOKYO, night)
    assert f"{entry.night.final_awakening:%H:%M%z}" == "07:10+0900"


@pytest.mark.parametrize(
    ("zone", "turnover", "night", "clocks", "hours"),
    [
        (LISBON, 18, "2026-11-25", ("01:30", "09:00"), 7.5),
        (LISBON, 12, "2026-11-25", ("13:30", "20:30"), 7),
        (LISBON, 12, "2026-11-24", ("08:00", "15:00"), 7),  # past its own turnover
        (LISBON, 12, "2026-11-25", ("23:00", "12:30"), 13.5),  # a long one on a day off
        (BERLIN, 18, "2026-03-28", ("23:00", "07:00"), 7),
        (BERLIN, 18, "2026-10-24", ("23:00", "07:00"), 9),
        (TOKYO, 18, "2026-11-25", ("23:00", "07:00"), 8),
    ],
)
def test_the_diary_puts_clock_times_into_their_night(
    zone: str, turnover: int, night: str, clocks: tuple[str, str], hours: float
):
    bed, woke = map(time.fromisoformat, clocks)
    written = Written(into_bed=bed, tried_to_sleep=bed, latency=0, awakenings=0, final_awakening=woke)
    entry = entry_of(written, night=date.fromisoformat(night), zone=zone, turnover=turnover)
    assert (entry.measures.total_sleep_time, contradictions(entry.night)) == (timedelta(hours=hours), [])


def test_what_cannot_be_a_sleep_is_not_made_one_of_the_next_day():
    written = Written(tried_to_sleep=time(23, 30), final_awakening=time(22))
    entry = entry_of(written, night=date(2026, 11, 25), zone=LISBON, turnover=18)
    assert contradictions(entry.night) == ["You tried to sleep after you woke for good."]


@pytest.mark.parametrize(
    ("zone", "turnover", "night", "at"),
    [
        (LISBON, 18, "2026-11-25", "2026-11-25T21:30+00:00"),
        (LISBON, 12, "2026-11-25", "2026-11-25T21:30+00:00"),
        (LISBON, 22, "2026-11-24", "2026-11-25T21:30+00:00"),
        (TOKYO, 18, "2026-11-25", "2026-11-25T12:30+00:00"),
        (ANGELES, 18, "2026-11-25", "2026-11-26T05:30+00:00"),
        (BERLIN, 18, "2026-03-28", "2026-03-28T20:30+00:00"),
        (BERLIN, 18, "2026-03-29", "2026-03-29T19:30+00:00"),
        (BERLIN, 18, "2026-10-24", "2026-10-24T19:30+00:00"),
        (BERLIN, 18, "2026-10-25", "2026-10-25T20:30+00:00"),
    ],
)
def test_a_ritual_falls_on_the_night_in_which_it_begins(
    cast: Cast, ritual: Ritual, zone: str, turnover: int, night: str, at: str
):
    moves(cast.mira, zone, turnover)
    with inside(cast.mira):
        rows = times.evenings_of(
            times.schedules_of(ritual),
            reckoning=reckoning_of(cast.mira.dreamer),
            night=date.fromisoformat(night),
        )
    assert [row.instant for row in rows] == [datetime.fromisoformat(at)]
