"""Proposals, votes and petitions against their leaves; and every vote that was counted, counted again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from governance.audits.checks.deliberation_rules import RULES
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.registry import Check
from governance.audits.votes import KINDS, Asked, Proposed, Votes, votes_of
from governance.deliberation.choices import holds
from governance.deliberation.counts import counted
from governance.deliberation.documents import canonical, digest
from governance.deliberation.models import Ballot, Count, Eligible, Petition, Proposal, Sponsor, Version
from governance.deliberation.turning import electorate
from governance.deliberation.wording import digest_of_version
from guild.tenancy.models import Membership

PROPOSALS, VERSIONS, BALLOTS = "deliberation_proposal", "deliberation_version", "deliberation_ballot"
ELIGIBLE, SPONSORS, COUNTS = "deliberation_eligible", "deliberation_sponsor", "deliberation_count"
PETITIONS: Final = "deliberation_petition"
_WAITING: Final = ("draft", "sponsored")


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Each proposal with all that hangs on it, then those that only the log knows; then petitions."""
    told = votes_of(leaves_of(examination, *KINDS))
    rows = list(
        Proposal.objects.filter(guild_id=examination.guild)
        .select_related("author")
        .order_by("drafted_at", "pk")
    )
    for row in rows:
        proposed = told.proposals.get(str(row.pk))
        if proposed is None or proposed.drafted is None:
            yield Discrepancy("proposal.unrecorded", None, PROPOSALS, str(row.pk), "a leaf", "none")
            continue
        yield from _proposal(examination, row, proposed)
    for lost in sorted(told.proposals.keys() - {str(row.pk) for row in rows}):
        drafted = told.proposals[lost].drafted
        yield Discrepancy("proposal.lost", drafted[0] if drafted else None, PROPOSALS, lost, "a row", "none")
    examination.count("proposals", len(rows))
    yield from _petitions(examination, told)


def _proposal(examination: Examination, row: Proposal, told: Proposed) -> Iterator[Discrepancy]:
    leaf = told.drafted[0] if told.drafted else None
    if apart := differing(_told(row, told), _stored(row)):
        yield Discrepancy("proposal.row", leaf, PROPOSALS, str(row.pk), *apart)
    yield from _versions(row, told)
    yield from _sponsors(row, told)
    if told.opened is not None:
        yield from _electorate(examination, row, told)
        yield from _ballots(row, told)
    if told.closed is not None:
        yield from _recount(row, told)
    examination.count("ballots", len(told.ballots))


def _told(row: Proposal, told: Proposed) -> dict[str, Any]:
    """What the leaves say of a proposal; what waits to open may be either of two states."""
    assert told.drafted is not None  # noqa: S101 asked by the caller
    index, drafted = told.drafted
    rules = told.opened[1]["detail"]["rules"] if told.opened else {}
    state = row.state if told.state == "draft" and row.state in _WAITING else told.state
    return {
        "leaf": index,
        "author": drafted["actor"],
        "kind": drafted["detail"].get("kind"),
        "state": state,
        "version": max(told.versions, default=1),
        "rules": sorted(rules.items()),
        "opened": told.opened[0] if told.opened else None,
        "closed": told.closed[0] if told.closed else None,
        "enacted": told.enacted[0] if told.enacted else None,
        "withdrawn": told.withdrawn[0] if told.withdrawn else None,
        "result": told.closed[1]["detail"]["result"] if told.closed else "",
        "ends": _ends(row),
    }


def _stored(row: Proposal) -> dict[str, Any]:
    return {
        "leaf": row.leaf,
        "author": row.author.pseudonym,
        "kind": row.kind,
        "state": row.state,
        "version": row.current,
        "rules": sorted(row.law.items()),
        "opened": row.opened_leaf,
        "closed": row.closed_leaf,
        "enacted": row.enacted_leaf,
        "withdrawn": row.withdrawn_leaf,
        "result": row.result,
        "ends": row.closes_at,
    }


def _ends(row: Proposal) -> Any:
    """When voting ends, by when it opened and how long the law lets it run."""
    if row.opened_at is None or "hours" not in row.law:
        return None
    return row.opened_at + timedelta(hours=int(row.law["hours"]))


