"""When a ritual is kept: against an implementation that shares no code with ours, and by one's own nights."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from colonies.rituals.recurrence import (
    Card,
    Kind,
    Move,
    Occurrence,
    Rhythm,
    bare_events,
    calendar,
    occurrences,
    walls,
)
from colonies.rituals.rules import RuleRefused, checked_rule, explicit_rule, first_time, rule_of, said_aloud
from guild.journal.nights import Reckoning
from tests.colonies.icaljs import Expander
from tests.colonies.recurrence_cases import ZONES, Case, cases

CASES = 10_000


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def by_ours(case: Case) -> list[list[object]]:
    """What `occurrences.mjs` says, said by ours."""
    clock = ZoneInfo(case.zone)
    since, until = (moment.replace(tzinfo=clock) for moment in (case.since, case.until))
    found = occurrences(case.rhythm, zone=case.zone, since=since, until=until)
    return sorted([one.wall.isoformat(), int(one.instant.timestamp())] for one in found)


def question(case: Case) -> dict[str, str]:
    bare = icalendar.Calendar()
    for event in bare_events(case.rhythm):
        event.add("UID", "one")
        bare.add_component(event)
    return {
        "ics": bare.to_ical().decode(),
        "zone": case.zone,
        "since": case.since.isoformat(),
        "until": case.until.isoformat(),
    }


def zones() -> dict[str, str]:
    card = Card(uid="one", summary="", stamp=datetime(2026, 1, 1, tzinfo=UTC))
    named = [(Rhythm(Kind.TOGETHER, at("2025-01-01T00:00"), zone=zone), card) for zone in ZONES]
    return {"zones": calendar(named).to_ical().decode()}


def test_ten_thousand_cases_agree_with_ical_js():
    generated = list(cases(CASES, seed=20261125))
    expander = Expander([zones(), *map(question, generated)])
    with ThreadPoolExecutor(1) as beside:
        theirs = beside.submit(expander.answers)
        ours = [by_ours(case) for case in generated]
    learnt, *answers = theirs.result()
    disagreeing = [
        (case, mine, other)
        for case, mine, other in zip(generated, ours, answers, strict=True)
        if mine != other
    ]
    assert (learnt, disagreeing[:3]) == ("learnt", [])
    assert sum(map(len, ours)) > CASES


def test_the_cases_hold_what_makes_recurrence_hard():
    """The generator is worth its name: each kind of exception, each frequency, gaps and folds all occur."""
    generated = list(cases(2_000, seed=20261125))
    held = {
        "together": any(case.rhythm.zone for case in generated),
        "local": any(not case.rhythm.zone for case in generated),
        "count": any("COUNT" in case.rhythm.rule for case in generated),
        "until": any(case.rhythm.until for case in generated),
        "left out": any(case.rhythm.without for case in generated),
        "moved": any(case.rhythm.moved for case in generated),
        "also": any(case.rhythm.also for case in generated),
        "leap day": any(case.rhythm.starts.month == 2 and case.rhythm.starts.day == 29 for case in generated),
        "once": any(not case.rhythm.rule for case in generated),
    }
    assert held == dict.fromkeys(held, True)


BERLIN = Rhythm(Kind.TOGETHER, at("2026-10-23T02:30"), zone="Europe/Berlin", rule="FREQ=DAILY")


def found(rhythm: Rhythm, *, zone: str, since: str, until: str) -> list[tuple[str, str]]:
    """(wall clock, instant in UTC) of each occurrence, to the minute."""
    rows = occurrences(rhythm, zone=zone, since=at(since + "+00:00"), until=at(until + "+00:00"))
    return [(f"{row.wall:%d %H:%M}", f"{row.instant:%d %H:%M}") for row in rows]


def test_an_hour_that_comes_twice_is_kept_the_first_time():
    assert found(BERLIN, zone="UTC", since="2026-10-24T00:00", until="2026-10-27T00:00") == [
        ("24 02:30", "24 00:30"),
        ("25 02:30", "25 00:30"),
        ("26 02:30", "26 01:30"),
    ]


def test_an_hour_that_does_not_come_is_kept_an_hour_later():
    spring = Rhythm(Kind.TOGETHER, at("2026-03-27T02:30"), zone="Europe/Berlin", rule="FREQ=DAILY")
    assert found(spring, zone="UTC", since="2026-03-28T00:00", until="2026-03-31T00:00") == [
        ("28 02:30", "28 01:30"),
        ("29 02:30", "29 01:30"),
        ("30 02:30", "30 00:30"),
    ]


def test_together_is_one_instant_and_local_is_one_hour_of_the_clock():
    local = Rhythm(Kind.LOCAL, at("2026-11-20T21:30"), rule="FREQ=DAILY", until=date(2026, 11, 20))
    together = Rhythm(Kind.TOGETHER, at("2026-11-20T21:30"), zone="Europe/Lisbon")
    span = {"since": "2026-11-19T00:00", "until": "2026-11-22T00:00"}
    assert [found(local, zone=zone, **span) for zone in ("Europe/Lisbon", "Asia/Tokyo")] == [
        [("20 21:30", "20 21:30")],
        [("20 21:30", "20 12:30")],
    ]
    assert found(together, zone="Asia/Tokyo", **span) == [("20 21:30", "20 21:30")]


def test_a_moved_occurrence_keeps_the_name_of_where_the_rule_has_it():
    moved = Rhythm(
        Kind.LOCAL,
        at("2026-11-20T21:30"),
        rule="FREQ=DAILY;COUNT=3",
        without=(at("2026-11-20T21:30"),),
        moved=(Move(at("2026-11-21T21:30"), at("2026-11-21T23:00")),),
    )
    rows = occurrences(
        moved, zone="UTC", since=at("2026-11-01T00:00+00:00"), until=at("2026-12-01T00:00+00:00")
    )
    assert rows == [
        Occurrence(at("2026-11-21T23:00+00:00"), at("2026-11-21T21:30"), at("2026-11-21T23:00")),
        Occurrence(at("2026-11-22T21:30+00:00"), at("2026-11-22T21:30"), at("2026-11-22T21:30")),
    ]
    assert [row.is_moved for row in rows] == [True, False]


def nights(rhythm: Rhythm, *, zone: str, turnover: int = 18, since: str, until: str) -> list[str]:
    """The sleep night of each occurrence, for somebody there."""
    rows = occurrences(rhythm, zone=zone, since=at(since), until=at(until))
    reckoning = Reckoning(zone, turnover)
    return [reckoning.night_of(row.instant).isoformat() for row in rows]


def test_half_past_one_belongs_to_the_night_before():
    late = Rhythm(Kind.LOCAL, at("2026-11-21T01:30"), rule="FREQ=DAILY;COUNT=2")
    assert nights(
        late, zone="Europe/Lisbon", since="2026-11-20T00:00+00:00", until="2026-11-23T00:00+00:00"
    ) == ["2026-11-20", "2026-11-21"]


def test_a_flight_from_tokyo_to_los_angeles_gives_the_same_date_twice_and_each_its_own_night():
    """At 22:00 by the clock of wherever one is: on the 20th in Tokyo, and once more in Los Angeles."""
    rhythm = Rhythm(Kind.LOCAL, at("2026-11-18T22:00"), rule="FREQ=DAILY")
    before = nights(rhythm, zone="Asia/Tokyo", since="2026-11-19T20:00+09:00", until="2026-11-20T23:00+09:00")
    after = nights(
        rhythm, zone="America/Los_Angeles", since="2026-11-20T12:00-08:00", until="2026-11-21T23:00-08:00"
    )
    assert (before, after) == (["2026-11-19", "2026-11-20"], ["2026-11-20", "2026-11-21"])


def test_what_is_kept_together_falls_on_ones_own_night_wherever_one_is():
    """21:00 in Lisbon is the next morning in Auckland: the night that began there the evening before."""
    rhythm = Rhythm(Kind.TOGETHER, at("2026-11-20T21:00"), zone="Europe/Lisbon")
    span = {"since": "2026-11-20T00:00+00:00", "until": "2026-11-22T00:00+00:00"}
    assert [nights(rhythm, zone=zone, **span) for zone in ("Europe/Lisbon", "Pacific/Auckland")] == [
        ["2026-11-20"],
        ["2026-11-20"],
    ]


def test_a_shift_worker_whose_night_turns_at_noon():
    rhythm = Rhythm(
        Kind.LOCAL, at("2026-11-20T11:30"), rule="FREQ=DAILY;COUNT=1", also=(at("2026-11-20T12:30"),)
    )
    span = {"since": "2026-11-20T00:00+00:00", "until": "2026-11-21T00:00+00:00"}
    assert nights(rhythm, zone="Europe/London", turnover=12, **span) == ["2026-11-19", "2026-11-20"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-29", ["2026-03-28", "2026-03-28", "2026-03-29"]),
        ("2026-10-25", ["2026-10-24", "2026-10-24", "2026-10-25"]),
    ],
)
def test_both_nights_on_which_clocks_change(day: str, expected: list[str]):
    """02:30 (skipped, or twice), 17:30 and 18:30 of the day on which Berlin's clocks change."""
    rhythm = Rhythm(
        Kind.TOGETHER,
        at(f"{day}T02:30"),
        zone="Europe/Berlin",
        rule="FREQ=DAILY;COUNT=1",
        also=(at(f"{day}T17:30"), at(f"{day}T18:30")),
    )
    since, until = f"{day}T00:00+00:00", f"{day}T23:00+00:00"
    assert nights(rhythm, zone="Europe/Berlin", since=since, until=until) == expected


