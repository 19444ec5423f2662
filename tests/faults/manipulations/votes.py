"""What the guild decided is turned around past the application."""

from typing import Any
from unittest import mock
from uuid import uuid4

from governance.deliberation import clock, services, turning, voting
from governance.deliberation.drafts import Draft
from governance.deliberation.enums import Kind
from governance.deliberation.models import Proposal
from governance.ledger.enums import LeafKind
from guild.tenancy.context import tenant
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import appended, columns, together

PROPOSALS, VERSIONS, BALLOTS = "deliberation_proposal", "deliberation_version", "deliberation_ballot"
ELIGIBLE, COUNTS, SPONSORS = "deliberation_eligible", "deliberation_count", "deliberation_sponsor"
DRAFT = Draft(Kind.FREE, "Quiet after ten", "We close the lounge at ten, so that everybody sleeps.")
CHOICES = {"mira": "yes", "finn": "no", "lara": "no", "ezra": "abstain"}


def a_vote(scene: Scene, *, is_over: bool = True) -> Proposal:
    """Mira proposed something, the others sponsored it, and it did not pass."""
    mira = scene.members["mira"]
    with tenant(guild=scene.guild, dreamer=mira.dreamer_id):
        proposal = services.propose(by=mira, draft=DRAFT)
    for name in ("ayla", "finn", "lara"):
        member = scene.members[name]
        with tenant(guild=scene.guild, dreamer=member.dreamer_id):
            services.sponsor(proposal=proposal, by=member, version=1)
    turning.turn(guild=scene.guild, proposal=proposal.pk)
    for name, choice in CHOICES.items():
        member = scene.members[name]
        with tenant(guild=scene.guild, dreamer=member.dreamer_id):
            voting.cast(proposal=proposal, by=member, choice=choice)
    held = _fresh(proposal)
    if is_over:
        with mock.patch.object(clock, "database_now", return_value=held.closes_at):
            turning.turn(guild=scene.guild, proposal=proposal.pk)
    return _fresh(proposal)


def _fresh(proposal: Proposal) -> Proposal:
    with tenant(guild=proposal.guild_id):
        return Proposal.objects.get(pk=proposal.pk)


def _ballot(proposal: Proposal, choice: str) -> tuple[Any, int]:
    """Id and leaf of one ballot that chose this."""
    ((ballot, leaf),) = sql(
        "SELECT id, leaf FROM deliberation_ballot WHERE proposal_id = %s AND choice = %s LIMIT 1",
        proposal.pk,
        choice,
    )
    return ballot, leaf


def _counted(proposal: Proposal) -> Place:
    return "vote.count", proposal.closed_leaf, PROPOSALS, str(proposal.pk)


@together
def a_ballot_is_removed(scene: Scene) -> list[Place]:
    proposal = a_vote(scene)
    ballot, leaf = _ballot(proposal, "no")
    sql("DELETE FROM deliberation_ballot WHERE id = %s", ballot)
    voted: Place = ("electorate.voted", proposal.opened_leaf, ELIGIBLE, str(proposal.pk))
    return [("ballot.lost", leaf, BALLOTS, str(ballot)), voted, _counted(proposal)]


@together
def a_ballot_is_changed(scene: Scene) -> list[Place]:
    proposal = a_vote(scene)
    ballot, leaf = _ballot(proposal, "no")
    sql("UPDATE deliberation_ballot SET choice = 'yes' WHERE id = %s", ballot)
    return [("ballot.row", leaf, BALLOTS, str(ballot)), _counted(proposal)]


@together
def a_ballot_is_given_to_another_voter(scene: Scene) -> Place:
    proposal = a_vote(scene)
    ballot, leaf = _ballot(proposal, "yes")
    sql("UPDATE deliberation_ballot SET member_id = %s WHERE id = %s", scene.members["ayla"].pk, ballot)
    return "ballot.row", leaf, BALLOTS, str(ballot)


@together
def somebody_is_added_to_the_voters(scene: Scene) -> list[Place]:
    proposal = a_vote(scene)
    made = columns("deliberation_eligible", id=uuid4(), pseudonym=uuid4(), member_id=uuid4())
    sql(f"INSERT INTO deliberation_eligible SELECT {made} WHERE proposal_id = %s LIMIT 1", proposal.pk)
    rows: Place = ("electorate.row", proposal.opened_leaf, ELIGIBLE, str(proposal.pk))
    return [rows, _counted(proposal)]


@together
def an_outcome_is_turned_around(scene: Scene) -> Place:
    proposal = a_vote(scene)
    sql("UPDATE deliberation_proposal SET result = 'passed' WHERE id = %s", proposal.pk)
    return "proposal.row", proposal.leaf, PROPOSALS, str(proposal.pk)


@together
def the_exported_count_is_written_anew(scene: Scene) -> Place:
    proposal = a_vote(scene)
    sql(
        "UPDATE deliberation_count SET document = replace(document, 'failed', 'passed') "
        "WHERE proposal_id = %s",
        proposal.pk,
    )
    return "vote.document", proposal.closed_leaf, COUNTS, str(proposal.pk)


@together
def a_ballot_is_slipped_in_after_the_count(scene: Scene) -> list[Place]:
    """With a leaf of its own, as a process would that does not keep to the rules."""
    proposal, ballot = a_vote(scene), uuid4()
    commitment = "0" * 64
    leaf = appended(
        scene,
        LeafKind.BALLOT_CAST,
        actor=scene.members["ayla"].pseudonym,
        subjects=[str(proposal.pk), str(ballot)],
        detail={"commitment": commitment, "supersedes": ""},
    )
    made = columns(
        "deliberation_ballot",
        id=ballot,
        leaf=leaf,
        member_id=scene.members["ayla"].pk,
        commitment=commitment,
    )
    sql(f"INSERT INTO deliberation_ballot SELECT {made} WHERE proposal_id = %s LIMIT 1", proposal.pk)
    return [("ballot.late", leaf, BALLOTS, str(ballot)), _counted(proposal)]


@together
def a_proposal_says_something_else_than_was_voted_on(scene: Scene) -> Place:
    proposal = a_vote(scene, is_over=False)
    version = one("SELECT id FROM deliberation_version WHERE proposal_id = %s", proposal.pk)
    sql("UPDATE deliberation_version SET text = 'We close it at noon.' WHERE id = %s", version)
    return "proposal.text", proposal.leaf, VERSIONS, str(version)


@together
def a_vote_is_made_to_end_sooner(scene: Scene) -> Place:
    proposal = a_vote(scene, is_over=False)
    sql("UPDATE deliberation_proposal SET closes_at = now() WHERE id = %s", proposal.pk)
    return "proposal.row", proposal.leaf, PROPOSALS, str(proposal.pk)


@together
def a_sponsor_is_invented(scene: Scene) -> Place:
    proposal = a_vote(scene, is_over=False)
    made = columns("deliberation_sponsor", id=uuid4(), member_id=scene.members["ezra"].pk)
    sql(f"INSERT INTO deliberation_sponsor SELECT {made} WHERE proposal_id = %s LIMIT 1", proposal.pk)
    return "sponsor.row", proposal.leaf, SPONSORS, str(proposal.pk)
