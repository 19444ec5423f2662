"""Files of watches and rings, and our own: what is read out of each, and what is refused of a hostile one."""

import io
import json
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies.diary import importing
from colonies.diary.entries import Entry, Written, entry_of
from colonies.diary.importing import read_file
from colonies.diary.recorded import Found, Unread
from colonies.diary.table import COLUMNS, as_csv
from guild.journal.nights import Reckoning

LISBON = Reckoning("Europe/Lisbon")
ON = date(2026, 3, 2)

Shown = tuple[str, str, str | None, str, str | None, int | None, int | None, int | None]


def shown(entry: Entry) -> Shown:
    """(night, into bed, ... up, minutes until asleep, awake, awakenings) by the clock of the entry."""
    night = entry.night
    clock = [
        f"{at:%H:%M}" if at else None for at in (night.into_bed, night.final_awakening, night.out_of_bed)
    ]
    lengths = [
        None if value is None else value // timedelta(minutes=1) for value in (night.latency, night.awake)
    ]
    return (f"{entry.on}", *clock, *lengths, night.awakenings)


def read(data: bytes, reckoning: Reckoning = LISBON) -> Found:
    return read_file(data, reckoning=reckoning)


# Apple Health: an internal document type as the phone writes it, and records of other kinds between.
DOCTYPE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
"""


def sleep(value: str, start: str, end: str, source: str = "Watch") -> str:
    return (
        f'<Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="{source}" '
        f'startDate="{start} +0000" endDate="{end} +0000" value="HKCategoryValueSleepAnalysis{value}"/>'
    )


APPLE_NIGHT = (
    '<Record type="HKQuantityTypeIdentifierHeartRate" value="60" startDate="x" endDate="y"/>',
    sleep("InBed", "2026-03-02 22:50:00", "2026-03-03 07:10:00", "Phone"),
    sleep("AsleepCore", "2026-03-02 23:10:30", "2026-03-03 02:00:00"),
    sleep("AsleepREM", "2026-03-03 02:00:00", "2026-03-03 03:00:00"),
    sleep("Awake", "2026-03-03 03:00:00", "2026-03-03 03:20:00"),
    sleep("AsleepDeep", "2026-03-03 03:20:00", "2026-03-03 06:00:00"),
    sleep("AsleepCore", "2026-03-03 06:02:00", "2026-03-03 06:40:00"),
)


def apple(*records: str) -> bytes:
    return (DOCTYPE + '<HealthData locale="en">' + "".join(records) + "</HealthData>").encode()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"apple_health_export/{name.replace('__', '.')}", data)
    return out.getvalue()


APPLE_SHOWN = ("2026-03-02", "22:50", "06:40", "07:10", 20, 20, 1)


@pytest.mark.parametrize("wrap", [bytes, lambda data: zipped(export__xml=data, export_cda__xml=b"<x/>")])
def test_an_apple_night_is_put_together_from_its_stretches(wrap: Any) -> None:
    found = read(wrap(apple(*APPLE_NIGHT)))
    assert ([shown(entry) for entry in found.entries], found.said) == ([APPLE_SHOWN], ())


def test_an_apple_night_without_time_in_bed_begins_with_falling_asleep() -> None:
    (entry,) = read(apple(sleep("AsleepUnspecified", "2026-03-03 00:30:00", "2026-03-03 07:00:00"))).entries
    assert shown(entry) == ("2026-03-02", None, "07:00", None, 0, 0, 0)


def test_two_devices_of_one_night_are_one_night_and_a_sleep_of_a_day_is_none() -> None:
    found = read(
        apple(
            *APPLE_NIGHT,
            sleep("AsleepUnspecified", "2026-03-02 23:30:00", "2026-03-03 05:00:00", "Ring"),
            sleep("AsleepUnspecified", "2026-03-05 23:30:00", "2026-03-07 05:00:00", "Ring"),
        )
    )
    assert [shown(entry) for entry in found.entries] == [APPLE_SHOWN]
    assert found.said == (
        "1 further sleep of the same nights: the longest counts.",
        "1 sleep left out that cannot have been so.",
    )


FITBIT = {
    "logId": 1,
    "dateOfSleep": "2026-03-03",
    "startTime": "2026-03-02T23:12:30.000",
    "endTime": "2026-03-03T07:00:30.000",
    "minutesToFallAsleep": 8,
    "minutesAwake": 48,
    "minutesAfterWakeup": 5,
    "mainSleep": True,
    "levels": {"summary": {"wake": {"count": 3, "minutes": 48}}},
}


def test_fitbit_nights_are_read_by_ones_own_clock_and_naps_left_out() -> None:
    nap = {**FITBIT, "startTime": "2026-03-03T14:00:00.000", "endTime": "2026-03-03T14:40:00.000"}
    records = [FITBIT, nap | {"mainSleep": False}, {"logId": 3}, {**FITBIT, "endTime": "soon"}]
    found = read(json.dumps(records).encode(), Reckoning("Asia/Tokyo"))
    assert [shown(entry) for entry in found.entries] == [("2026-03-02", "23:12", "06:55", "07:00", 8, 35, 3)]
    assert [entry.zone for entry in found.entries] == ["Asia/Tokyo"]
    assert found.said == (
        "1 nap left out: the diary holds nights.",
        "2 records could not be read and left out: no times in them.",
    )


def test_an_archive_of_fitbit_files_is_read_whole() -> None:
    later = {**FITBIT, "startTime": "2026-03-04T23:00:00.000", "endTime": "2026-03-05T07:00:00.000"}
    files = {"sleep-2026-03-01__json": [FITBIT], "sleep-2026-03-04__json": [later], "steps__json": [1]}
    data = zipped(**{name: json.dumps(value).encode() for name, value in files.items()})
    assert [f"{entry.on}" for entry in read(data).entries] == ["2026-03-02", "2026-03-04"]


OURA = {
    "bedtime_start": "2026-03-02T22:30:00+00:00",
    "bedtime_end": "2026-03-03T06:30:00+00:00",
    "latency": 900,
    "awake_time": 3_600,
    "type": "long_sleep",
    "sleep_phase_5_min": "444" + "2" * 40 + "4444" + "1" * 47 + "44",
}
OURA_SHOWN = ("2026-03-02", "22:30", "06:20", "06:30", 15, 35, 1)


@pytest.mark.parametrize("within", ["", "data", "sleep"])
def test_an_oura_night_is_read_from_each_shape_of_its_export(within: str) -> None:
    document = {within: [OURA]} if within else [OURA]
    assert [shown(entry) for entry in read(json.dumps(document).encode()).entries] == [OURA_SHOWN]


def test_an_oura_table_is_read() -> None:
    table = "date,Bedtime Start,Bedtime End,Latency,Awake Time,Type\n" + ",".join(
        ["2026-03-03", str(OURA["bedtime_start"]), str(OURA["bedtime_end"]), "900", "3600", "long_sleep"]
    )
    assert [shown(entry) for entry in read(table.encode()).entries] == [
        ("2026-03-02", "22:30", "06:30", "06:30", 15, 45, None)
    ]


OWN = [
    entry_of(
        Written(time(22, 15), time(23, 30), 55, 3, 70, time(6, 35), time(7, 20), 2, '=1+1, "warm"\nand wet'),
        night=ON,
        zone="Europe/Lisbon",
        turnover=18,
    ),
    entry_of(Written(quality=5), night=date(2026, 3, 3), zone="Asia/Tokyo", turnover=18),
]


def test_our_own_table_comes_back_as_it_went() -> None:
    table = as_csv(OWN)
    again = read(table.encode())
    assert as_csv(again.entries) == table
    assert [(entry.on, entry.zone, entry.comment, entry.written) for entry in again.entries] == [
        (entry.on, entry.zone, entry.comment, entry.written) for entry in OWN
    ]
    assert "'=1+1" in table


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"night": "yesterday"}, "its night is no date such as 2026-11-25"),
        ({"zone": "Mars/Olympus"}, "its time zone is not known"),
        ({"into_bed": "late"}, "one of its times is none such as"),
        ({"into_bed": "2026-03-02T22:15:00"}, "one of its times has no offset"),
        ({"into_bed": "9999-12-31T23:59:00-12:00"}, "one of its times is days away"),
        ({"quality": "6"}, "its quality is no whole number up to 5"),
        ({"awake": "-3"}, "its awake is no whole number"),
        ({"out_of_bed": "2026-03-02T20:00:00+00:00"}, "you got up before you woke for good"),
    ],
)
def test_a_line_that_cannot_be_kept_is_left_out_with_its_reason(changed: dict, sentence: str) -> None:
    import csv

    rows = list(csv.DictReader(io.StringIO(as_csv(OWN[:1]), newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows([rows[0] | changed])
    found = read(out.getvalue().encode())
    assert found.entries == ()
    assert sentence in found.said[0]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><HealthData>&b;</HealthData>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><HealthData>&a;</HealthData>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\x00\xff\xfe\x00", "none of the files"),
        (b"hello", "none of the files"),
        (b"a,b\n1,2\n", "none of the files"),
        (b'[{"a": 1}]', "none of the files"),
        (b'{"a": ', "not whole"),
        (b"[" * 200_000, "not whole"),
        (BOMB.encode(), "defines entities"),
        (OUTSIDE.encode(), "defines entities"),
        (b"<a>" * 5_000, "nested deeper"),
        (b"<HealthData><Record", "no whole Apple Health export"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (zipped(readme__txt=b"hello"), "no export.xml"),
        (b"x" * (importing.MOST_BYTES + 1), "the most at once is 12 MB"),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unread, match=sentence):
        read(data)


def test_what_unpacks_to_too_much_is_given_up_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is on what comes out, whatever the archive says of itself."""
    monkeypatch.setattr(importing, "MOST_UNPACKED", 1 << 20)
    data = zipped(export__xml=apple(*APPLE_NIGHT) + b" " * (4 << 20))
    assert len(data) < 20_000
    with pytest.raises(Unread, match="Unpacked this is more"):
        read(data)


