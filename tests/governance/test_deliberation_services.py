"""A proposal from its draft to what follows from it."""

from datetime import timedelta
from typing import Any

import pytest

from governance.deliberation import petitions, services, turning
from governance.deliberation.enums import State
from governance.deliberation.errors import NotNow, Unfit
from governance.deliberation.models import Amendment, Count, Eligible, Proposal, Version
from governance.deliberation.petitions import signatures_needed
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy import services as tenancy
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.deliberating import (
    again,
    draft,
    ended,
    give_law,
    inside,
    opened,
    proposed,
    ranked,
    row,
    rows,
    sponsored,
    vote,
)


def leaves_of(proposal: Any) -> list[str]:
    with tenant(guild=proposal.guild_id):
        entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    return [entry.kind.value for entry in entries if str(proposal.pk) in entry.subjects]


def test_a_proposal_travels_from_draft_to_count(cast: Cast) -> None:
    proposal = proposed(cast.mira)
    assert proposal.state == State.DRAFT
    for member in (cast.finn, cast.lara):
        with inside(member):
            services.sponsor(proposal=proposal, by=member, version=1)
    assert again(proposal).state == State.SPONSORED
    assert turning.turn_every_guild() == 1
    held = again(proposal)
    assert (held.state, held.closes_at - held.opened_at) == (State.OPEN, timedelta(hours=72))
    for member, choice in ((cast.mira, "yes"), (cast.finn, "yes"), (cast.lara, "no")):
        vote(held, member, choice)
    closed = ended(held)
    assert (closed.state, closed.result) == (State.CLOSED, "passed")
    assert leaves_of(proposal) == [
        "proposal.drafted",
        "proposal.sponsored",
        "proposal.sponsored",
        "proposal.opened",
        "ballot.cast",
        "ballot.cast",
        "ballot.cast",
        "proposal.closed",
    ]


