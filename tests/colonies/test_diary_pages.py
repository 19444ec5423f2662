"""The sleep diary: written in the morning, sealed, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from colonies.diary import selectors, services
from colonies.diary.drawing import Bar, DrawnNight, drawn, framed
from colonies.diary.entries import Written, entry_of
from colonies.diary.models import DiaryEntry
from colonies.rituals.errors import Invalid
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault.errors import KeyDestroyed, SealBroken
from guild.vault.services import destroy_personal_keys
from tests.cast import Cast

SignIn = Callable[[Membership], Client]
ON = date(2026, 11, 20)
NOW = datetime.fromisoformat("2026-11-21T08:00+00:00")
WRITTEN = Written(
    into_bed=time(22, 15),
    tried_to_sleep=time(23, 30),
    latency=55,
    awakenings=3,
    awake=70,
    final_awakening=time(6, 35),
    out_of_bed=time(7, 20),
    quality=2,
    comment="The heron again.",
)


def write(by: Membership, written: Written = WRITTEN, *, night: date = ON) -> None:
    with tenant(dreamer=by.dreamer_id):
        services.write_night(by=by.dreamer, night=night, written=written, now=NOW)


def test_what_was_written_is_read_back_and_its_times_are_of_its_night(cast: Cast):
    write(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        entry = selectors.entry_for(cast.mira.dreamer_id, ON)
    assert (entry.written, entry.zone, entry.revision) == (WRITTEN, "UTC", 1)
    assert entry.night.out_of_bed.isoformat() == "2026-11-21T07:20:00+00:00"
    assert entry.measures.total_sleep_time == timedelta(minutes=300)


def test_written_again_it_is_replaced(cast: Cast):
    write(cast.mira)
    write(cast.mira, replace(WRITTEN, quality=4))
    with tenant(dreamer=cast.mira.dreamer_id):
        entry = selectors.entry_for(cast.mira.dreamer_id, ON)
        assert (entry.written.quality, entry.revision, DiaryEntry.objects.count()) == (4, 2, 1)


def test_nobody_else_sees_it_not_even_in_the_same_guild(cast: Cast):
    write(cast.mira)
    for other in (cast.lara, cast.ayla, cast.zed):
        with tenant(guild=other.guild_id, dreamer=other.dreamer_id):
            assert DiaryEntry.objects.count() == 0


def test_nothing_but_the_night_is_in_the_clear(cast: Cast):
    write(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        row = DiaryEntry.objects.get()
    assert b"heron" not in bytes(row.entry_sealed)
    assert {field.name for field in DiaryEntry._meta.concrete_fields} == {
        "id",
        "dreamer",
        "key_id",
        "night",
        "revision",
        "written_at",
        "entry_sealed",
    }


def test_an_older_revision_put_back_does_not_open(cast: Cast):
    write(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        old = DiaryEntry.objects.get().entry_sealed
    write(cast.mira, replace(WRITTEN, quality=5))
    with tenant(dreamer=cast.mira.dreamer_id):
        DiaryEntry.objects.update(entry_sealed=old)
        with pytest.raises(SealBroken):
            selectors.entry_for(cast.mira.dreamer_id, ON)


def test_with_the_key_destroyed_it_is_gone(cast: Cast):
    write(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        destroy_personal_keys(dreamer=cast.mira.dreamer_id)
        with pytest.raises(KeyDestroyed):
            selectors.entry_for(cast.mira.dreamer_id, ON)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (Written(), "at least one thing"),
        (replace(WRITTEN, latency=-1), "from 0 to 1,440"),
        (replace(WRITTEN, awakenings=51), "from 0 to 50"),
        (replace(WRITTEN, quality=6), "one of the five"),
        (replace(WRITTEN, tried_to_sleep=time(22, 0)), "before you|after you tried"),
        (replace(WRITTEN, awake=900), "add up to more than the night"),
    ],
)
def test_what_cannot_be_so_is_refused_with_a_sentence(cast: Cast, written: Written, sentence: str):
    with pytest.raises(Invalid, match=sentence):
        write(cast.mira, written)


@pytest.mark.parametrize("days", [2, -4000])
def test_neither_a_night_to_come_nor_one_of_another_life_is_written(cast: Cast, days: int):
    with pytest.raises(Invalid, match="Choose a night"):
        write(cast.mira, night=ON + timedelta(days=days))


def test_getting_up_after_the_turnover_is_of_the_day_after():
    written = Written(final_awakening=time(17, 30), out_of_bed=time(18, 30))
    entry = entry_of(written, night=ON, zone="UTC", turnover=18)
    assert entry.night.out_of_bed.isoformat() == "2026-11-21T18:30:00+00:00"


def test_a_night_is_drawn_from_turnover_to_turnover():
    entry = entry_of(WRITTEN, night=ON, zone="UTC", turnover=18)
    unknown = entry_of(Written(quality=3), night=ON, zone="UTC", turnover=18)
    assert drawn([entry, unknown], turnover=18) == [
        DrawnNight(ON, 0, Bar(127.5, 272.5), Bar(192.5, 185.0), 285.0),
        DrawnNight(ON, 14, None, None, None),
    ]


def test_only_the_hours_that_nights_lie_in_are_drawn():
    frame = framed(drawn([entry_of(WRITTEN, night=ON, zone="UTC", turnover=18)], turnover=18), turnover=18)
    assert (frame.left, frame.width) == (90, 360)
    assert [tick.label for tick in frame.ticks] == ["21", "23", "01", "03", "05", "07", "09"]
    assert (framed([], turnover=18).left, framed([], turnover=18).width) == (0, 720)


def test_a_morning_begins_as_it_was_last_time_but_for_how_it_was(cast: Cast, client_of: SignIn):
    client = client_of(cast.mira)
    last = timezone.now() - timedelta(hours=8)
    night = reckoning_of(cast.mira.dreamer).night_of(last)
    with tenant(dreamer=cast.mira.dreamer_id):
        services.write_night(by=cast.mira.dreamer, night=night - timedelta(days=40), written=WRITTEN)
    assert 'value="22:15"' not in client.get("/diary/morning/").content.decode()
    with tenant(dreamer=cast.mira.dreamer_id):
        services.write_night(by=cast.mira.dreamer, night=night - timedelta(days=3), written=WRITTEN)
    page = client.get("/diary/morning/").content.decode()
    assert ('value="22:15"' in page, "heron" in page, " checked" in page) == (True, False, False)


def test_the_morning_is_one_form_and_one_press(cast: Cast, client_of: SignIn):
    client = client_of(cast.mira)
    page = client.get("/diary/morning/").content.decode()
    night = page.split('name="night" value="')[1][:10]
    body = {"night": night, "into_bed": "22:15", "tried_to_sleep": "22:30", "latency": "10", "quality": "4"}
    reply = client.post("/diary/morning/", body, follow=True)
    assert reply.redirect_chain == [("/diary/", 302)]
    assert "22:40" in reply.content.decode()
    client.post(f"/diary/{night}/delete/")
    assert "No night is written down yet" in client.get("/diary/").content.decode()


def test_a_contradiction_is_said_and_nothing_is_lost(cast: Cast, client_of: SignIn):
    body = {"night": "2026-11-20", "into_bed": "23:15", "tried_to_sleep": "22:30", "comment": "Warm."}
    reply = client_of(cast.mira).post("/diary/2026-11-20/", body)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert ("You were in bed after you tried to sleep." in page, "Warm." in page) == (True, True)


@pytest.mark.parametrize("on", ["2099-01-01", "never", "2026-13-40", "0001-01-01"])
def test_a_night_that_has_not_been_is_not_found(cast: Cast, client_of: SignIn, on: str):
    assert client_of(cast.mira).get(f"/diary/{on}/").status_code == 404


def test_four_weeks_are_read_with_the_same_number_of_queries(
    cast: Cast, client_of: SignIn, django_assert_num_queries
):
    client, by = client_of(cast.mira), cast.mira.dreamer
    tonight = timezone.now().date() - timedelta(days=2)

    def read(nights: int) -> None:
        for back in range(nights):
            with tenant(dreamer=by.pk):
                services.write_night(
                    by=cast.mira.dreamer, night=tonight - timedelta(days=back), written=WRITTEN
                )
        with django_assert_num_queries(9):
            assert client.get("/diary/").status_code == 200

    read(1)
    read(3)