def test_night_is_where_the_sleep_began_by_ones_turnover() -> None:
    """A shift worker, turnover at noon, asleep from 8 to 15 o'clock: the night of the day before."""
    data = apple(sleep("AsleepUnspecified", "2026-03-03 08:00:00", "2026-03-03 15:00:00"))
    nights = [read(data, Reckoning("Europe/Lisbon", turnover)).entries[0].on for turnover in (12, 18, 6)]
    assert nights == [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)]


def test_a_night_on_which_clocks_change_is_as_long_as_it_was() -> None:
    """Asleep from 22:00 to 06:00 UTC, over the change of Lisbon's clocks at 01:00 UTC."""
    data = apple(sleep("AsleepUnspecified", "2026-03-28 22:00:00", "2026-03-29 06:00:00"))
    (entry,) = read(data).entries
    assert entry.measures.total_sleep_time == timedelta(hours=8)
    assert entry.night.final_awakening == datetime.fromisoformat("2026-03-29T07:00+01:00")


RECORDS = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=30), st.datetimes().map(str))
        for name in (*FITBIT, *OURA)
    },
)
TABLES = st.lists(st.lists(st.text(max_size=12), max_size=14), max_size=4).map(
    lambda rows: "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)])
)
STRETCHES = st.lists(
    st.tuples(st.datetimes(), st.datetimes()).map(
        lambda pair: sleep("AsleepCore", f"{pair[0]:%Y-%m-%d %H:%M:%S}", f"{pair[1]:%Y-%m-%d %H:%M:%S}")
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(RECORDS, max_size=4).map(lambda records: json.dumps(records).encode()),
        TABLES.map(str.encode),
        STRETCHES.map(lambda records: apple(*records)),
    )
)
def test_whatever_a_file_holds_it_is_read_and_comes_back_or_is_refused(data: bytes) -> None:
    with suppress(Unread):
        found = read(data)
        assert read(as_csv(found.entries).encode()).entries == found.entries