def test_everybody_who_is_a_member_when_voting_opens_may_vote(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    eligible = rows(proposal.guild_id, Eligible)
    assert {one.pseudonym for one in eligible} == {member.pseudonym for member in cast.members}


def test_a_new_version_must_be_sponsored_again(cast: Cast) -> None:
    proposal = sponsored(cast.mira, [cast.finn, cast.lara])
    with inside(cast.mira):
        services.revise(proposal=proposal, by=cast.mira, title="Quiet after eleven", text=draft().text)
    assert (again(proposal).state, again(proposal).title) == (State.DRAFT, "Quiet after eleven")
    with inside(cast.finn), pytest.raises(NotNow, match="another version"):
        services.sponsor(proposal=proposal, by=cast.finn, version=1)
    for member in (cast.finn, cast.lara):
        with inside(member):
            services.sponsor(proposal=proposal, by=member, version=2)
    assert again(proposal).state == State.SPONSORED


def test_a_version_is_never_changed_not_even_by_the_application(cast: Cast, superuser: Any) -> None:
    proposal = proposed(cast.mira)
    granted = superuser.execute(
        "SELECT privilege_type FROM information_schema.role_table_grants "
        "WHERE table_name = 'deliberation_version' AND grantee = 'dreamscape_app'"
    ).fetchall()
    assert {one for (one,) in granted} == {"SELECT", "INSERT"}
    assert row(proposal, Version).digest == draft().digest


def test_sponsoring_twice_counts_once(cast: Cast) -> None:
    give_law(cast.lantern, sponsors="2")
    assert sponsored(cast.mira, [cast.finn, cast.finn]).state == State.DRAFT


def test_authors_do_not_sponsor_their_own(cast: Cast) -> None:
    with pytest.raises(Denied, match="others sponsor it"):
        sponsored(cast.mira, [cast.mira])


def test_a_guild_with_fewer_others_than_the_law_asks_for_needs_all_of_them(cast: Cast) -> None:
    assert proposed(cast.zed).state == State.SPONSORED


def test_sponsors_who_left_do_not_count_when_voting_would_open(cast: Cast) -> None:
    give_law(cast.lantern, sponsors="2")
    proposal = sponsored(cast.mira, [cast.finn, cast.lara])
    with tenant(guild=cast.lantern.pk):
        tenancy.end_membership(membership=cast.finn)
    turning.turn_every_guild()
    held = again(proposal)
    assert (held.state, held.hindrance) == (State.DRAFT, "Not enough of its sponsors are members any more.")


def test_a_draft_opens_when_the_law_asks_for_fewer_sponsors_than_it_has(cast: Cast) -> None:
    give_law(cast.lantern, sponsors="2")
    enough, alone = sponsored(cast.mira, [cast.finn]), proposed(cast.mira)
    assert turning.turn_every_guild() == 0
    give_law(cast.lantern, sponsors="1")
    assert turning.turn_every_guild() == 1
    assert (again(enough).state, again(alone).state) == ("open", "draft")


def test_voting_opens_when_its_author_wished_and_not_before(cast: Cast) -> None:
    wish = proposed(cast.mira).drafted_at + timedelta(days=2)
    proposal = sponsored(cast.mira, [cast.finn, cast.lara], opens_at=wish)
    assert turning.turn_every_guild() == 0
    assert again(proposal).state == State.SPONSORED


def test_an_amendment_that_is_accepted_becomes_the_next_version(cast: Cast) -> None:
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        offered = services.amend(
            proposal=proposal, by=cast.finn, title="Quiet after nine", text=draft().text, because="Earlier."
        )
    with inside(cast.lara), pytest.raises(Denied, match="whoever wrote this proposal"):
        services.accept(amendment=offered, by=cast.lara)
    with inside(cast.mira):
        made = services.accept(amendment=offered, by=cast.mira)
    assert (made.number, made.title, made.amendment) == (2, "Quiet after nine", offered.pk)
    assert row(proposal, Amendment).state == "accepted"
    with inside(cast.mira), pytest.raises(NotNow, match="decided already"):
        services.decline(amendment=offered, by=cast.mira, answer="I changed my mind.")


def test_an_amendment_of_an_older_version_is_not_taken_over(cast: Cast) -> None:
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        offered = services.amend(proposal=proposal, by=cast.finn, title="Quiet after nine", text=draft().text)
    with inside(cast.mira):
        services.revise(proposal=proposal, by=cast.mira, title="Quiet after eight", text=draft().text)
        with pytest.raises(NotNow, match="another version"):
            services.accept(amendment=offered, by=cast.mira)
        assert (
            services.decline(amendment=offered, by=cast.mira, answer="Eight it is.  ").answer
            == "Eight it is."
        )


def test_a_proposal_is_withdrawn_before_voting_opens_and_not_after(cast: Cast) -> None:
    early, late = proposed(cast.mira), opened(cast.mira, [cast.finn, cast.lara])
    with inside(cast.mira):
        assert services.withdraw(proposal=early, by=cast.mira).state == State.WITHDRAWN
        with pytest.raises(NotNow, match="has opened"):
            services.withdraw(proposal=late, by=cast.mira)
    with inside(cast.finn), pytest.raises(Denied):
        services.withdraw(proposal=early, by=cast.finn)


def test_what_is_open_is_neither_revised_nor_amended(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    with inside(cast.mira), pytest.raises(NotNow, match="stays as it is"):
        services.revise(proposal=proposal, by=cast.mira, title="Other", text=draft().text)
    with inside(cast.finn), pytest.raises(NotNow, match="stays as it is"):
        services.amend(proposal=proposal, by=cast.finn, title="Other", text=draft().text)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "x"}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"text": "short"}, "text"),
        ({"document": {"values": {}}}, "document"),
        ({"options": ["a", "b", "c"]}, "options"),
        ({"kind": "experience"}, "document"),
    ],
)
def test_a_draft_that_cannot_stand_is_refused_with_its_field(cast: Cast, said: dict, field: str) -> None:
    with pytest.raises(Unfit) as refused:
        proposed(cast.mira, **said)
    assert refused.value.field == field


