"""Members who turn the law against others, against the way out, or to their own gain."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from governance.deliberation.errors import Unfit
from governance.deliberation.models import Ballot, Count
from governance.deliberation.tasks import turn, turn_one
from governance.policies import entities
from governance.policies.drafts import DraftRefused, read
from governance.policies.enacting import enact
from governance.policies.enums import PROTECTED, Action
from governance.policies.law import law_of, read_law
from governance.policies.models import PolicySet
from governance.policies.services import authorize
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from tests.cast import Cast
from tests.governance.deliberating import TEXT, at, draft, ended, inside, opened, proposed, row, rows, vote

EVERYTHING_ELSE = [
    {"name": f"no-{number}", "text": f'forbid (principal, action == Action::"{action}", resource);'}
    for number, action in enumerate(sorted(set(Action) - PROTECTED)[:19])
]
SEIZED = [
    {"forbids": [{"name": "mine", "text": "permit (principal, action, resource);"}]},
    {"forbids": [{"name": "mine", "text": 'permit (principal, action == Action::"GrantOffice", resource);'}]},
    {"forbids": [{"name": "mine", "text": "forbid (principal, action, resource);"}]},
    {
        "forbids": [
            {"name": "x", "text": '@id("forbid:y") forbid (principal, action == Action::"Blend", resource);'}
        ]
    },
    {"values": {"offices": "steward"}},
    {"values": {"change_quorum": "0"}},
    {"values": {"halt_share": "2"}},
    {"values": {"individuality_floor": "0"}},
    {"values": {"smallest_published": "1"}},
    {"because": "founding", "values": {"hosts": "members"}},
    {"reference": str(uuid4()), "values": {"hosts": "members"}},
    {"guild": str(uuid4()), "values": {"hosts": "members"}},
]


def law_in(guild: Guild) -> dict[str, Any]:
    with tenant(guild=guild.pk):
        return Guild.objects.get(pk=guild.pk).law


def voted(cast: Cast, document: dict[str, Any]) -> Any:
    others = [cast.finn, cast.lara, cast.ezra, cast.ayla]
    proposal = opened(cast.mira, others, kind="policy", document=document)
    for member in cast.members:
        vote(proposal, member, "yes")
    return ended(proposal)


@pytest.mark.parametrize(
    "action", [Action.LEAVE_GUILD, Action.WITHDRAW_CONSENT, Action.CAST_BALLOT, Action.PROPOSE]
)
def test_no_vote_shuts_the_way_out_or_the_way_back(cast: Cast, action: Action) -> None:
    text = f'forbid (principal, action in [Action::"Blend", Action::"{action}"], resource);'
    with pytest.raises(Unfit, match="Nobody may forbid"):
        proposed(cast.mira, kind="policy", document={"forbids": [{"name": "stay", "text": text}]})


def test_where_nearly_all_is_forbidden_members_still_leave_see_and_vote_it_away(
    cast: Cast, client_of: Any
) -> None:
    assert voted(cast, {"forbids": EVERYTHING_ELSE}).state == "enacted"
    client = client_of(cast.finn)
    for name in ("policies:constitution", "policies:history", "ledger:guild", "deliberation:home"):
        assert (name, client.get(reverse(name, args=["lantern"])).status_code) == (name, 200)
    with inside(cast.finn):
        me = Membership.objects.select_related("guild").get(pk=cast.finn.pk)
        oneself = entities.member(id=me.pk, guild=me.guild_id, dreamer=me.dreamer_id, live=True)
        assert authorize(actor=me, action=Action.LEAVE_GUILD, resource=oneself).allowed
    assert voted(cast, {"repealed": [rule["name"] for rule in EVERYTHING_ELSE]}).state == "enacted"
    assert read_law(law_in(cast.lantern)).forbids == ()


@pytest.mark.parametrize("document", SEIZED)
def test_a_crafted_document_gets_in_by_no_door(cast: Cast, client_of: Any, document: dict[str, Any]) -> None:
    client, sent = client_of(cast.mira), {"kind": "policy", "title": "A small change", "text": TEXT}
    with pytest.raises(DraftRefused):
        read(document)
    with pytest.raises(Unfit):
        proposed(cast.mira, kind="policy", document=document)
    place = reverse("api-proposals", args=["lantern"])
    answer = client.post(place, sent | {"document": document}, content_type="application/json")
    assert answer.status_code in (400, 422)
    place = reverse("api-law-preview", args=["lantern"])
    assert client.post(place, document, content_type="application/json").status_code in (200, 400, 422)
    assert (law_in(cast.lantern), rows(cast.lantern.pk, PolicySet)) == ({}, [])


def test_the_law_is_written_by_no_address_of_it(cast: Cast, client_of: Any) -> None:
    client, sent = client_of(cast.ayla), {"values": {"hosts": "members"}}
    for name, arguments in [
        ("policies:constitution", ["lantern"]),
        ("policies:history", ["lantern"]),
        ("policies:template", ["lantern", "hosting"]),
        ("api-law", ["lantern"]),
    ]:
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(
                reverse(name, args=arguments), sent, content_type="application/json"
            )
            assert (name, method, answer.status_code) == (name, method, 405)
    assert law_in(cast.lantern) == {}


def test_a_vote_is_not_enacted_a_second_time_or_for_another_guild(cast: Cast) -> None:
    proposal = voted(cast, {"values": {"hosts": "members"}})
    with tenant(guild=cast.lantern.pk):
        first = PolicySet.objects.get(reference=proposal.pk)
        again = enact(guild=cast.lantern, draft=read({"values": {"sponsors": "0"}}), reference=proposal.pk)
        assert (again.pk, law_of(cast.lantern).sponsors) == (first.pk, 1)
    assert law_in(cast.harbour) == {}
    with tenant(guild=cast.harbour.pk):
        assert PolicySet.objects.count() == 0


def test_the_law_of_another_guild_is_not_there(cast: Cast, client_of: Any) -> None:
    voted(cast, {"values": {"individuality_floor": "0.70"}})
    client = client_of(cast.zed)
    for name in ("policies:constitution", "policies:history", "api-law"):
        assert (name, client.get(reverse(name, args=["lantern"])).status_code) == (name, 404)
    answer = client.post(reverse("policies:try", args=["lantern"]), {"hosts": "members"})
    assert answer.status_code == 404
    assert draft(document={}).document == {}


def test_members_who_only_guess_decide_nothing(cast: Cast) -> None:
    for member in cast.members:
        answer = authorize(
            actor=member,
            action=Action.ENACT_LAW,
            resource=entities.guild(cast.lantern.pk),
            founding=True,
            voted=True,
        )
        assert not answer.allowed
    elsewhere = authorize(
        actor=cast.harbour,
        action=Action.ENACT_LAW,
        resource=entities.guild(cast.lantern.pk),
        founding=False,
        voted=True,
    )
    assert not elsewhere.allowed


def test_nobody_votes_twice_on_any_path(cast: Cast, client_of: Any) -> None:
    others = [cast.finn, cast.lara, cast.ezra, cast.ayla]
    proposal = opened(cast.mira, others)
    client, place = client_of(cast.finn), [cast.lantern.slug, proposal.pk]
    page, api = reverse("deliberation:vote", args=place), reverse("api-proposal-ballot", args=place)
    for choice in ("yes", "yes", "no", "no"):
        assert client.post(page, {"choice": choice}).status_code == 302
        sent = client.post(api, {"choice": choice}, content_type="application/json")
        assert sent.status_code == 200
    assert [(ballot.member_id, ballot.choice) for ballot in rows(cast.lantern.pk, Ballot)] == [
        (cast.finn.pk, "no")
    ]
    for member in (cast.lara, cast.ezra):
        vote(proposal, member, "yes")
    assert ended(proposal).result == "passed"
    counted = json.loads(row(proposal, Count).document)["outcome"]
    assert (counted["voted"], dict(counted["counts"])) == (3, {"yes": 2, "no": 1, "abstain": 0})


def test_nobody_votes_after_the_close_on_any_path(cast: Cast, client_of: Any) -> None:
    """Neither in the moment before it is counted nor afterwards; nor is a ballot changed then."""
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla])
    vote(proposal, cast.lara, "yes")
    place = [cast.lantern.slug, proposal.pk]
    page, api = reverse("deliberation:vote", args=place), reverse("api-proposal-ballot", args=place)

    def tried() -> set[int]:
        told = set()
        for member in (cast.finn, cast.lara):
            client = client_of(member)
            client.post(page, {"choice": "no"})
            told.add(client.post(api, {"choice": "no"}, content_type="application/json").status_code)
        return told

    assert proposal.closes_at is not None
    with at(proposal.closes_at):
        late = tried()
    ended(proposal)
    assert (late, tried()) == ({409}, {409})
    assert [(ballot.member_id, ballot.choice) for ballot in rows(cast.lantern.pk, Ballot)] == [
        (cast.lara.pk, "yes")
    ]


def test_a_vote_that_was_enacted_is_not_enacted_again_by_replaying_its_task_its_ballots_or_its_pages(
    cast: Cast, client_of: Any
) -> None:
    proposal = voted(cast, {"values": {"individuality_floor": "0.70"}})
    voted(cast, {"values": {"individuality_floor": "0.80"}})
    before = law_in(cast.lantern)
    client, place = client_of(cast.mira), [cast.lantern.slug, proposal.pk]
    for name, sent in [("vote", {"choice": "yes"}), ("sponsor", {"version": 1}), ("withdraw", {})]:
        client.post(reverse(f"deliberation:{name}", args=place), sent)
    for _ in range(2):
        turn_one(guild_id=str(cast.lantern.pk), proposal_id=str(proposal.pk))
        turn()
    assert (law_in(cast.lantern), len(rows(cast.lantern.pk, PolicySet))) == (before, 2)
