"""The pages of lounges and sessions, without scripts: every step is a form."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lounges.sessions import services
from lounges.sessions.enums import SessionState
from lounges.sessions.models import Association, Contribution, Participation, Session
from tests.lounges.sessions_stage import NARRATIVE, NOTICES, Stage, dream_of, in_guild_of, session_of

YES_TO_ALL = {
    "share_in_session": "yes",
    "blend": "yes",
    "quote": "yes",
    "publish_to_guild": "no",
    **{f"notice_{purpose}": digest for purpose, digest in NOTICES.items()},
}


@pytest.fixture
def stage(cast):
    return Stage(cast.ayla)


@pytest.fixture
def browser(client_of):
    return client_of


def address(stage_or_session, name: str = "live", **more) -> str:
    session = getattr(stage_or_session, "session", stage_or_session)
    return reverse(f"sessions:{name}", args=["lantern", session.pk, *more.values()])


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_guild_shows_its_lounges_and_a_lounge_its_sessions(cast, browser):
    session = session_of(cast.ayla, title="Thursday circle")
    mira = browser(cast.mira)
    page = mira.get(reverse("sessions:lounges", args=["lantern"]))
    assert session.lounge.name in page.text
    assert "A new lounge" not in page.text
    page = mira.get(reverse("sessions:lounge", args=["lantern", session.lounge.slug]))
    assert "Thursday circle" in page.text
    assert "Open or plan a session" not in page.text


def test_an_architect_makes_a_lounge_and_opens_a_session_in_it(cast, browser):
    ayla = browser(cast.ayla)
    made = ayla.post(reverse("sessions:lounges", args=["lantern"]), {"name": "The long room"})
    assert made.headers["Location"] == "/g/lantern/lounges/the-long-room/"
    form = {"title": "Full moon", "format": "open_circle", "confidentiality": "session", "when": "now"}
    opened = ayla.post(made.headers["Location"], form)
    with in_guild_of(cast.ayla):
        session = Session.objects.get()
    assert opened.headers["Location"] == address(session)
    assert (session.state, session.host_id) == (SessionState.OPEN, cast.ayla.pk)


def test_a_planned_session_is_read_in_the_hosts_own_time_zone(cast, browser):
    cast.ayla.dreamer.time_zone = "America/New_York"
    cast.ayla.dreamer.save(update_fields=["time_zone"])
    lounge = session_of(cast.ayla).lounge
    form = {
        "title": "Full moon",
        "format": "open_circle",
        "confidentiality": "session",
        "when": "later",
        "opens_at": "2090-01-01T20:00",
    }
    ayla = browser(cast.ayla)
    place = reverse("sessions:lounge", args=["lantern", lounge.slug])
    planned = ayla.post(place, form)
    with in_guild_of(cast.ayla):
        session = Session.objects.get(title="Full moon")
    assert session.opens_at.isoformat() == "2090-01-02T01:00:00+00:00"
    assert "20:00" in ayla.get(planned.headers["Location"]).text
    assert ayla.post(address(session, "open")).status_code == 302
    with in_guild_of(cast.ayla):
        assert Session.objects.get(pk=session.pk).state == SessionState.OPEN


def test_the_host_alone_is_offered_the_way_back_to_a_stage_that_is_done(cast, browser, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("associating")
    offered = {
        member: re.findall(r'name="stage" value="(\w+)"', browser(member).get(address(stage)).text)
        for member in (cast.ayla, cast.mira)
    }
    assert offered == {cast.ayla: ["arriving", "sharing", "blending"], cast.mira: []}
    browser(cast.ayla).post(address(stage, "stage"), {"key": str(uuid4()), "stage": "sharing"})
    with in_guild_of(cast.ayla):
        assert Session.objects.get(pk=stage.session.pk).stage == "sharing"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"when": "later"},
        {"when": "later", "opens_at": "2001-01-01T20:00"},
        {"format": "seance"},
        {"title": "x" * 121},
    ],
)
def test_a_session_that_cannot_be_says_so_beside_its_field(cast, browser, wrong):
    lounge = session_of(cast.ayla).lounge
    form = {"title": "Kept", "format": "open_circle", "confidentiality": "session", "when": "now", **wrong}
    page = browser(cast.ayla).post(reverse("sessions:lounge", args=["lantern", lounge.slug]), form)
    assert page.status_code == 422
    assert "Nothing is lost" in page.text
    with in_guild_of(cast.ayla):
        assert Session.objects.count() == 1


def test_the_door_shows_the_terms_and_lets_in_whoever_accepts_them(cast, browser, stage):
    mira = browser(cast.mira)
    door = mira.get(address(stage)).text
    assert "no substitute for therapy" in door
    assert "did not expect" in door
    assert 'id="transcript"' not in door
    unread = mira.post(address(stage, "join"), {"key": uuid4(), "terms": stage.terms})
    assert said(unread) == ["Read the terms, tick that you accept them, and join again."]
    mira.post(address(stage, "join"), {"key": uuid4(), "terms": stage.terms, "accept": "on"})
    with in_guild_of(cast.mira):
        assert Participation.objects.get().membership_id == cast.mira.pk
    assert 'id="transcript"' in mira.get(address(stage)).text


def test_nothing_is_preselected_when_lending(cast, browser, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    dream = dream_of(cast.mira)
    mira = browser(cast.mira)
    chosen = mira.get(address(stage, "share"))
    assert "The house" in chosen.text
    page = mira.get(address(stage, "share"), {"dream": str(dream)}).text
    radios = re.findall(r'<input type="radio"[^>]*>', page)
    assert len(radios) == 3 + 4 * 2
    assert not [radio for radio in radios if "checked" in radio]
    assert NARRATIVE.split(".")[0] in page


def test_a_whole_session_by_forms_alone(cast, browser, stage):
    ayla, mira = browser(cast.ayla), browser(cast.mira)
    for who in (ayla, mira):
        who.post(address(stage, "join"), {"key": uuid4(), "terms": stage.terms, "accept": "on"})
    ayla.post(address(stage, "stage"), {"key": uuid4(), "stage": "sharing"})
    lending = {"key": uuid4(), "dream": dream_of(cast.mira), "extent": "whole", "depth": "0.4", **YES_TO_ALL}
    for _ in range(2):
        assert mira.post(address(stage, "share"), lending).status_code == 302
    with in_guild_of(cast.ayla):
        lent = Contribution.objects.get()
    assert NARRATIVE in ayla.get(address(stage)).text.replace("&#x27;", "'")
    ayla.post(address(stage, "stage"), {"key": uuid4(), "stage": "associating"})
    words = {"key": uuid4(), "contribution": lent.pk, "text": "Cinnamon & rain."}
    ayla.post(address(stage, "associate"), words)
    assert "Cinnamon &amp; rain." in mira.get(address(stage)).text
    mira.post(address(stage, "step-out"), {"key": uuid4()})
    assert "You stepped out" in mira.get(address(stage)).text
    mira.post(address(stage, "return"), {"key": uuid4()})
    mira.post(address(stage, "withdraw"), {"key": uuid4(), "contribution": lent.pk})
    assert "Cinnamon" not in ayla.get(address(stage)).text
    ayla.post(address(stage, "close"), {"key": uuid4()})
    assert "This session is over" in ayla.get(address(stage)).text
    with in_guild_of(cast.ayla):
        assert not Contribution.objects.get().is_lent
        assert Association.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"blend": ""},
        {"extent": ""},
        {"share_in_session": "no", "blend": "no"},
        {"extent": "excerpt", "excerpt": "words that were never dreamt"},
        {"depth": "2"},
        {"expires_at": "2001-01-01T20:00"},
    ],
)
@pytest.mark.parametrize("inside", [False, True], ids=["page", "dialogue"])
def test_terms_that_cannot_stand_come_back_with_all_that_was_written(cast, browser, stage, wrong, inside):
    stage.join(cast.mira)
    stage.go_to("sharing")
    form = {
        "key": uuid4(),
        "dream": dream_of(cast.mira),
        "extent": "retold",
        "excerpt": "A house grew.",
        "depth": "0.4",
        **YES_TO_ALL,
        **wrong,
    }
    headers = {"HX-Request": "true"} if inside else {}
    page = browser(cast.mira).post(address(stage, "share"), form, headers=headers)
    assert page.status_code == 200
    assert "Nothing is lost" in page.text
    assert form["excerpt"] in page.text
    assert ("<!doctype html>" in page.text) is not inside
    with in_guild_of(cast.mira):
        assert Contribution.objects.count() == 0


def test_lending_in_the_dialogue_tells_the_page(cast, browser, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    form = {"key": uuid4(), "dream": dream_of(cast.mira), "extent": "whole", "depth": "0.4", **YES_TO_ALL}
    answer = browser(cast.mira).post(address(stage, "share"), form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "session-shared")


def test_parts_are_for_those_who_take_part(cast, browser, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("associating")
    lent = UUID(stage.share(cast.mira))
    said_to = UUID(
        stage.do(cast.ayla, "session.associate", contribution=str(lent), text="Rain.")["association"]
    )
    parts = [
        address(stage, "people"),
        address(stage, "stages"),
        address(stage, "dreamscape"),
        address(stage, "telling", contribution=lent),
        address(stage, "association", association=said_to),
        address(stage, "snapshot"),
        address(stage, "share"),
    ]
    expected = {cast.ayla: 200, cast.finn: 403, cast.zed: 404}
    for member, status in expected.items():
        client = browser(member)
        assert [client.get(part).status_code for part in parts] == [status] * len(parts)
    assert [Client().get(part).status_code for part in parts] == [302] * len(parts)
    stage.do(cast.mira, "session.withdraw", contribution=str(lent))
    ayla = browser(cast.ayla)
    assert [ayla.get(part).status_code for part in parts[3:5]] == [404, 404]


def test_only_the_host_finds_the_hosts_buttons(cast, browser, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("blending")
    assert "session.blend" in browser(cast.ayla).get(address(stage)).text
    page = browser(cast.mira).get(address(stage)).text
    for command in ("session.blend", "session.set_stage", "session.close"):
        assert command not in page
    refused = browser(cast.mira).post(address(stage, "close"), {"key": uuid4()})
    assert refused.status_code == 403


def test_a_form_without_its_key_is_refused_with_a_sentence(cast, browser, stage):
    stage.join(cast.mira)
    page = browser(cast.mira).post(address(stage, "step-out"))
    assert said(page) == ["The field 'key' is missing."]


def test_words_of_a_dreamer_are_never_markup(cast, browser, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    hostile = "<script>alert(1)</script> & <b>bold</b> \u202eright to left"
    stage.share(cast.mira, dream_of(cast.mira, narrative=hostile, title="<i>title</i>"))
    page = browser(cast.ayla).get(address(stage)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<i>title" not in page


def test_the_live_page_asks_as_often_for_three_dreams_as_for_one(cast, browser, stage):
    """Beside one query for each dream's own key: three keys are three keys. Her own is among them at once."""
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("sharing")
    ayla = browser(cast.ayla)
    stage.share(cast.ayla)
    ayla.get(address(stage))
    counts = []
    for member in (None, cast.finn, cast.mira):
        if member is not None:
            stage.share(member)
        with CaptureQueriesContext(connection) as queries:
            ayla.get(address(stage))
        keys = [query for query in queries if "data_key" in query["sql"]]
        counts.append(len(queries) - len(keys))
    assert counts[0] == counts[1] == counts[2]


def test_a_lounge_asks_as_often_for_three_sessions_as_for_one(cast, browser):
    session = session_of(cast.ayla)
    place = reverse("sessions:lounge", args=["lantern", session.lounge.slug])
    mira = browser(cast.mira)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            mira.get(place)
        counts.append(len(queries))
        with in_guild_of(cast.ayla):
            services.create(lounge=session.lounge, by=cast.ayla, title="One more")
            soon = timezone.now() + timedelta(days=1)
            services.create(lounge=session.lounge, by=cast.ayla, title="And later", opens_at=soon)
    assert len(set(counts)) == 1
