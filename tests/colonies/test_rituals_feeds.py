"""Calendar feeds: who may read one, what it says, and that a calendar program of others reads the same."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from django.test import Client

from colonies.rituals import feeds, scheduling
from colonies.rituals.models import CalendarFeed, Ritual
from colonies.rituals.recurrence import Kind
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import DUSK, a_colony, every_night, inside

SignIn = Callable[[Membership], Client]


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    return a_colony(cast)[1]


def opened(member: Membership) -> str:
    """The address of a new feed."""
    with tenant(dreamer=member.dreamer_id):
        return f"/calendar/{feeds.open_feed(by=member.dreamer)}.ics"


def titles(address: str) -> list[str]:
    read = icalendar.Calendar.from_ical(Client().get(address).content)
    return [str(event["SUMMARY"]) for event in read.walk("VEVENT")]


def test_a_feed_holds_what_its_dreamer_keeps_and_nothing_else(cast: Cast, ritual: Ritual):
    every_night(cast.lara, ritual)
    assert [titles(opened(who)) for who in (cast.mira, cast.lara, cast.finn, cast.zed)] == [
        ["The lamp"],
        ["The lamp"],
        [],
        [],
    ]


def test_an_address_that_was_closed_or_never_was_says_nothing(cast: Cast):
    first = opened(cast.mira)
    second = opened(cast.mira)
    token = second.removeprefix("/calendar/").removesuffix(".ics")
    forged = f"/calendar/{token[:-4]}AAAA.ics"
    asked = [
        first,
        second,
        forged,
        "/calendar/x.ics",
        f"/calendar/{'é' * 54}.ics",
        f"/calendar/{'A' * 54}.ics",
    ]
    assert [Client().get(address).status_code for address in asked] == [404, 200, 404, 404, 404, 404]
    with tenant(dreamer=cast.mira.dreamer_id):
        assert feeds.close_feed(by=cast.mira.dreamer)
    assert Client().get(second).status_code == 404


def test_the_secret_is_not_kept(cast: Cast):
    token = opened(cast.mira).removeprefix("/calendar/").removesuffix(".ics")
    with tenant(dreamer=cast.mira.dreamer_id):
        kept = CalendarFeed.objects.get().digest
    assert (len(kept), token in kept) == (64, False)


def test_a_feed_that_has_not_changed_is_not_sent_again(cast: Cast, ritual: Ritual):
    row, address = every_night(cast.lara, ritual), opened(cast.mira)
    first = Client().get(address)
    again = Client().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    with inside(cast.lara):
        scheduling.leave_out(by=cast.lara, row=row, original=DUSK)
    changed = Client().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    assert b"SEQUENCE:1" in changed.content


def test_the_page_shows_a_new_address_once(cast: Cast, client_of: SignIn):
    client = client_of(cast.mira)
    shown = client.post("/calendar/", {"open": "yes"}).content.decode()
    assert (
        "/calendar/" in shown and ".ics" in shown,
        ".ics" in client.get("/calendar/").content.decode(),
    ) == (
        True,
        False,
    )
    client.post("/calendar/", {"close": "yes"})
    assert "There is no address" in client.get("/calendar/").content.decode()


def khal(folder: Path, *arguments: str) -> str:
    """One command of khal, with a home of its own."""
    environment = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PATH": "/usr/bin:/bin",
        "TZ": "Europe/Lisbon",
    }
    command = [str(Path(sys.executable).with_name("khal")), "-c", str(folder / "khal.conf"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


KHAL = """[calendars]
[[rituals]]
path = {folder}/rituals
type = calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Europe/Lisbon
default_timezone = Europe/Lisbon
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


def test_khal_imports_a_feed_and_lists_the_same_occurrences(cast: Cast, ritual: Ritual, tmp_path: Path):
    row = every_night(
        cast.lara, ritual, at=datetime.fromisoformat("2026-10-20T21:30"), until=date(2026, 11, 2)
    )
    berlin = {"kind": Kind.TOGETHER, "zone": "Europe/Berlin", "rule": "FREQ=WEEKLY"}
    every_night(cast.lara, ritual, at=datetime.fromisoformat("2026-10-15T20:00"), **berlin)
    with inside(cast.lara):
        gone, moved = (datetime.fromisoformat(f"2026-10-{day}T21:30") for day in (22, 25))
        scheduling.leave_out(by=cast.lara, row=row, original=gone)
        scheduling.move(by=cast.lara, row=row, original=moved, to=moved.replace(hour=22, minute=45))
    document = Client().get(opened(cast.mira)).content
    (tmp_path / "rituals").mkdir()
    (tmp_path / "khal.conf").write_text(KHAL.format(folder=tmp_path))
    (tmp_path / "feed.ics").write_bytes(document)
    khal(tmp_path, "import", "--batch", "-a", "rituals", str(tmp_path / "feed.ics"))
    listed = khal(tmp_path, "list", "--day-format", "", "--format", "{start}", "2026-10-19", "2026-11-09")
    assert sorted(listed.split("\n")[:-1]) == expected(document)


def expected(document: bytes) -> list[str]:
    """What lies in the feed between the two days, by the clock of Lisbon."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(document)).between(
        date(2026, 10, 19), date(2026, 11, 9)
    )
    starts = [event["DTSTART"].dt for event in found]
    local = [start.astimezone(ZoneInfo("Europe/Lisbon")) if start.tzinfo else start for start in starts]
    return sorted(f"{start:%Y-%m-%d %H:%M}" for start in local)
