"""An office that changes hands because the guild voted so."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from governance.deliberation.enums import Kind
from governance.deliberation.errors import Unfit
from governance.deliberation.models import Proposal
from governance.offices import services as offices
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import (
    TEXT,
    ended,
    inside,
    opened,
    proposed,
    rows,
    vote,
)


def appointing(act: str, member: Membership, office: Office) -> dict[str, Any]:
    document = {"act": act, "member": str(member.pk), "office": office.value}
    return {"kind": Kind.APPOINTMENT, "document": document}


def passed(cast: Cast, said: dict[str, Any]) -> Proposal:
    proposal = opened(cast.mira, [cast.finn, cast.lara, cast.ezra, cast.ayla], **said)
    for member in cast.members:
        vote(proposal, member, "yes")
    return ended(proposal)


def held_by(member: Membership) -> list[str]:
    with inside(member):
        return list(Membership.objects.get(pk=member.pk).offices)


def test_an_office_is_given_and_taken_by_votes(cast: Cast) -> None:
    assert passed(cast, appointing("appoint", cast.mira, Office.ENFORCER)).state == "enacted"
    assert held_by(cast.mira) == ["dreamer", "enforcer"]
    assert passed(cast, appointing("dismiss", cast.mira, Office.ENFORCER)).state == "enacted"
    assert held_by(cast.mira) == ["dreamer"]


def test_the_last_steward_is_not_voted_out_and_the_proposal_says_so(cast: Cast) -> None:
    held = passed(cast, appointing("dismiss", cast.ayla, Office.STEWARD))
    assert (held.state, held.result, "needs a steward" in held.hindrance) == ("closed", "passed", True)
    assert "steward" in held_by(cast.ayla)


def test_somebody_who_left_meanwhile_is_not_appointed(cast: Cast) -> None:
    proposal = opened(
        cast.mira, [cast.finn, cast.lara, cast.ayla], **appointing("appoint", cast.ezra, Office.LEADER)
    )
    for member in (cast.mira, cast.finn, cast.lara):
        vote(proposal, member, "yes")
    with inside(cast.ezra):
        offices.leave(by=cast.ezra)
    held = ended(proposal)
    assert (held.state, held.hindrance) == ("closed", "There is no such member in this guild any more.")


@pytest.mark.parametrize(
    "changed",
    [
        {"act": "crown"},
        {"office": "dreamer"},
        {"office": "king"},
        {"member": "nobody"},
        {"member": str(uuid4())},
        {"more": 1},
    ],
)
def test_a_crafted_appointment_is_refused(cast: Cast, changed: dict[str, Any]) -> None:
    said = appointing("appoint", cast.mira, Office.ENFORCER)
    said["document"] |= changed
    with pytest.raises(Unfit):
        proposed(cast.mira, **said)


def test_a_member_of_another_guild_is_not_appointed(cast: Cast) -> None:
    with pytest.raises(Unfit, match="no such member"):
        proposed(cast.mira, **appointing("appoint", cast.zed, Office.STEWARD))


def test_an_office_that_is_not_held_is_not_taken(cast: Cast) -> None:
    with pytest.raises(Unfit, match="does not hold this office"):
        proposed(cast.mira, **appointing("dismiss", cast.mira, Office.STEWARD))


def test_an_appointment_is_proposed_on_its_page(cast: Cast, client_of: Any) -> None:
    client, place = client_of(cast.mira), reverse("deliberation:new", args=["lantern"])
    assert "Ezra" in client.get(place, {"kind": "appointment"}).content.decode()
    said = {"act": "appoint", "member": str(cast.finn.pk), "office": "leader"}
    words = {"kind": "appointment", "title": "Finn leads", "text": TEXT}
    assert client.post(place, words | said).status_code == 302
    (proposal,) = rows(cast.lantern.pk, Proposal)
    page = client.get(reverse("deliberation:proposal", args=["lantern", proposal.pk])).content.decode()
    assert "Finn holds it" in page
