"""Every moment of a proposal at which somebody is told: who, what, and where it leads; and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest

from governance.deliberation import arguing, nudging, petitions, services, turning, voting
from governance.deliberation.counting import Method
from governance.deliberation.enums import Stance
from governance.deliberation.models import Objection, Petition, Proposal, Signature
from guild.notifications.enums import Channel, Kind, When
from guild.notifications.kinds import SAID, usual
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.governance.deliberating import (
    TEXT,
    again,
    at,
    draft,
    ended,
    give_law,
    inside,
    opened,
    proposed,
    row,
    rows,
    sponsored,
    vote,
)
from tests.told_of import forget, told

OTHER = "We close the lounge at eleven, so that nobody hurries."
WHY = "Because the last guests come late."


def revise(cast: Cast) -> Proposal:
    proposal = sponsored(cast.mira, [cast.finn])
    with inside(cast.mira):
        services.revise(proposal=proposal, by=cast.mira, title="Quiet", text=OTHER)
    return proposal


def amend(cast: Cast, *, accept: bool) -> Proposal:
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        offered = services.amend(proposal=proposal, by=cast.finn, title="Quiet", text=OTHER)
    with inside(cast.mira):
        if accept:
            services.accept(amendment=offered, by=cast.mira)
        else:
            services.decline(amendment=offered, by=cast.mira, answer=WHY)
    return proposal


def reply(cast: Cast) -> Proposal:
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        said = arguing.argue(proposal=proposal, by=cast.finn, stance=Stance.FOR, text="Yes")
    with inside(cast.lara):
        arguing.argue(proposal=proposal, by=cast.lara, stance=Stance.AGAINST, text="No", parent=said)
    return proposal


def carry(cast: Cast) -> Proposal:
    with inside(cast.mira):
        petition = petitions.start(by=cast.mira, draft=draft())
    for member in (cast.finn, cast.lara, cast.ezra, cast.ayla):
        with inside(member):
            if Petition.objects.get(pk=petition.pk).state == "open":
                petitions.sign(petition=petition, by=member)
    (proposal,) = rows(cast.lantern.pk, Proposal)
    return proposal


MOMENTS = {
    "revised": (revise, {"finn": ["proposal_revised"]}),
    "accepted": (
        lambda cast: amend(cast, accept=True),
        {"mira": ["amendment_offered"], "finn": ["amendment_decided"]},
    ),
    "declined": (
        lambda cast: amend(cast, accept=False),
        {"mira": ["amendment_offered"], "finn": ["amendment_decided"]},
    ),
    "replied": (reply, {"finn": ["replied"]}),
}


@pytest.mark.parametrize(("act", "expected"), MOMENTS.values(), ids=MOMENTS)
def test_whom_a_moment_concerns_is_told_of_it(
    cast: Cast, act: Callable[[Cast], Proposal], expected: dict[str, list[str]]
) -> None:
    place = f"/g/lantern/proposals/{act(cast).pk}/"
    assert told(cast) == {who: [(kind, place) for kind in kinds] for who, kinds in expected.items()}


def test_everybody_who_signed_learns_that_a_petition_was_carried(cast: Cast) -> None:
    proposal = carry(cast)
    signed = rows(cast.lantern.pk, Signature)
    names = {one.display_name.lower() for one in cast.members if one.pk in {row.member_id for row in signed}}
    notice = ("petition_became_proposal", f"/g/lantern/proposals/{proposal.pk}/")
    assert "mira" in names
    assert told(cast) == {name: [notice] for name in names}


def test_everybody_who_may_vote_is_told_when_it_opens_and_when_it_is_over(cast: Cast) -> None:
    proposal = opened(
        cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla], method=Method.CONSENT, text=TEXT
    )
    vote(proposal, cast.finn, "object", reason=WHY)
    with inside(cast.mira):
        held = row(proposal, Objection)
    with inside(cast.mira):
        voting.answer(objection=held, by=cast.mira, text=OTHER)
    ended(proposal)
    place = f"/g/lantern/proposals/{proposal.pk}/"
    both = [("proposal_closed", place), ("proposal_opened", place)]
    assert told(cast) == {
        "mira": [("objection_made", place), *both],
        "finn": [("objection_answered", place), *both],
        "lara": both,
        "ezra": both,
        "ayla": both,
    }


def turned(times: int = 2) -> None:
    """The clock comes by, and again."""
    for _ in range(times):
        turning.turn_every_guild()


def test_all_others_are_told_once_that_a_draft_looks_for_sponsors(cast: Cast) -> None:
    proposal = proposed(cast.mira)
    turned()
    notice = ("sponsor_wanted", f"/g/lantern/proposals/{proposal.pk}/")
    assert told(cast) == {name: [notice] for name in ("ayla", "finn", "lara", "ezra")}


def test_drafts_come_gathered_and_votes_at_once() -> None:
    """A letter for each draft would be one for each idea of each member."""
    email = {
        kind: usual(SAID[kind].group, Channel.EMAIL) for kind in (Kind.SPONSOR_WANTED, Kind.PROPOSAL_OPENED)
    }
    assert email == {Kind.SPONSOR_WANTED: When.DIGEST, Kind.PROPOSAL_OPENED: When.AT_ONCE}


def test_nobody_is_told_of_a_draft_that_nobody_took_up_for_a_week(cast: Cast) -> None:
    proposal = proposed(cast.mira)
    with at(proposal.drafted_at + nudging.FRESH):
        turned()
    assert told(cast) == {}


def test_whoever_has_not_voted_is_told_once_that_a_vote_closes_soon(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla])
    for member in (cast.mira, cast.ezra):
        vote(proposal, member, "yes")
    forget(cast)
    assert proposal.closes_at is not None
    with at(proposal.closes_at - nudging.SOON - timedelta(seconds=1)):
        turned()
    assert told(cast) == {}
    with at(proposal.closes_at - nudging.SOON):
        turned()
    vote(proposal, cast.ayla, "yes")
    with at(proposal.closes_at - timedelta(hours=1)):
        turned()
    notice = ("proposal_closing", f"/g/lantern/proposals/{proposal.pk}/")
    assert told(cast) == {name: [notice] for name in ("ayla", "finn", "lara")}


def test_a_short_vote_closes_soon_in_its_last_third(cast: Cast) -> None:
    give_law(cast.lantern, change_hours="3")
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla])
    forget(cast)
    assert proposal.closes_at is not None
    for minutes, heard in ((61, 0), (60, 5)):
        with at(proposal.closes_at - timedelta(minutes=minutes)):
            turned()
        assert len(told(cast)) == heard


def test_author_and_sponsors_are_told_that_a_proposal_was_sent_back(cast: Cast) -> None:
    give_law(cast.lantern, sponsors="2")
    proposal = sponsored(cast.mira, [cast.finn, cast.lara])
    with inside(cast.ayla):
        end_membership(membership=cast.lara)
    turned()
    place = f"/g/lantern/proposals/{proposal.pk}/"
    assert (again(proposal).state, told(cast)) == (
        "draft",
        {name: [("proposal_sent_back", place)] for name in ("mira", "finn")},
    )


def test_a_guild_whose_law_cannot_be_read_keeps_no_other_from_being_told(cast: Cast) -> None:
    elsewhere, here = proposed(cast.zed), proposed(cast.mira)
    with tenant(guild=cast.harbour.pk):
        Guild.objects.filter(pk=cast.harbour.pk).update(law={"values": {"sponsors": "many"}})
    with mock.patch.object(turning, "every_guild", return_value=[elsewhere.guild_id, here.guild_id]):
        turned()
    assert told(cast)["finn"] == [("sponsor_wanted", f"/g/lantern/proposals/{here.pk}/")]