def _versions(row: Proposal, told: Proposed) -> Iterator[Discrepancy]:
    """Every version says what its digest says, and its digest is the leaf's."""
    rows = {one.number: one for one in Version.objects.filter(guild_id=row.guild_id, proposal=row)}
    for number in sorted(rows.keys() | told.versions.keys()):
        version, leaf = rows.get(number), told.versions.get(number)
        expected = leaf[1] if leaf else "none"
        actual = "none" if version is None else _digest(version)
        if expected != actual or (version is not None and leaf is not None and version.leaf != leaf[0]):
            place = str(version.pk) if version else f"{row.pk} {number}"
            yield Discrepancy("proposal.text", leaf[0] if leaf else None, VERSIONS, place, expected, actual)


def _digest(version: Version) -> str:
    return digest_of_version(
        title=version.title, text=version.text, document=version.document, options=version.options
    )


def _sponsors(row: Proposal, told: Proposed) -> Iterator[Discrepancy]:
    """Whoever the log knows, and nobody else; and enough of them before voting opened."""
    rows = Sponsor.objects.filter(guild_id=row.guild_id, proposal=row)
    names = _pseudonyms(row.guild_id)
    stored = {f"{names.get(one.member_id)} {one.version}": one.leaf for one in rows}
    expected = {f"{who} {version}": leaf for (who, version), leaf in told.sponsors.items()}
    if apart := differing({"sponsors": sorted(expected.items())}, {"sponsors": sorted(stored.items())}):
        yield Discrepancy("sponsor.row", row.leaf, SPONSORS, str(row.pk), *apart)


def _electorate(examination: Examination, row: Proposal, told: Proposed) -> Iterator[Discrepancy]:
    """The list of who may vote: that of the leaf, and of whom the log knows as members then."""
    assert told.opened is not None  # noqa: S101 asked by the caller
    index, leaf = told.opened
    rows = list(Eligible.objects.filter(guild_id=row.guild_id, proposal=row))
    names = _pseudonyms(row.guild_id)
    expected, people = str(leaf["detail"]["electorate"]), examination.replay.people
    actual = electorate([str(one.pseudonym) for one in rows])
    strangers = [one for one in rows if one.pseudonym != names.get(one.member_id)]
    if expected != actual or strangers:
        yield Discrepancy("electorate.row", index, ELIGIBLE, str(row.pk), expected, actual)
    members = [
        who
        for who, joined in people.joined.items()
        if joined < index and people.left.get(who, index) >= index
    ]
    if expected != electorate(members):
        yield Discrepancy("electorate.leaf", index, "", "", electorate(members), expected)
    voted = sum(one.voted for one in rows)
    ballots = Ballot.objects.filter(guild_id=row.guild_id, proposal=row, superseded=False).count()
    if voted != ballots:
        yield Discrepancy("electorate.voted", index, ELIGIBLE, str(row.pk), f"{ballots}", f"{voted}")


def _pseudonyms(guild: UUID) -> dict[UUID, UUID]:
    """By membership. Rows are not joined to them: one of a member that there is not would be passed over."""
    return dict(Membership.objects.filter(guild_id=guild).values_list("pk", "pseudonym"))


def _ballots(row: Proposal, told: Proposed) -> Iterator[Discrepancy]:
    """Each ballot opens its commitment, is the last of its leaves, and was cast while voting was open."""
    rows = {
        str(one.pk): one
        for one in Ballot.objects.filter(guild_id=row.guild_id, proposal=row).select_related("member")
    }
    for ballot, one in sorted(rows.items()):
        leaf = told.ballots.get(ballot)
        if leaf is None:
            yield Discrepancy("ballot.unrecorded", None, BALLOTS, ballot, "a leaf", "none")
        elif apart := differing(_told_of_ballot(ballot, told, leaf), _stored_of_ballot(row, one)):
            yield Discrepancy("ballot.row", leaf[0], BALLOTS, ballot, *apart)
    for lost in sorted(told.ballots.keys() - rows.keys()):
        yield Discrepancy("ballot.lost", told.ballots[lost][0], BALLOTS, lost, "a row", "none")
    opened, closed = told.opened[0] if told.opened else 0, told.closed[0] if told.closed else None
    for ballot, (index, _) in sorted(told.ballots.items()):
        if index < opened or (closed is not None and index > closed):
            yield Discrepancy("ballot.late", index, BALLOTS, ballot, "while voting was open", f"leaf {index}")


