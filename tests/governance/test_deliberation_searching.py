"""Finding proposals and petitions by their words: on the page and in the API, in one's own guild alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.deliberation import petitions, services
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import TEXT, draft, inside, proposed

Enter = Callable[[Membership], Client]


@pytest.fixture
def asked(cast: Cast) -> None:
    """Two proposals and a petition in one guild, and a proposal in another."""
    proposed(cast.mira, title="Quiet after ten", text="We close the lounge, so that everybody sleeps.")
    proposed(cast.finn, title="A second evening", text="On Sundays, in the Straße of lanterns 🏮.")
    with inside(cast.lara):
        petitions.start(by=cast.lara, draft=draft(title="Tea before the circle", text="Quiet helps."))
    proposed(cast.zed, title="Quiet in the harbour", text="Ships too.")


def titles(client: Client, name: str, words: str) -> list[str]:
    reply = client.get(reverse(name, args=["lantern"]), {"words": words})
    assert reply.status_code == 200
    return [one["title"] for one in reply.json()["results"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("quiet", ["Quiet after ten"]),
        ("QUIET lounge", ["Quiet after ten"]),
        ("quiet sundays", []),
        ("stra 🏮", ["A second evening"]),
        ("100%_", []),
        ("", ["A second evening", "Quiet after ten"]),
    ],
)
def test_every_word_must_occur_or_a_part_of_one(
    cast: Cast, asked: None, client_of: Enter, words: str, found: list[str]
) -> None:
    assert titles(client_of(cast.ezra), "api-proposals", words) == found


def test_petitions_are_found_too_and_the_page_shows_both(cast: Cast, asked: None, client_of: Enter) -> None:
    client = client_of(cast.ezra)
    assert titles(client, "api-petitions", "quiet") == ["Tea before the circle"]
    page = client.get(reverse("deliberation:home", args=["lantern"]), {"words": "quiet"}).content.decode()
    assert "Quiet after ten" in page
    assert "Tea before the circle" in page
    assert "A second evening" not in page
    assert "harbour" not in page
    nothing = client.get(reverse("deliberation:home", args=["lantern"]), {"words": "ships"}).content.decode()
    assert "No proposal holds all of these words." in nothing


def test_only_what_a_proposal_says_now_is_found(cast: Cast, client_of: Enter) -> None:
    proposal = proposed(cast.mira, title="Quiet after midnight")
    with inside(cast.mira):
        services.revise(proposal=proposal, by=cast.mira, title="Quiet after nine", text=TEXT)
    client = client_of(cast.ezra)
    assert titles(client, "api-proposals", "after nine") == ["Quiet after nine"]
    assert titles(client, "api-proposals", "midnight") == []


@pytest.mark.parametrize("words", ["a" * 201, "quiet\x00"])
def test_what_cannot_be_looked_for_is_refused(cast: Cast, client_of: Enter, words: str) -> None:
    client = client_of(cast.mira)
    said: list[Any] = [
        client.get(reverse(name, args=["lantern"]), {"words": words}).status_code
        for name in ("api-proposals", "api-petitions", "deliberation:home")
    ]
    assert said == [400, 400, 422]
