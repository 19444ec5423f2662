"""The times of a ritual: set, left out, moved and ended by those who lead; read by everybody's own clock."""

from datetime import date, datetime

import pytest

from colonies.rituals import belonging, scheduling, times, writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Ritual, Schedule
from colonies.rituals.recurrence import Kind, Rhythm
from governance.policies.errors import Denied
from guild.journal.nights import Reckoning
from tests.cast import Cast
from tests.colonies.colony import DUSK, a_colony, every_night, inside
from tests.colonies.test_rituals_colonies import leaves

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")
LISBON = Reckoning("Europe/Lisbon")


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    return a_colony(cast)[1]


def ahead(cast: Cast, ritual: Ritual, reckoning: Reckoning = LISBON) -> list[str]:
    with inside(cast.mira):
        rows = times.evenings_ahead(times.schedules_of(ritual), reckoning=reckoning, now=NOW)
    return [f"{row.instant:%d %H:%M}" for row in rows]


def test_a_time_begins_on_the_first_day_of_its_rule_and_leaves_a_leaf(cast: Cast, ritual: Ritual):
    row = every_night(cast.lara, ritual, rule="FREQ=WEEKLY;BYDAY=MO")
    assert row.starts == "2026-11-23T21:30"
    assert leaves(cast.lara)[-1] == ("ritual.scheduled", {"kind": "local", "sequence": 0})


def test_only_those_who_lead_set_times(cast: Cast, ritual: Ritual):
    with pytest.raises(Denied, match="lead this colony"):
        every_night(cast.mira, ritual)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"kind": Kind.TOGETHER}, "zone"),
        ({"kind": Kind.TOGETHER, "zone": "Mars/Olympus"}, "zone"),
        ({"rule": "FREQ=SECONDLY"}, "rule"),
        ({"until": date(2026, 11, 1)}, "until"),
        ({"at": datetime(1999, 1, 1)}, "starts_on"),  # noqa: DTZ001
    ],
)
def test_a_time_that_cannot_be_kept_names_its_field(cast: Cast, ritual: Ritual, options: dict, field: str):
    with pytest.raises(Invalid) as refused:
        every_night(cast.lara, ritual, **options)
    assert refused.value.field == field


def test_a_ritual_has_no_more_times_than_one_can_read(cast: Cast, ritual: Ritual):
    for _ in range(10):
        every_night(cast.lara, ritual, rule="")
    with pytest.raises(NotNow, match="no more than 10"):
        every_night(cast.lara, ritual)


def test_one_time_is_left_out_and_another_moved(cast: Cast, ritual: Ritual):
    row = every_night(cast.lara, ritual)
    with inside(cast.lara):
        scheduling.leave_out(by=cast.lara, row=row, original=DUSK)
        scheduling.leave_out(by=cast.lara, row=row, original=DUSK)
        original, to = DUSK.replace(day=21), DUSK.replace(day=21, hour=20, minute=0)
        scheduling.move(by=cast.lara, row=row, original=original, to=to)
    assert ahead(cast, ritual)[:2] == ["21 20:00", "22 21:30"]
    assert [detail for _, detail in leaves(cast.lara)[-3:]] == [
        {"kind": "local", "sequence": sequence} for sequence in (0, 1, 2)
    ]
    with inside(cast.lara):
        scheduling.move(by=cast.lara, row=row, original=original, to=original)
    assert ahead(cast, ritual)[:2] == ["21 21:30", "22 21:30"]


def test_what_is_not_a_time_of_it_is_neither_left_out_nor_moved_far(cast: Cast, ritual: Ritual):
    row = every_night(cast.lara, ritual)
    with inside(cast.lara):
        with pytest.raises(Invalid, match="not kept at this time"):
            scheduling.leave_out(by=cast.lara, row=row, original=DUSK.replace(minute=31))
        with pytest.raises(Invalid, match="at most a week"):
            scheduling.move(by=cast.lara, row=row, original=DUSK, to=DUSK.replace(month=12))


def test_what_has_ended_is_kept_no_more(cast: Cast, ritual: Ritual):
    row = every_night(cast.lara, ritual)
    with inside(cast.lara):
        scheduling.end(by=cast.lara, row=row)
        for act in (
            lambda: scheduling.end(by=cast.lara, row=row),
            lambda: scheduling.leave_out(by=cast.lara, row=row, original=DUSK),
        ):
            with pytest.raises(NotNow, match="ended before"):
                act()
    assert ahead(cast, ritual) == []


def test_everybody_reads_the_times_by_their_own_clock(cast: Cast, ritual: Ritual):
    every_night(cast.lara, ritual)
    every_night(cast.lara, ritual, kind=Kind.TOGETHER, zone="Europe/Lisbon", rule="")
    assert ahead(cast, ritual)[:3] == ["20 21:30", "20 21:30", "21 21:30"]
    assert ahead(cast, ritual, Reckoning("Asia/Tokyo"))[:3] == ["20 12:30", "20 21:30", "21 12:30"]


def test_a_night_holds_what_begins_between_its_turnovers(cast: Cast, ritual: Ritual):
    every_night(cast.lara, ritual, at=datetime.fromisoformat("2026-11-18T01:30"))
    every_night(cast.lara, ritual, at=datetime.fromisoformat("2026-11-18T18:00"))
    with inside(cast.mira):
        rows = times.evenings_of(times.schedules_of(ritual), reckoning=LISBON, night=date(2026, 11, 20))
    assert [f"{row.instant:%d %H:%M}" for row in rows] == ["20 18:00", "21 01:30"]


def test_one_keeps_what_is_kept_in_ones_own_colonies(cast: Cast, ritual: Ritual):
    row = every_night(cast.lara, ritual)

    def kept_by(member) -> list[Schedule]:
        with inside(member):
            return times.schedules_for(member)

    assert (kept_by(cast.mira), kept_by(cast.finn), kept_by(cast.zed)) == ([row], [], [])
    with inside(cast.lara):
        writing.lay_to_rest(by=cast.lara, ritual=ritual)
    assert kept_by(cast.mira) == []
    with inside(cast.lara):
        writing.wake(by=cast.lara, ritual=ritual)
    with inside(cast.mira):
        belonging.leave(by=cast.mira, colony=ritual.colony)
    assert kept_by(cast.mira) == []


def test_times_are_listed_with_the_same_number_of_queries(
    cast: Cast, ritual: Ritual, django_assert_num_queries
):
    for more in (1, 2):
        for _ in range(more):
            every_night(cast.lara, ritual)
        with inside(cast.mira), django_assert_num_queries(1):
            rows = times.schedules_for(cast.mira)
            [row.ritual.colony.name for row in rows]


def test_a_rhythm_read_back_is_the_rhythm_that_was_set(cast: Cast, ritual: Ritual):
    row = every_night(cast.lara, ritual, kind=Kind.TOGETHER, zone="Asia/Tokyo", until=date(2026, 12, 24))
    with inside(cast.lara):
        read = Schedule.objects.get(pk=row.pk).rhythm
    assert read == Rhythm(
        Kind.TOGETHER,
        DUSK,
        zone="Asia/Tokyo",
        length=read.length,
        rule="FREQ=DAILY",
        until=date(2026, 12, 24),
    )
