"""A change of the law that members vote for: it takes effect once, whole, or not at all."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from governance.deliberation import services, turning
from governance.deliberation.enums import Kind
from governance.deliberation.errors import Unfit
from governance.deliberation.models import Proposal
from governance.deliberation.pages import page_of
from governance.policies import previewing
from governance.policies.drafts import read
from governance.policies.enacting import enact
from governance.policies.law import law_of
from governance.policies.models import PolicySet
from governance.policies.templates import TEMPLATES
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from tests.cast import Cast
from tests.governance.deliberating import (
    TEXT,
    again,
    draft,
    ended,
    give_law,
    inside,
    opened,
    opening,
    proposed,
    rows,
    vote,
)

FLOOR = {"values": {"individuality_floor": "0.70"}}
FLOOR_ARTICLE = "individuality-floor"
NO_NIGHTS = 'forbid (principal, action == Action::"OpenSession", resource);'


def changing(document: dict[str, Any]) -> dict[str, Any]:
    return {"kind": Kind.POLICY, "document": document}


def passed(cast: Cast, document: dict[str, Any]) -> Proposal:
    """Voted for by enough."""
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla], **changing(document))
    for member in cast.members:
        vote(proposal, member, "yes")
    return ended(proposal)


def floor_of(cast: Cast) -> str:
    with tenant(guild=cast.lantern.pk):
        return str(law_of(Guild.objects.get(pk=cast.lantern.pk)).individuality_floor)


def test_what_passes_becomes_the_law_in_the_same_stroke(cast: Cast) -> None:
    proposal = passed(cast, FLOOR)
    assert (proposal.state, proposal.result, floor_of(cast)) == ("enacted", "passed", "0.70")
    (made,) = rows(cast.lantern.pk, PolicySet)
    assert made.reference == proposal.pk


def test_what_does_not_pass_changes_nothing(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla], **changing(FLOOR))
    for member in cast.members:
        vote(proposal, member, "no")
    assert (ended(proposal).state, floor_of(cast)) == ("closed", "0.60")


def test_a_replayed_task_enacts_nothing_again(cast: Cast) -> None:
    proposal = passed(cast, FLOOR)
    give_law(cast.lantern, individuality_floor="0.80")
    with tenant(guild=cast.lantern.pk):
        Proposal.objects.filter(pk=proposal.pk).update(closes_at=proposal.opened_at)
    assert turning.turn(guild=cast.lantern.pk, proposal=proposal.pk) is False
    assert (floor_of(cast), len(rows(cast.lantern.pk, PolicySet))) == ("0.80", 1)


def test_what_no_longer_fits_when_it_has_passed_is_said_and_not_half_done(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla], **changing(FLOOR))
    for member in cast.members:
        vote(proposal, member, "yes")
    give_law(cast.lantern, individuality_floor="0.70")
    held = ended(proposal)
    assert (held.state, held.result) == ("closed", "passed")
    assert held.hindrance == "The law says this already: the draft would change nothing."
    assert rows(cast.lantern.pk, PolicySet) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"values": {}},
        {"values": {"individuality_floor": "0.01"}},
        {"values": {"nothing_of_the_kind": "1"}},
        {"values": [1]},
        {"values": {"sponsors": 10**30}},
        {"permits": []},
        {"forbids": [{"name": "mine", "text": "permit (principal, action, resource);"}]},
        {"forbids": [{"name": "mine", "text": f"{NO_NIGHTS} permit (principal, action, resource);"}]},
        {"forbids": [{"name": "mine", "text": "forbid (principal, action, resource);"}]},
        {"forbids": [{"name": "mine", "text": NO_NIGHTS.replace("OpenSession", "CastBallot")}]},
        {"forbids": ["permit"]},
        {"repealed": ["individuality-floor"]},
    ],
)
def test_a_crafted_document_raises_nobody(cast: Cast, document: dict[str, Any]) -> None:
    with pytest.raises(Unfit):
        proposed(cast.mira, **changing(document))
    assert rows(cast.lantern.pk, Proposal) == []


def test_a_rule_of_their_own_is_told_before_it_is_voted_on(cast: Cast) -> None:
    proposal = proposed(cast.mira, **changing({"forbids": [{"name": "no-nights", "text": NO_NIGHTS}]}))
    with inside(cast.mira):
        (change,) = page_of(again(proposal), cast.mira).changes
    assert (change.before, change.after) == ("", NO_NIGHTS)


def test_what_was_enacted_is_told_against_the_law_before_it(cast: Cast) -> None:
    proposal = passed(cast, FLOOR)
    with inside(cast.mira):
        told = [(one.before, one.after) for one in page_of(again(proposal), cast.mira).changes]
    assert told == [("60 %", "70 %")]


def test_how_the_law_changes_is_not_for_the_author_to_choose(cast: Cast) -> None:
    give_law(cast.lantern, change_method="two_thirds", change_hours="24")
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla], **changing(FLOOR))
    assert (proposal.method, proposal.law["hours"]) == ("two_thirds", 24)


def test_a_change_is_proposed_on_the_page_of_its_part(cast: Cast, client_of: Any) -> None:
    client, place = client_of(cast.mira), reverse("deliberation:new", args=["lantern"])
    assert "Individuality floor" in client.get(place, {"kind": "policy"}).content.decode()
    form = client.get(place, {"kind": "policy", "part": "individuality-floor"}).content.decode()
    assert 'value="60"' in form
    words = {"title": "A higher floor", "text": TEXT, "kind": "policy", "part": "individuality-floor"}
    assert client.post(place, words | {"law_individuality_floor": 10}).status_code == 422
    assert client.post(place, words | {"law_individuality_floor": 60}).status_code == 422
    assert client.post(place, words | {"law_individuality_floor": 70}).status_code == 302
    (proposal,) = rows(cast.lantern.pk, Proposal)
    page = client.get(reverse("deliberation:proposal", args=["lantern", proposal.pk])).content.decode()
    assert "60 %" in page
    assert "70 %" in page


def test_every_part_of_the_law_has_its_form(cast: Cast, client_of: Any) -> None:
    client, place = client_of(cast.mira), reverse("deliberation:new", args=["lantern"])
    for part in [*TEMPLATES, "rule"]:
        answer = client.get(place, {"kind": "policy", "part": part})
        assert (part, answer.status_code) == (part, 200)
        sent = {"kind": "policy", "part": part, "title": "As it is", "text": TEXT}
        now = {name: field.initial for name, field in answer.context["form"].fields.items() if field.initial}
        assert (part, client.post(place, sent | now).status_code) == (part, 422)
    hours = {"part": "hours", "law_closes_at": "00:00", "law_clock": "UTC"}
    for no_time in ("10:75", f"{'9' * 5000}:00"):
        answer = client.post(place, sent | hours | {"law_opens_at": no_time})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["law_opens_at"])


def test_a_rule_is_proposed_and_repealed_on_a_page(cast: Cast, client_of: Any) -> None:
    client, place = client_of(cast.mira), reverse("deliberation:new", args=["lantern"])
    said = {"kind": "policy", "part": "rule", "title": "No nights", "text": TEXT}
    assert client.post(place, said | {"rule_name": "no-nights", "rule": NO_NIGHTS}).status_code == 302
    (proposal,) = rows(cast.lantern.pk, Proposal)
    for member in cast.members[:-1]:
        with inside(member):
            services.sponsor(proposal=proposal, by=member, version=1)
    held = opening(again(proposal))
    for member in cast.members:
        vote(held, member, "yes")
    assert ended(held).state == "enacted"
    assert draft().document == {}
    repeal = client.get(place, {"kind": "policy", "part": "repeal"})
    assert "no-nights" in repeal.content.decode()


def test_a_rule_that_took_the_name_of_another_does_not_fall_in_its_place(cast: Cast) -> None:
    rule, other = (
        {"name": "no-nights", "text": NO_NIGHTS.replace(";", end)} for end in (";", " when { true };")
    )
    enact_now(cast, {"forbids": [rule]})
    repeal, again_asked = (
        opened(cast.mira, [cast.finn, cast.lara], **changing({"repealed": ["no-nights"]})) for _ in range(2)
    )
    for proposal in (repeal, again_asked):
        for member in cast.members:
            vote(proposal, member, "yes")
    enact_now(cast, {"repealed": ["no-nights"], "forbids": [other]})
    done = ended(repeal)
    assert (done.state, "nobody voted on that one" in done.hindrance) == ("closed", True)
    enact_now(cast, {"repealed": ["no-nights"], "forbids": [rule]})
    assert ended(again_asked).state == "enacted"


def enact_now(cast: Cast, document: dict[str, Any]) -> None:
    with inside(cast.ayla):
        enact(guild=cast.lantern, draft=read(document), reference=uuid4())


def test_what_is_proposed_is_tried_on_the_past_when_asked_for(
    cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, client = proposed(cast.mira, **changing(FLOOR)), client_of(cast.finn)
    place = reverse("deliberation:proposal", args=["lantern", proposal.pk])
    assert 'id="replay"' not in client.get(place).content.decode()
    assert 'id="replay"' in client.get(place, {"preview": "1"}).content.decode()
    monkeypatch.setattr(previewing, "MOST_TRIED", 1)
    again = client.get(place, {"preview": "1"})
    assert (again.status_code, "Wait ten minutes" in again.content.decode()) == (200, True)
    give_law(cast.lantern, individuality_floor="0.70")
    stale = client.get(place, {"preview": "1"})
    assert (stale.status_code, 'id="replay"' in stale.content.decode()) == (200, False)


def test_the_law_names_the_vote_by_its_number_as_the_vote_does_itself(cast: Cast, client_of: Any) -> None:
    first = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla])
    proposed(cast.mira)  # a draft is no vote
    second = passed(cast, FLOOR)
    client = client_of(cast.mira)
    pages = [
        client.get(reverse(f"policies:{name}", kwargs={"guild_slug": "lantern"} | more)).content.decode()
        for name, more in (("constitution", {}), ("history", {}), ("template", {"article": FLOOR_ARTICLE}))
    ]
    assert ["by vote 2<" in page for page in pages] == [True] * 3
    for proposal, number in ((first, 1), (second, 2)):
        address = reverse("deliberation:proposal", args=["lantern", proposal.pk])
        assert f"· vote {number}" in client.get(address).content.decode()
