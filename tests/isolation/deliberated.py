"""One of everything in a deliberation: a vote by consent that is open, and a petition."""

from typing import Any

from governance.deliberation import arguing, petitions, services
from governance.deliberation.counting import Method
from governance.deliberation.enums import Stance
from governance.deliberation.models import Objection
from tests.cast import Cast
from tests.governance.deliberating import TEXT, again, draft, inside, opening, proposed, row, vote


def deliberated_in(cast: Cast) -> dict[str, Any]:
    """What the addresses of a deliberation need, for the table of routes. Mira proposed it; Finn objects."""
    proposal = proposed(cast.mira, method=Method.CONSENT)
    with inside(cast.finn):
        argument = arguing.argue(proposal=proposal, by=cast.finn, stance=Stance.FOR, text="I sleep early.")
        amendment = services.amend(proposal=proposal, by=cast.finn, title="Quiet after nine", text=TEXT)
    for member in (cast.finn, cast.lara, cast.ezra, cast.ayla):
        with inside(member):
            services.sponsor(proposal=proposal, by=member, version=1)
    opening(again(proposal))
    vote(proposal, cast.finn, "object", reason="The bell rings at ten.")
    with inside(cast.mira):
        petition = petitions.start(by=cast.mira, draft=draft(title="A lamp in the hall"))
    return {
        "decision_id": proposal.pk,
        "argument_id": argument.pk,
        "amendment_id": amendment.pk,
        "objection_id": row(proposal, Objection).pk,
        "petition_id": petition.pk,
    }
