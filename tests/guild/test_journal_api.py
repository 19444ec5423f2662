import json
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from guild.journal import selectors, services
from guild.journal.records import Draft, Ratings
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast

SignIn = Callable[[Membership], Client]
NIGHT = date(2025, 5, 3)
DREAMS = "/api/v1/dreams/"


class Api:
    """A member's client that speaks JSON."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        content = None if body is None else json.dumps(body)
        return self.client.generic(
            method, path, content or "", content_type="application/json", headers=headers
        )


@pytest.fixture
def mira(cast: Cast, client_of: SignIn) -> Api:
    return Api(client_of(cast.mira))


def write(member: Membership, **fields: Any) -> uuid.UUID:
    draft = Draft(**{"narrative": "The sea came up the lane.", "dreamed_on": NIGHT, **fields})
    with tenant(dreamer=member.dreamer_id):
        return services.write_dream(by=member.dreamer, draft=draft)


def kept(member: Membership) -> list[Draft]:
    with tenant(dreamer=member.dreamer_id):
        return [dream.draft for dream in selectors.recent_dreams_for(member.dreamer_id, 99)]


def test_a_dream_is_written_and_read_back(cast: Cast, mira: Api) -> None:
    sent = {
        "narrative": "The sea.",
        "dreamed_on": "2025-05-03",
        "title": "Lane",
        "kind": "nightmare",
        "emotions": {"apprehension": 3},
        "vividness": 4,
        "tags": ["sea", "lane, wet"],
        "people": ["Ines"],
    }

    written = mira("POST", DREAMS, sent)
    read = mira("GET", f"{DREAMS}{written.json()['id']}/")

    unrated = dict.fromkeys(("anger", "sadness", "confusion", "happiness"))
    assert written.status_code == 201
    assert read.json() == written.json()
    assert read.json() == {
        **sent,
        "id": written.json()["id"],
        "recorded_at": written.json()["recorded_at"],
        "revision": 1,
        "emotions": {**unrated, "apprehension": 3},
        "valence": pytest.approx(-0.6),
        "arousal": pytest.approx(0.7),
        "lucidity": None,
        "recall": None,
        "tags": ["sea", "lane", "wet"],
        "places": [],
    }


def test_a_dream_without_a_night_is_of_the_present_one(cast: Cast, mira: Api) -> None:
    mira("POST", DREAMS, {"narrative": "The sea."})

    assert [draft.dreamed_on for draft in kept(cast.mira)] == [selectors.latest_night_of(cast.mira.dreamer)]


def test_the_same_key_sent_twice_writes_one_dream(cast: Cast, mira: Api) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}

    first, second = (mira("POST", DREAMS, {"narrative": "The sea."}, **key) for _ in range(2))

    assert first.json() == second.json()
    assert len(kept(cast.mira)) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "narrative"),
        ({"narrative": ""}, "narrative"),
        ({"narrative": " "}, "narrative"),
        ({"narrative": "x" * 1_000_000}, "narrative"),
        ({"narrative": "a\u0000b"}, "narrative"),
        ({"narrative": 7, "title": []}, "title"),
        ({"narrative": "The sea.", "dreamed_on": "2999-01-01"}, "dreamed_on"),
        ({"narrative": "The sea.", "dreamed_on": "soon"}, "dreamed_on"),
        ({"narrative": "The sea.", "kind": "vision"}, "kind"),
        ({"narrative": "The sea.", "recall": 5}, "recall"),
        ({"narrative": "The sea.", "emotions": {"anger": -1}}, "emotions"),
        ({"narrative": "The sea.", "emotions": []}, "emotions"),
        ({"narrative": "The sea.", "tags": ["x" * 61]}, "tags"),
        ({"narrative": "The sea.", "tags": "sea"}, "tags"),
    ],
)
def test_bad_input_is_refused_with_its_field_and_writes_nothing(
    cast: Cast, mira: Api, body: dict[str, Any], field: str
) -> None:
    response = mira("POST", DREAMS, body)

    assert response.status_code == 400
    assert field in response.json()
    assert kept(cast.mira) == []


@pytest.mark.parametrize("key", ["x", "123", "not-a-uuid"])
def test_a_key_that_is_no_uuid_is_refused(cast: Cast, mira: Api, key: str) -> None:
    response = mira("POST", DREAMS, {"narrative": "The sea."}, **{"Idempotency-Key": key})

    assert (response.status_code, kept(cast.mira)) == (400, [])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_queries_for_one_row_and_for_three(
    cast: Cast, mira: Api, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        write(cast.mira, narrative=f"Dream {number}.")

    with django_assert_num_queries(9):
        response = mira("GET", DREAMS)

    assert response.json()["count"] == rows
    assert len(response.json()["results"]) == rows


def test_the_list_goes_in_pages(cast: Cast, mira: Api) -> None:
    for number in range(3):
        write(cast.mira, narrative=f"Dream {number}.")

    response = mira("GET", f"{DREAMS}?limit=2&offset=2").json()

    assert (response["count"], [dream["narrative"] for dream in response["results"]]) == (3, ["Dream 0."])


def test_a_change_of_part_leaves_the_rest(cast: Cast, mira: Api) -> None:
    dream_id = write(cast.mira, title="Lane", ratings=Ratings(anger=1), tags=("sea",))
    change = {"revision": 1, "emotions": {"sadness": 2}, "title": "Quay"}

    response = mira("PATCH", f"{DREAMS}{dream_id}/", change)

    assert (response.status_code, response.json()["revision"]) == (200, 2)
    assert kept(cast.mira) == [
        Draft(
            narrative="The sea came up the lane.",
            dreamed_on=NIGHT,
            title="Quay",
            ratings=Ratings(anger=1, sadness=2),
            tags=("sea",),
        )
    ]


def test_a_replacement_leaves_only_what_was_sent_and_the_night(cast: Cast, mira: Api) -> None:
    dream_id = write(cast.mira, title="Lane", ratings=Ratings(anger=1), tags=("sea",))

    mira("PUT", f"{DREAMS}{dream_id}/", {"revision": 1, "narrative": "The tide."})

    assert kept(cast.mira) == [Draft(narrative="The tide.", dreamed_on=NIGHT)]


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("PATCH", {"title": "Quay"}, 400),
        ("PATCH", {"title": "Quay", "revision": 2}, 409),
        ("PUT", {"narrative": "The tide."}, 400),
        ("PUT", {"narrative": "The tide.", "revision": 7}, 409),
        ("PUT", {"revision": 1}, 400),
        ("PATCH", {"narrative": " ", "revision": 1}, 400),
    ],
)
def test_a_change_that_does_not_say_what_it_replaces_changes_nothing(
    cast: Cast, mira: Api, method: str, body: dict[str, Any], status: int
) -> None:
    dream_id = write(cast.mira)

    response = mira(method, f"{DREAMS}{dream_id}/", body)

    assert response.status_code == status
    assert kept(cast.mira) == [Draft(narrative="The sea came up the lane.", dreamed_on=NIGHT)]


def test_a_deleted_dream_is_gone(cast: Cast, mira: Api) -> None:
    dream_id = write(cast.mira)

    answers = [mira(method, f"{DREAMS}{dream_id}/").status_code for method in ("DELETE", "GET", "DELETE")]

    assert answers == [204, 404, 404]


def test_a_suggestion_says_what_it_rests_on(cast: Cast, mira: Api) -> None:
    dream_id = write(cast.mira, narrative="I was terrified.")

    suggestion = mira("GET", f"{DREAMS}{dream_id}/suggestion/").json()

    assert suggestion["emotions"]["apprehension"] == 3
    assert suggestion["evidence"] == [{"emotion": "apprehension", "word": "terrified", "strength": 3}]
    assert suggestion["abstains"] is False


def test_a_search_takes_its_words_in_the_body_alone(cast: Cast, mira: Api) -> None:
    write(cast.mira)

    found = mira("POST", f"{DREAMS}search/", {"words": "LANE"}).json()
    in_address = mira("GET", f"{DREAMS}search/?words=lane")

    assert [hit["dream"]["narrative"] for hit in found] == ["The sea came up the lane."]
    assert found[0]["fragments"][0]["parts"] == [
        {"text": "The sea came up the ", "hit": False},
        {"text": "lane", "hit": True},
        {"text": ".", "hit": False},
    ]
    assert in_address.status_code == 405


def test_an_import_is_shown_confirmed_and_gone(cast: Cast, mira: Api) -> None:
    plan = mira("POST", f"{DREAMS}import/", {"text": "2025-05-03\nThe sea.\n2999-01-01\nNo."})
    address = f"{DREAMS}import/{plan.json()['id']}/"
    before = kept(cast.mira)

    answers = [mira("POST", address) for _ in range(2)]

    assert (plan.status_code, plan.json()["format"], plan.json()["accepted"]) == (201, "txt", 1)
    assert [refusal["line"] for refusal in plan.json()["refused"]] == [3]
    assert before == []
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].json() == {"added": 1}
    assert [draft.narrative for draft in kept(cast.mira)] == ["The sea."]


def test_an_import_comes_as_a_file_too_and_may_be_thrown_away(cast: Cast, mira: Api) -> None:
    file = SimpleUploadedFile("dreams.csv", b"date,text\n2025-05-03,The sea.\n")
    plan = mira.client.post(f"{DREAMS}import/", {"file": file})
    address = f"{DREAMS}import/{plan.json()['id']}/"

    answers = [mira(method, address).status_code for method in ("DELETE", "POST")]

    assert plan.json()["accepted"] == 1
    assert answers == [204, 404]
    assert kept(cast.mira) == []


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": " "}, {"text": "\x00\x01\x02"}, {"text": 5, "file_format": "doc"}]
)
def test_an_import_of_nothing_readable_is_refused(mira: Api, body: dict[str, Any]) -> None:
    assert mira("POST", f"{DREAMS}import/", body).status_code == 400


@pytest.mark.parametrize(
    ("chosen", "status", "content_type"),
    [
        ("jsonl", 200, "application/x-ndjson"),
        ("csv", 200, "text/csv; charset=utf-8"),
        ("txt", 200, "text/plain; charset=utf-8"),
        ("pdf", 400, "application/json"),
        ("", 400, "application/json"),
    ],
)
def test_an_export_comes_in_three_kinds(
    cast: Cast, mira: Api, chosen: str, status: int, content_type: str
) -> None:
    write(cast.mira)

    response = mira("GET", f"{DREAMS}export/?as={chosen}")

    assert (response.status_code, response.headers["Content-Type"]) == (status, content_type)
    assert ("The sea came up the lane." in response.content.decode()) is (status == 200)


@pytest.mark.parametrize("who", ["zed", "ayla"])
def test_somebody_elses_dream_is_not_found(cast: Cast, client_of: SignIn, who: str) -> None:
    dream_id = write(cast.mira)
    other = Api(client_of(getattr(cast, who)))
    body = {"narrative": "Mine now.", "revision": 1}

    answers = [other(method, f"{DREAMS}{dream_id}/", body) for method in ("GET", "PUT", "PATCH", "DELETE")]
    answers.append(other("GET", f"{DREAMS}{dream_id}/suggestion/"))
    with tenant(dreamer=cast.mira.dreamer_id):
        staged = services.stage_import(by=cast.mira.dreamer, data=b"2025-05-04\nA lamp.")
    answers.append(other("POST", f"{DREAMS}import/{staged}/"))

    assert {answer.status_code for answer in answers} == {404}
    assert other("GET", DREAMS).json()["count"] == 0
    assert other("POST", f"{DREAMS}search/", {"words": "sea"}).json() == []
    assert kept(cast.mira) == [Draft(narrative="The sea came up the lane.", dreamed_on=NIGHT)]


def test_nobody_reads_nothing(cast: Cast) -> None:
    nobody = Api(Client())
    write(cast.mira)

    answers = {nobody(method, DREAMS, {"narrative": "x"}).status_code for method in ("GET", "POST")}

    assert answers <= {302, 401, 403}
    assert reverse("api-dreams") == DREAMS
