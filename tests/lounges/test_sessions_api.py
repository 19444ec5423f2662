"""The API of sessions: the same services, the same decisions, the same 404s."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from governance.consent.models import Use
from tests.lounges.sessions_stage import EVERYTHING, NARRATIVE, NOTICES, Stage, dream_of, in_guild_of

ROOT = "/api/v1/g/lantern"


@pytest.fixture
def stage(cast):
    return Stage(cast.ayla)


@pytest.fixture
def api(client_of):
    class Api:
        def __init__(self, member):
            self.client = client_of(member)

        def get(self, path, **query):
            return self.client.get(ROOT + path, query)

        def post(self, path, **data):
            return self.client.post(ROOT + path, data, content_type="application/json")

    return Api


def keyed(**data):
    return {"key": str(uuid4()), **data}


def test_a_whole_session_over_the_api(cast, api):
    ayla, mira = api(cast.ayla), api(cast.mira)
    lounge = ayla.post("/lounges/", name="The long room").json()
    session = ayla.post("/sessions/", lounge=lounge["slug"], title="Full moon").json()
    place = f"/sessions/{session['id']}"
    digest = mira.get(place + "/").json()["terms"]["digest"]
    for who in (ayla, mira):
        assert who.post(place + "/join/", **keyed(terms=digest)).status_code == 200
    for name in ("sharing", "associating"):
        ayla.post(place + "/stage/", **keyed(stage=name))
    loan = keyed(
        dream=str(dream_of(cast.mira)), extent="whole", purposes=EVERYTHING, notices=NOTICES, depth=0.4
    )
    lent = [mira.post(place + "/contributions/", **loan) for _ in range(2)]
    assert [answer.status_code for answer in lent] == [201, 201]
    assert lent[0].json() == lent[1].json()
    contribution = lent[0].json()["contribution"]
    said = ayla.post(place + "/associations/", **keyed(contribution=contribution, text="Rain."))
    assert said.status_code == 201
    (heard,) = ayla.get(place + "/contributions/").json()
    assert (heard["text"], heard["name"], heard["associations"][0]["text"]) == (NARRATIVE, "Mira", "Rain.")
    assert ayla.get(f"{place}/contributions/{contribution}/").json() == heard
    assert mira.get("/contributions/").json()["results"][0]["id"] == contribution
    page = mira.get(place + "/events/", after=5, limit=2).json()
    assert [(event["offset"], event["data"]["type"]) for event in page["events"]] == [
        (6, "dream.shared"),
        (7, "association.added"),
    ]
    assert (page["offset"], page["epoch"]) == (7, session["epoch"])
    assert mira.post(f"/contributions/{contribution}/withdraw/", **keyed()).json() == {"offset": 8}
    assert ayla.get(place + "/contributions/").json() == []
    assert mira.post(place + "/step-out/", **keyed()).json() == {"offset": 9}
    assert mira.get(place + "/events/").status_code == 403
    assert mira.post(place + "/return/", **keyed()).json() == {"offset": 10}
    assert ayla.post(place + "/close/", **keyed()).json() == {"offset": 11}
    assert ayla.get(place + "/snapshot/").json()["state"]["state"] == "closed"
    assert [row["title"] for row in ayla.get("/sessions/", state="closed").json()["results"]] == ["Full moon"]
    assert ayla.get("/sessions/", state="open").json()["results"] == []


def test_a_session_is_planned_and_opened(cast, api, stage):
    ayla = api(cast.ayla)
    soon = (timezone.now() + timedelta(days=1)).isoformat()
    with in_guild_of(cast.ayla):
        slug = stage.session.lounge.slug
    planned = ayla.post("/sessions/", lounge=slug, title="Tomorrow", opens_at=soon).json()
    assert planned["state"] == "scheduled"
    place = f"/sessions/{planned['id']}/open/"
    assert ayla.post(place).json()["state"] == "open"
    assert ayla.post(place).status_code == 409
    assert api(cast.mira).post(place).status_code == 403


def test_every_address_is_404_for_another_guild_and_closed_to_nobody(cast, api, client_of, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira)
    place = f"{ROOT}/sessions/{stage.id}"
    reads = [
        f"{ROOT}/lounges/",
        f"{ROOT}/sessions/",
        f"{ROOT}/contributions/",
        f"{place}/",
        f"{place}/events/",
        f"{place}/snapshot/",
        f"{place}/contributions/",
        f"{place}/contributions/{lent}/",
    ]
    writes = [
        *(f"{place}/{act}/" for act in ("open", "join", "return", "step-out", "stage", "close")),
        f"{place}/contributions/",
        f"{place}/associations/",
        f"{ROOT}/contributions/{lent}/withdraw/",
        f"{ROOT}/lounges/",
        f"{ROOT}/sessions/",
    ]
    zed, nobody = client_of(cast.zed), Client()
    for address in reads:
        assert (address, zed.get(address).status_code) == (address, 404)
        assert (address, nobody.get(address).status_code) == (address, 403)
    for address in writes:
        assert (address, zed.post(address, {}, "application/json").status_code) == (address, 404)
        assert (address, nobody.post(address, {}, "application/json").status_code) == (address, 403)
    harbour = f"/api/v1/g/harbour/sessions/{stage.id}/"
    assert zed.get(harbour).status_code == 404


def test_refusals_name_the_field_or_say_what_stands_in_the_way(cast, api, stage):
    mira = api(cast.mira)
    place = f"/sessions/{stage.id}"
    assert mira.post(place + "/join/", **keyed(terms="0" * 64)).json() == {
        "terms": ["Read the terms of this session and accept them before you join."]
    }
    assert mira.post(place + "/join/").status_code == 400
    stage.join(cast.mira)
    early = mira.post(
        place + "/contributions/",
        **keyed(
            dream=str(dream_of(cast.mira)), extent="whole", purposes=EVERYTHING, notices=NOTICES, depth=0.4
        ),
    )
    assert (early.status_code, early.json()["detail"]) == (
        409,
        "This is possible in the stage Sharing or Associating; the host sets the stages.",
    )
    stage.go_to("sharing")
    unanswered = mira.post(
        place + "/contributions/",
        **keyed(dream=str(uuid4()), extent="whole", purposes={"blend": True}, notices=NOTICES, depth=0.4),
    )
    assert unanswered.json() == {"share_in_session": ["Answer yes or no: may it be told in this session?"]}
    assert "host" in mira.post(place + "/close/", **keyed()).json()["detail"]
    assert mira.post(f"/contributions/{uuid4()}/withdraw/", **keyed()).status_code == 404


def test_hearing_over_the_api_is_a_use(cast, api, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    stage.share(cast.mira)
    ayla = api(cast.ayla)
    ayla.get(f"/sessions/{stage.id}/contributions/")
    with in_guild_of(cast.ayla):
        uses = list(Use.objects.values_list("actor", "purpose", "on", "count"))
    assert uses == [(str(cast.ayla.pseudonym), "share_in_session", "session", 1)]
