"""Bringing nights in: shown first, sealed while they wait, and nothing written is changed unasked."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from colonies.diary import bringing, selectors, services
from colonies.diary.entries import Entry, Written, entry_of
from colonies.diary.models import DiaryEntry, StagedNights
from colonies.diary.recorded import Unread
from colonies.diary.table import as_csv
from colonies.rituals.errors import NotNow
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast

SignIn = Callable[[Membership], Client]
NOW = datetime.fromisoformat("2026-11-24T09:00+00:00")
FIRST = date(2026, 11, 2)


def nights(*qualities: int) -> list[Entry]:
    return [
        entry_of(
            Written(final_awakening=time(7), quality=quality, comment="heron"),
            night=FIRST + timedelta(days=day),
            zone="UTC",
            turnover=18,
        )
        for day, quality in enumerate(qualities)
    ]


def stage(by: Membership, *qualities: int, now: datetime = NOW) -> None:
    with tenant(dreamer=by.dreamer_id):
        bringing.stage(by=by.dreamer, data=as_csv(nights(*qualities)).encode(), now=now)


def held(by: Membership) -> list[tuple[int | None, int]]:
    with tenant(dreamer=by.dreamer_id):
        return [(row.written.quality, row.revision) for row in selectors.every_entry_of(by.dreamer_id)]


def take(by: Membership, *, replacing: bool = False, now: datetime = NOW) -> int:
    with tenant(dreamer=by.dreamer_id):
        return bringing.take_over(by=by.dreamer, replacing=replacing, now=now)


def write(by: Membership, quality: int, *, day: int = 0) -> None:
    with tenant(dreamer=by.dreamer_id):
        written = Written(quality=quality)
        services.write_night(by=by.dreamer, night=FIRST + timedelta(days=day), written=written, now=NOW)


def test_nothing_is_in_the_diary_until_it_is_taken_over(cast: Cast):
    stage(cast.mira, 3, 4)
    assert held(cast.mira) == []
    assert take(cast.mira) == 2
    assert held(cast.mira) == [(3, 1), (4, 1)]
    with pytest.raises(NotNow, match="once more"):
        take(cast.mira)


def test_what_was_written_stays_unless_it_is_to_be_replaced(cast: Cast):
    write(cast.mira, 1)
    stage(cast.mira, 3, 4)
    with tenant(dreamer=cast.mira.dreamer_id):
        plan = bringing.plan_of(cast.mira.dreamer, now=NOW)
    assert ([one.on for one in plan.new], [one.on for one in plan.other]) == (
        [FIRST + timedelta(days=1)],
        [FIRST],
    )
    assert (take(cast.mira), held(cast.mira)) == (1, [(1, 1), (4, 1)])
    stage(cast.mira, 3, 4)
    assert (take(cast.mira, replacing=True), held(cast.mira)) == (1, [(3, 2), (4, 1)])


def test_the_same_file_twice_brings_nothing_new(cast: Cast):
    stage(cast.mira, 3, 4)
    take(cast.mira)
    stage(cast.mira, 3, 4)
    with tenant(dreamer=cast.mira.dreamer_id):
        plan = bringing.plan_of(cast.mira.dreamer, now=NOW)
    assert (plan.new, plan.other, plan.same) == ((), (), 2)


def test_what_waits_is_sealed_and_ones_own_and_gone_after_a_day(cast: Cast):
    stage(cast.mira, 3)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert b"heron" not in bytes(StagedNights.objects.get().nights_sealed)
    with tenant(guild=cast.lantern.pk, dreamer=cast.lara.dreamer_id):
        assert StagedNights.objects.count() == 0
    with pytest.raises(NotNow, match="once more"):
        take(cast.mira, now=NOW + timedelta(hours=25))


def test_nights_to_come_are_not_taken(cast: Cast):
    with pytest.raises(Unread, match=r"no night .* 2 left out: to come"):
        stage(cast.mira, 3, 4, now=NOW - timedelta(days=60))


def test_hundreds_of_nights_take_a_handful_of_queries(cast: Cast, django_assert_max_num_queries):
    stage(cast.mira, *([3] * 300), now=NOW + timedelta(days=300))
    with tenant(dreamer=cast.mira.dreamer_id), django_assert_max_num_queries(14):
        bringing.take_over(by=cast.mira.dreamer, replacing=False, now=NOW + timedelta(days=300))
        assert DiaryEntry.objects.count() == 300


def test_from_the_page_to_the_diary_and_out_again(cast: Cast, client_of: SignIn):
    client = client_of(cast.mira)
    file = io.BytesIO(as_csv(nights(3, 4)).encode())
    file.name = "export.csv"
    page = client.post("/diary/bring/", {"file": file}, follow=True)
    assert page.redirect_chain == [("/diary/bring/preview/", 302)]
    assert "2 new nights" in page.content.decode()
    client.post("/diary/bring/preview/", {"take": "yes"})
    reply = client.get("/diary/export.csv")
    assert (reply["Content-Type"], reply.content.decode()) == (
        "text/csv; charset=utf-8",
        as_csv(nights(3, 4)),
    )


def test_a_refused_file_says_why_and_no_file_at_all_too(cast: Cast, client_of: SignIn):
    client = client_of(cast.mira)
    file = io.BytesIO(b"hello")
    file.name = "export.zip"
    refused = client.post("/diary/bring/", {"file": file})
    assert (refused.status_code, "none of the files that can be read" in refused.content.decode()) == (
        422,
        True,
    )
    assert "Choose a file first" in client.post("/diary/bring/").content.decode()
    assert client.get("/diary/bring/preview/", follow=True).redirect_chain == [("/diary/bring/", 302)]


def test_what_is_put_aside_is_gone(cast: Cast, client_of: SignIn):
    stage(cast.mira, 3, now=timezone.now())
    client_of(cast.mira).post("/diary/bring/preview/", {"aside": "yes"})
    with tenant(dreamer=cast.mira.dreamer_id):
        assert (StagedNights.objects.count(), DiaryEntry.objects.count()) == (0, 0)
