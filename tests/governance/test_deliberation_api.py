"""Proposals, votes and petitions through the API, with the refusals that it gives."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from governance.deliberation.models import Proposal
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import again, ended, give_law, opening, rows

Enter = Callable[[Membership], Client]
WORDS = {"kind": "free", "title": "Quiet after ten", "text": "We close the lounge at ten."}


def send(client: Client, name: str, body: Any = None, *, method: str = "POST", **arguments: Any) -> Any:
    place = reverse(name, kwargs={"guild_slug": "lantern", **arguments})
    answer = client.generic(method, place, data=json.dumps(body or {}), content_type="application/json")
    return answer.status_code, answer.json()


def test_a_proposal_travels_through_the_api(cast: Cast, client_of: Enter) -> None:
    give_law(cast.lantern, sponsors="2")
    mira, finn, lara = (client_of(member) for member in (cast.mira, cast.finn, cast.lara))
    code, made = send(mira, "api-proposals", WORDS)
    proposal = {"decision_id": made["proposal"]["id"]}
    assert (code, made["proposal"]["state"], made["sponsors_needed"]) == (201, "draft", 2)
    assert send(finn, "api-proposal-sponsors", {"version": 2}, **proposal)[0] == 409
    for client in (finn, lara):
        assert send(client, "api-proposal-sponsors", {"version": 1}, **proposal)[0] == 200
    held = opening(again(the_proposal(cast)))
    for client, choice in ((mira, "yes"), (finn, "yes"), (lara, "no")):
        code, cast_ballot = send(client, "api-proposal-ballot", {"choice": choice}, **proposal)
        assert (code, cast_ballot["choice"], cast_ballot["changed"]) == (200, choice, True)
    assert send(finn, "api-proposal-ballot", {"choice": "perhaps"}, **proposal) == (
        400,
        {"choice": ["Choose one of the answers."]},
    )
    code, seen = send(finn, "api-proposal", method="GET", **proposal)
    assert (seen["voted"], seen["eligible"], seen["mine"]["choice"]) == (3, 5, "yes")
    ended(held)
    code, late = send(finn, "api-proposal-ballot", {"choice": "no"}, **proposal)
    assert (code, "has ended" in late["detail"]) == (409, True)
    code, exported = send(finn, "api-proposal-export", method="GET", **proposal)
    assert (code, exported["vote"]["outcome"]["result"]) == (200, "passed")


def the_proposal(cast: Cast) -> Any:
    (proposal,) = rows(cast.lantern.pk, Proposal)
    return proposal


def test_a_secret_ballot_is_changed_with_its_receipt_alone(cast: Cast, client_of: Enter) -> None:
    mira, finn, lara = (client_of(member) for member in (cast.mira, cast.finn, cast.lara))
    _, made = send(mira, "api-proposals", {**WORDS, "secret": True})
    proposal = {"decision_id": made["proposal"]["id"]}
    for client in (finn, lara):
        send(client, "api-proposal-sponsors", {"version": 1}, **proposal)
    opening(again(the_proposal(cast)))
    _, first = send(finn, "api-proposal-ballot", {"choice": "yes"}, **proposal)
    stolen = {"ballot": first["ballot"], "nonce": "0" * 64}
    code, refused = send(finn, "api-proposal-ballot", {"choice": "no", "receipt": stolen}, **proposal)
    assert (code, list(refused)) == (400, ["receipt"])
    shown = {"ballot": first["ballot"], "nonce": first["nonce"]}
    code, second = send(finn, "api-proposal-ballot", {"choice": "no", "receipt": shown}, **proposal)
    assert (code, second["ballot"] != first["ballot"]) == (200, True)


def test_an_amendment_shows_what_it_would_have_enacted(cast: Cast, client_of: Enter) -> None:
    def floor(share: str) -> dict[str, Any]:
        return {"kind": "policy", "document": {"values": {"individuality_floor": share}}}

    mira, finn = client_of(cast.mira), client_of(cast.finn)
    _, made = send(mira, "api-proposals", WORDS | floor("0.70"))
    proposal = {"decision_id": made["proposal"]["id"]}
    words = {"title": WORDS["title"], "text": WORDS["text"]} | floor("0.30")
    assert send(finn, "api-proposal-amendments", words, **proposal)[0] == 201
    _, (offered,) = send(mira, "api-proposal-amendments", method="GET", **proposal)
    assert offered["document"] == {"values": {"individuality_floor": "0.30"}}


def test_refusals_name_their_field(cast: Cast, client_of: Enter) -> None:
    mira = client_of(cast.mira)
    assert send(mira, "api-proposals", {**WORDS, "kind": "experience"}) == (
        400,
        {"document": ["An approval names an experience, and nothing else."]},
    )
    assert send(mira, "api-proposals", {**WORDS, "document": {"values": {}}})[0] == 400
    assert send(mira, "api-petitions", {**WORDS, "text": "short"})[0] == 400
    place = reverse("api-proposals", args=["lantern"])
    assert mira.post(place, "[" * 100_000, content_type="application/json").status_code == 400