def test_the_last_day_is_kept_in_its_own_zone():
    rhythm = Rhythm(
        Kind.TOGETHER,
        at("2026-11-20T23:30"),
        zone="America/Los_Angeles",
        rule="FREQ=DAILY",
        until=date(2026, 11, 21),
    )
    assert walls(rhythm, since=at("2026-11-01T00:00"), until=at("2026-12-01T00:00")) == [
        at("2026-11-20T23:30"),
        at("2026-11-21T23:30"),
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("freq=weekly;byday=fr,mo", "FREQ=WEEKLY;BYDAY=FR,MO"),
        ("RRULE:COUNT=3;FREQ=DAILY;", "FREQ=DAILY;COUNT=3"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
    ],
)
def test_a_rule_is_kept_in_its_one_spelling(written: str, kept: str):
    assert checked_rule(written) == kept


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("every full moon", "no rule as calendars write it"),
        ("FREQ=HOURLY", "daily, weekly, monthly or yearly"),
        ("FREQ=DAILY;UNTIL=20270101", "beside the rule"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "has no BYHOUR"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a number"),
        ("FREQ=DAILY;COUNT=10001", "COUNT is a number"),
        ("FREQ=WEEKLY;BYDAY=1FR", "without a number"),
    ],
)
def test_a_rule_that_cannot_be_kept_says_why(written: str, sentence: str):
    with pytest.raises(RuleRefused, match=sentence):
        checked_rule(written)