def test_a_ranked_vote_needs_three_options_that_differ(cast: Cast) -> None:
    for options in (("Monday", "Sunday"), ("Monday", "monday", "Sunday")):
        with inside(cast.mira), pytest.raises(Unfit):
            services.propose(by=cast.mira, draft=ranked(options=options))


def test_a_task_that_is_delivered_twice_opens_and_counts_once(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    assert turning.turn(guild=proposal.guild_id, proposal=proposal.pk) is False
    vote(proposal, cast.finn, "yes")
    closed = ended(proposal)
    assert again(ended(closed)).closed_leaf == closed.closed_leaf
    assert len(rows(proposal.guild_id, Count)) == 1


def test_another_guilds_task_does_nothing(cast: Cast) -> None:
    proposal = sponsored(cast.mira, [cast.finn, cast.lara])
    assert turning.turn(guild=cast.harbour.pk, proposal=proposal.pk) is False
    assert again(proposal).state == State.SPONSORED


def test_one_member_alone_waits_for_nobody(cast: Cast) -> None:
    proposal = opened(cast.zed, [])
    vote(proposal, cast.zed, "yes")
    assert turning.turn_every_guild() == 1
    held = again(proposal)
    assert (held.state, held.result, held.closed_at < held.closes_at) == (State.CLOSED, "passed", True)


def test_a_small_guild_in_which_all_have_voted_still_waits(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    for member in cast.members:
        vote(proposal, member, "yes")
    assert turning.turn_every_guild() == 0
    assert again(proposal).state == State.OPEN


def test_too_few_voters_make_it_void(cast: Cast) -> None:
    give_law(cast.lantern, change_quorum="0.50")
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    vote(proposal, cast.mira, "yes")
    vote(proposal, cast.finn, "yes")
    assert ended(proposal).result == "void"


@pytest.mark.parametrize(
    ("share", "members", "needed"),
    [("0.20", 1, 1), ("0.20", 5, 2), ("0.20", 10, 2), ("0.20", 11, 3), ("0.34", 3, 2), ("1.00", 7, 7)],
)
def test_a_petition_needs_its_share_and_never_its_author_alone(
    cast: Cast, share: str, members: int, needed: int
) -> None:
    give_law(cast.lantern, petition_share=share)
    assert signatures_needed(cast.lantern, members=members) == needed


def test_a_petition_is_signed_once_and_carried_once(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    with inside(cast.mira):
        petition = petitions.start(by=cast.mira, draft=draft())
    for member in (cast.finn, cast.finn, cast.lara):
        with inside(member):
            held = petitions.sign(petition=petition, by=member)
    (carried,) = rows(cast.lantern.pk, Proposal)
    assert (held.proposal_id, carried.state, carried.author_id) == (carried.pk, "sponsored", cast.mira.pk)
    with inside(cast.ezra), pytest.raises(NotNow, match="is a proposal now"):
        petitions.sign(petition=petition, by=cast.ezra)
    with tenant(guild=cast.lantern.pk):
        assert carried.opens_at - carried.drafted_at > timedelta(hours=23)


def test_a_petition_is_withdrawn_by_its_author_alone(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    with inside(cast.mira):
        petition = petitions.start(by=cast.mira, draft=draft())
    with inside(cast.finn), pytest.raises(Denied, match="whoever began this petition"):
        petitions.withdraw(petition=petition, by=cast.finn)
    with inside(cast.mira):
        assert petitions.withdraw(petition=petition, by=cast.mira).state == "withdrawn"
    with inside(cast.finn), pytest.raises(NotNow, match="was withdrawn"):
        petitions.sign(petition=petition, by=cast.finn)
