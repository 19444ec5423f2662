"""Every moment of a proposal at which somebody is told: who, what, and where it leads; and nobody else."""

from collections.abc import Callable

import pytest

from governance.deliberation import arguing, petitions, services, voting
from governance.deliberation.counting import Method
from governance.deliberation.enums import Stance
from governance.deliberation.models import Objection, Petition, Proposal, Signature
from tests.cast import Cast
from tests.governance.deliberating import (
    TEXT,
    draft,
    ended,
    inside,
    opened,
    proposed,
    row,
    rows,
    sponsored,
    vote,
)
from tests.told_of import told

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
