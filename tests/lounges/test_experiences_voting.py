"""A vote of the guild approves an experience."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from governance.deliberation.enums import Kind
from governance.deliberation.errors import Unfit
from governance.deliberation.models import Proposal
from guild.tenancy.context import tenant
from lounges.experiences import services
from lounges.experiences.models import ExperienceVersion
from tests.cast import Cast
from tests.governance.deliberating import TEXT, ended, opened, proposed, rows, vote

NUMBERS = {"floor": "0.70", "largest_depth": "0.30", "weave_moments": 2}


def written(cast: Cast) -> ExperienceVersion:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        return services.write(by=cast.ayla, name="Slow water", description="", numbers=NUMBERS)


def tried(cast: Cast) -> ExperienceVersion:
    version = written(cast)
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        return services.try_out(by=cast.ayla, version=version)


def approving(experience: Any) -> dict[str, Any]:
    return {"kind": Kind.EXPERIENCE, "document": {"experience": str(experience)}}


def test_a_vote_approves_an_experience(cast: Cast) -> None:
    version = tried(cast)
    others = [cast.finn, cast.lara, cast.ezra, cast.ayla]
    proposal = opened(cast.mira, others, **approving(version.experience_id))
    for member in cast.members:
        vote(proposal, member, "yes")
    assert ended(proposal).state == "enacted"
    (held,) = rows(cast.lantern.pk, ExperienceVersion)
    assert held.state == "approved"


def test_neither_a_draft_nor_an_unknown_experience_is_proposed(cast: Cast) -> None:
    with pytest.raises(Unfit, match="newest version is a draft"):
        proposed(cast.mira, **approving(written(cast).experience_id))
    for unknown in (uuid4(), "nothing"):
        with pytest.raises(Unfit):
            proposed(cast.mira, **approving(unknown))


def test_an_approval_is_proposed_on_its_page(cast: Cast, client_of: Any) -> None:
    version = tried(cast)
    client, place = client_of(cast.mira), reverse("deliberation:new", args=["lantern"])
    words = {"kind": "experience", "title": "Slow water for all", "text": TEXT}
    sent = client.post(place, words | {"experience": str(version.experience_id)})
    assert sent.status_code == 302
    (proposal,) = rows(cast.lantern.pk, Proposal)
    page = client.get(reverse("deliberation:proposal", args=["lantern", proposal.pk])).content.decode()
    assert "Slow water, version 1, may be used in sessions" in page
