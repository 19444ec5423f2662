"""Calling for a stop from the page without scripts, from the API, and what the page says before and after."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.experiences import services as experiences
from lounges.sessions import services as sessions
from tests.cast import Cast
from tests.lounges.dreamscapes_circle import Circle, open_session, request, set_stage
from tests.lounges.guild_law import give_law

SignIn = Callable[[Membership], Client]


@pytest.fixture
def circle(cast: Cast) -> Circle:
    """Five participants; at 0.40 it takes two calls."""
    give_law(cast.lantern, halt_share="0.40")
    session = open_session(cast.ayla, cast.members)
    return Circle(session=session, host=cast.ayla, contributions={})


def words(client: Client, circle: Circle, name: str = "sessions:live") -> str:
    page = client.get(reverse(name, args=["lantern", circle.session.pk]))
    return re.sub(r"\s+", " ", page.content.decode())


def press(client: Client, circle: Circle, name: str) -> int:
    address = reverse(name, args=["lantern", circle.session.pk])
    return client.post(address, {"key": str(uuid4())}).status_code


def test_one_press_and_its_undo_work_without_scripts(cast: Cast, circle: Circle, client_of: SignIn) -> None:
    mira, finn = client_of(cast.mira), client_of(cast.finn)
    assert "Nobody calls for a stop. It takes 2 of 5." in words(mira, circle)
    assert 'data-key="x" data-key-name="Stop this blend"' in words(mira, circle)
    assert press(mira, circle, "halts:resist") == 302
    for client, own in ((mira, True), (finn, False)):
        page = words(client, circle, "halts:stop")
        assert "1 of 5 calls for a stop; it takes 2." in page
        assert ("you call for a stop" in page) is own
        assert "Mira" not in page
    assert press(mira, circle, "halts:relent") == 302
    assert "Nobody calls for a stop." in words(finn, circle, "halts:stop")


def test_after_a_halt_the_page_says_what_happens_next(cast: Cast, circle: Circle, client_of: SignIn) -> None:
    mira = client_of(cast.mira)
    press(mira, circle, "halts:resist")
    press(client_of(cast.finn), circle, "halts:resist")
    page = words(mira, circle)
    assert "2 of 5 participants called for it." in page
    assert "is suspended until enforcers have looked at it and ruled" in page
    assert 'data-command="session.resist"' not in page
    oversight = client_of(cast.ezra).get(reverse("oversight:home", args=["lantern"])).content.decode()
    assert "Participants stopped a blend" in oversight


def test_page_of_a_halted_blend_says_so(cast: Cast, circle: Circle, client_of: SignIn) -> None:
    set_stage(circle.session, cast.ayla, "sharing", "associating", "blending")
    run = request(circle)
    for member in (cast.mira, cast.finn):
        press(client_of(member), circle, "halts:resist")
    mira, slug = client_of(cast.mira), cast.lantern.slug
    page = mira.get(reverse("dreamscapes:detail", args=[slug, run.pk]))
    assert (page.status_code, "The blend was stopped" in page.content.decode()) == (200, True)
    listed = mira.get(reverse("dreamscapes:list", args=[slug])).content.decode()
    assert "was stopped by its participants" in listed
    told = mira.get(reverse("api-dreamscape", args=[slug, run.pk])).json()
    assert (told["state"], told["document"]) == ("halted", None)


def test_who_stepped_out_finds_the_control_on_the_door(cast: Cast, circle: Circle, client_of: SignIn) -> None:
    mira = client_of(cast.mira)
    press(mira, circle, "sessions:step-out")
    assert "Stop this blend" in words(mira, circle)
    assert press(mira, circle, "halts:resist") == 302
    assert "1 of 5 calls for a stop" in words(client_of(cast.finn), circle)


def test_api_calls_and_takes_back(cast: Cast, circle: Circle, client_of: SignIn) -> None:
    client, told = client_of(cast.mira), []
    for name in ("api-session-resist", "api-session-resist", "api-session-relent"):
        address = reverse(name, args=["lantern", circle.session.pk])
        reply = client.post(address, json.dumps({"key": str(uuid4())}), content_type="application/json")
        told.append({field: value for field, value in reply.json().items() if field != "offset"})
    one = {"calls": 1, "needed": 2, "halted": False}
    assert told == [one, one, {**one, "calls": 0}]


def test_experimental_experience_is_named_before_one_joins(cast: Cast, client_of: SignIn) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        version = experiences.write(by=cast.ayla, name="Slow water", description="", numbers={"atoms": 8})
        experiences.try_out(by=cast.ayla, version=version)
        lounge = sessions.make_lounge(by=cast.ayla, name="North room")
    form = {
        "title": "Tonight",
        "format": "open_circle",
        "confidentiality": "session",
        "when": "now",
        "experience": str(version.pk),
    }
    ayla = client_of(cast.ayla)
    page = ayla.get(reverse("sessions:lounge", args=["lantern", lounge.slug])).content.decode()
    assert "Slow water, version 1, experimental" in page
    made = ayla.post(reverse("sessions:lounge", args=["lantern", lounge.slug]), form)
    door = client_of(cast.mira).get(made["Location"]).content.decode()
    assert "An experimental experience" in door
    assert "which nobody has approved yet" in door
    assert door.index("An experimental experience") < door.index("I have read this, and I accept it.")


def test_experiences_are_read_by_all_and_compared_version_by_version(cast: Cast, client_of: SignIn) -> None:
    ayla, slug = client_of(cast.ayla), "lantern"
    numbers = {"affect_scale": "0.25", "time_scale": "0.50", "quotes_per_motif": 3, "terms_per_motif": 5}
    form = {"name": "Slow water", "description": "For long nights.", "weave_moments": 3, **numbers}
    made = ayla.post(reverse("experiences:list", args=[slug]), {**form, "floor": "0.70"})
    revise = f"{made['Location']}revise/"
    assert ayla.post(revise, {"on": 1, "note": "", "weave_moments": 3, **numbers}).status_code == 422
    assert ayla.post(revise, {"on": 1, "note": "No floor.", "weave_moments": 3, **numbers}).status_code == 302
    low = ayla.post(reverse("experiences:list", args=[slug]), {**form, "name": "Low", "floor": "0.40"})
    assert (low.status_code, "The floor of this guild is 0.60" in low.content.decode()) == (422, True)
    mira = client_of(cast.mira)
    page = re.sub(r"\s+", " ", mira.get(made["Location"]).content.decode())
    assert 'Individuality floor <span class="badge accent">differs</span>' in page
    assert "<td>0.70</td><td>the guild&#x27;s</td>" in page
    listed = mira.get(reverse("experiences:list", args=[slug])).content.decode()
    assert ("The plain recipe" in listed, "Slow water" in listed, "Write an experience" in listed) == (
        True,
        True,
        False,
    )