def test_a_rule_that_never_falls_is_refused():
    with pytest.raises(RuleRefused, match="never falls"):
        first_time("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", starts=at("2026-11-20T21:30"))


def test_the_first_time_is_the_first_on_which_the_rule_falls():
    assert first_time("FREQ=WEEKLY;BYDAY=MO", starts=at("2026-11-20T21:30")) == at("2026-11-23T21:30")


@pytest.mark.parametrize(
    ("choice", "rule"),
    [
        ({"frequency": "daily", "interval": 2}, "FREQ=DAILY;INTERVAL=2"),
        ({"frequency": "weekly", "weekdays": ["SU", "WE"]}, "FREQ=WEEKLY;BYDAY=WE,SU"),
        ({"frequency": "monthly"}, "FREQ=MONTHLY;BYMONTHDAY=20"),
        ({"frequency": "monthly", "nth": True}, "FREQ=MONTHLY;BYDAY=3FR"),
    ],
)
def test_a_simple_choice_becomes_a_rule(choice: dict, rule: str):
    assert rule_of(starts=at("2026-11-20T21:30"), **choice) == rule


def test_the_fifth_weekday_of_a_month_is_its_last():
    assert rule_of(frequency="monthly", nth=True, starts=at("2026-10-30T21:30")) == "FREQ=MONTHLY;BYDAY=-1FR"


def test_a_yearly_rule_names_its_day():
    assert (
        explicit_rule("FREQ=YEARLY", starts=at("2028-02-29T21:30")) == "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=5", "every 3 days, 5 times"),
        ("FREQ=WEEKLY;BYDAY=TH", "every week on Thursday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;WKST=SU", "every 2 weeks on Monday, Wednesday and Sunday"),
        ("FREQ=MONTHLY", "every month"),
        ("FREQ=MONTHLY;BYDAY=3FR", "FREQ=MONTHLY;BYDAY=3FR"),
        ("FREQ=MONTHLY;BYDAY=FR", "FREQ=MONTHLY;BYDAY=FR"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
    ],
)
def test_a_rule_is_said_in_words_where_words_are_clear(rule: str, words: str) -> None:
    assert checked_rule(rule) == rule
    assert said_aloud(rule) == words