def _told_of_ballot(ballot: str, told: Proposed, leaf: tuple[int, Any]) -> dict[str, Any]:
    index, said = leaf
    return {
        "leaf": index,
        "commitment": said["detail"]["commitment"],
        "opens": True,
        "replaced": ballot in told.replaced,
        "voter": said["actor"],
    }


def _stored_of_ballot(row: Proposal, one: Ballot) -> dict[str, Any]:
    opens = holds(one.commitment, proposal=row.pk, choice=one.choice, nonce=bytes(one.nonce))
    return {
        "leaf": one.leaf,
        "commitment": one.commitment,
        "opens": opens,
        "replaced": one.superseded,
        "voter": one.member.pseudonym if one.member else "system",
    }


def _recount(row: Proposal, told: Proposed) -> Iterator[Discrepancy]:
    """The ballots as they are come to what the leaf says, and the document that was written down is its."""
    assert told.closed is not None  # noqa: S101 asked by the caller
    index, leaf = told.closed
    expected = {"result": leaf["detail"]["result"], "digest": leaf["detail"]["digest"]}
    made = Count.objects.filter(guild_id=row.guild_id, proposal=row).first()
    kept = "none" if made is None else digest(made.document.encode())
    if kept != expected["digest"]:
        yield Discrepancy("vote.document", index, COUNTS, str(row.pk), str(expected["digest"]), kept)
    if row.closed_at is None:
        return
    try:
        vote, outcome = counted(row, at=row.closed_at)
    except (ValueError, KeyError, TypeError, Version.DoesNotExist) as error:
        yield Discrepancy("vote.count", index, PROPOSALS, str(row.pk), "a count", type(error).__name__)
        return
    actual = {"result": outcome.result.value, "digest": digest(canonical(vote))}
    if apart := differing(expected, actual):
        yield Discrepancy("vote.count", index, PROPOSALS, str(row.pk), *apart)


def _petitions(examination: Examination, told: Votes) -> Iterator[Discrepancy]:
    rows = list(
        Petition.objects.filter(guild_id=examination.guild)
        .select_related("author")
        .prefetch_related("signatures__member")
        .order_by("at", "pk")
    )
    for row in rows:
        asked = told.petitions.get(str(row.pk))
        if asked is None or asked.started is None:
            yield Discrepancy("petition.row", None, PETITIONS, str(row.pk), "a leaf", "none")
        elif apart := differing(_told_of_petition(asked), _stored_of_petition(row)):
            yield Discrepancy("petition.row", asked.started[0], PETITIONS, str(row.pk), *apart)
    for lost in sorted(told.petitions.keys() - {str(row.pk) for row in rows}):
        started = told.petitions[lost].started
        yield Discrepancy("petition.row", started[0] if started else None, PETITIONS, lost, "a row", "none")
    examination.count("petitions", len(rows))


def _told_of_petition(asked: Asked) -> dict[str, Any]:
    assert asked.started is not None  # noqa: S101 asked by the caller
    index, started = asked.started
    return {
        "leaf": index,
        "author": started["actor"],
        "digest": started["detail"]["digest"],
        "state": asked.state,
        "signed": sorted(f"{who} {leaf}" for who, leaf in asked.signed.items()),
        "proposal": asked.carried[1]["subjects"][1] if asked.carried else None,
    }


def _stored_of_petition(row: Petition) -> dict[str, Any]:
    said = digest_of_version(title=row.title, text=row.text, document=row.document, options=[])
    return {
        "leaf": row.leaf,
        "author": row.author.pseudonym,
        "digest": said,
        "state": row.state,
        "signed": sorted(f"{one.member.pseudonym} {one.leaf}" for one in row.signatures.all()),
        "proposal": row.proposal_id,
    }


CHECK = Check("deliberation", "Proposals, votes and petitions", look, RULES)
