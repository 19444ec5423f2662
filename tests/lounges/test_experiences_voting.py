"""A vote of the guild approves an experience."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from governance.deliberation.enums import Kind
from governance.deliberation.errors import Unfit
from governance.deliberation.models import Proposal
from governance.deliberation.pages import changes_of
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


def test_a_version_written_while_the_vote_runs_is_not_approved_by_it(cast: Cast) -> None:
    version = tried(cast)
    proposal = opened(cast.mira, [cast.finn], **approving(version.experience_id))
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        other = NUMBERS | {"largest_depth": "1.00"}
        newer = services.revise(
            by=cast.ayla, experience=version.experience, numbers=other, note="Deep.", on=1
        )
        services.try_out(by=cast.ayla, version=newer)
        shown = changes_of(
            proposal.kind, approving(version.experience_id)["document"], cast.lantern, reference=proposal.pk
        )
    for member in cast.members:
        vote(proposal, member, "yes")
    done = ended(proposal)
    assert (done.state, done.result) == ("closed", "passed")
    assert "nobody voted on that one" in done.hindrance
    assert [one.after for one in shown] == ["Slow water, version 1, may be used in sessions"]
    assert {one.state for one in rows(cast.lantern.pk, ExperienceVersion)} == {"experimental"}


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
