"""The diary and the reminders in the API: one's own, as written, with what follows from it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance.consent.enums import Purpose
from guild.journal.selectors import reckoning_of
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import a_colony, every_night
from tests.colonies.test_diary_helping import allow

SignIn = Callable[[Membership], Client]
JSON = "application/json"
WRITTEN = {
    "into_bed": "22:15:00",
    "tried_to_sleep": "23:30:00",
    "latency": 55,
    "awakenings": 3,
    "awake": 70,
    "final_awakening": "06:35:00",
    "out_of_bed": "07:20:00",
    "quality": 2,
    "comment": "The heron again.",
}


@pytest.fixture
def night(cast: Cast) -> str:
    return f"{reckoning_of(cast.mira.dreamer).night_of(timezone.now()) - timedelta(days=2)}"


def test_a_night_is_written_read_and_removed(cast: Cast, client_of: SignIn, night: str):
    client, address = client_of(cast.mira), f"/api/v1/diary/{night}/"
    kept = client.put(address, WRITTEN, content_type=JSON).json()
    measures = kept.pop("measures")
    assert kept == {**WRITTEN, "night": night, "zone": "UTC", "revision": 1}
    assert {name: measures[name] for name in ("time_in_bed", "total_sleep_time")} == {
        "time_in_bed": 545.0,
        "total_sleep_time": 300.0,
    }
    assert [one["night"] for one in client.get("/api/v1/diary/").json()] == [night]
    assert client_of(cast.lara).get("/api/v1/diary/").json() == []
    assert client_of(cast.lara).get(address).status_code == 404
    assert (client.delete(address).status_code, client.get(address).status_code) == (204, 404)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quality": 6}, "quality"),
        ({"latency": -1}, "latency"),
        ({"into_bed": "late"}, "into_bed"),
        ({"comment": "x" * 1_001}, "comment"),
        ({"tried_to_sleep": "22:00:00"}, "non_field_errors"),
    ],
)
def test_what_cannot_be_so_is_a_400_of_its_field(
    cast: Cast, client_of: SignIn, night: str, changed: dict, field: str
):
    reply = client_of(cast.mira).put(f"/api/v1/diary/{night}/", WRITTEN | changed, content_type=JSON)
    assert (reply.status_code, list(reply.json())) == (400, [field])


@pytest.mark.parametrize(
    "query", ["since=2020-01-01&until=2026-01-01", "since=2026-01-02&until=2026-01-01", "until=0001-01-01"]
)
def test_no_more_than_a_year_is_read_at_once(cast: Cast, client_of: SignIn, query: str):
    assert client_of(cast.mira).get(f"/api/v1/diary/?{query}").status_code == 400


def test_reminders_are_chosen_after_they_are_allowed(cast: Cast, client_of: SignIn):
    ritual = a_colony(cast)[1]
    every_night(cast.lara, ritual)
    client, address = client_of(cast.mira), f"/api/v1/g/lantern/rituals/{ritual.pk}/reminder/"
    chosen = {"minutes_before": 30, "by_email": True, "by_push": False}
    assert client.put(address, chosen, content_type=JSON).status_code == 409
    allow(cast.mira, Purpose.REMINDERS)
    assert client.put(address, chosen, content_type=JSON).json() == chosen
    assert client.put(address, chosen | {"minutes_before": 7}, content_type=JSON).status_code == 400
    quiet = {"quiet_from": "23:00:00", "quiet_until": "06:30:00"}
    assert client.put("/api/v1/reminders/", quiet, content_type=JSON).json() == quiet
    of = {"guild": "lantern", "ritual": str(ritual.pk), "title": "The lamp", "allowed": True}
    assert client.get("/api/v1/reminders/").json() == {**quiet, "devices": 0, "rituals": [chosen | of]}
    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/reminders/").json()["rituals"] == []
