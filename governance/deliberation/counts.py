"""What a vote came to, from its rows: its document, and the document with the proofs of its leaves."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from governance.deliberation.counting import Outcome, count
from governance.deliberation.documents import FORMAT, poll_of, told
from governance.deliberation.errors import NotNow
from governance.deliberation.models import Ballot, Count, Eligible, Proposal, Version
from governance.ledger import signing
from governance.ledger.proof_batches import proof_files
from guild.tenancy.models import Membership


def counted(proposal: Proposal, *, at: datetime) -> tuple[dict[str, Any], Outcome]:
    """The document of the vote as its rows are at `at`, and what it came to."""
    vote = document_of(proposal, at=at)
    outcome = count(poll_of(vote))
    return vote | {"outcome": told(outcome)}, outcome


def document_of(proposal: Proposal, *, at: datetime) -> dict[str, Any]:
    """All but the outcome. Whoever has left by `at` is marked; ballots stand in the order of their random
    ids.
    """
    version = Version.objects.get(guild_id=proposal.guild_id, proposal=proposal, number=proposal.current)
    return {
        "format": FORMAT,
        "guild": str(proposal.guild_id),
        "proposal": str(proposal.pk),
        "kind": proposal.kind,
        "title": version.title,
        "version": {"number": version.number, "digest": version.digest},
        "options": list(version.options),
        "rules": dict(proposal.law),
        "opened": {"at": _instant(proposal.opened_at), "leaf": proposal.opened_leaf},
        "closes_at": _instant(proposal.closes_at),
        "counted_at": _instant(at),
        "eligible": _eligible(proposal, at=at),
        "ballots": [_ballot(row) for row in _ballots(proposal)],
    }


def count_of(proposal: Proposal) -> Count | None:
    """The count of a vote that has ended."""
    return Count.objects.filter(guild_id=proposal.guild_id, proposal=proposal).first()


def export_of(proposal: Proposal) -> dict[str, Any]:
    """The document as it was counted, with the leaves of the vote and the proofs that they are in the log.

    Raises NotNow before the vote was counted.
    """
    made = count_of(proposal)
    if made is None or proposal.closed_leaf is None:
        raise NotNow("This vote has not been counted yet: its ballots can be taken along when it has.")
    vote = json.loads(made.document)
    leaves = {vote["opened"]["leaf"], proposal.closed_leaf, *(one["leaf"] for one in vote["ballots"])}
    return {"vote": vote, "closed_leaf": proposal.closed_leaf, "log": _proofs(proposal.guild_id, leaves)}


def _proofs(guild: UUID, leaves: set[int]) -> dict[str, Any]:
    proven = [
        {
            "index": one.index,
            "entry": b64encode(one.entry).decode(),
            "proof": b64encode(one.proof).decode(),
        }
        for one in proof_files(guild=guild, indexes=leaves)
    ]
    return {"vkey": signing.log_signer(guild).verifier.vkey, "leaves": proven}


def _eligible(proposal: Proposal, *, at: datetime) -> list[dict[str, Any]]:
    """Everybody on the list, also where the membership is not there: nobody is passed over."""
    rows = Eligible.objects.filter(guild_id=proposal.guild_id, proposal=proposal).order_by("pseudonym")
    ends = dict(Membership.objects.filter(guild_id=proposal.guild_id).values_list("pk", "ended_at"))
    return [
        {
            "pseudonym": str(row.pseudonym),
            "voted": row.voted,
            "left": (ended := ends.get(row.member_id)) is not None and ended <= at,
        }
        for row in rows
    ]


def _ballots(proposal: Proposal) -> list[Ballot]:
    rows = Ballot.objects.filter(guild_id=proposal.guild_id, proposal=proposal)
    return list(rows.select_related("member").order_by("pk"))


def _ballot(row: Ballot) -> dict[str, Any]:
    """What a replaced ballot said is nobody's business any more; that there was one is."""
    replaced = row.superseded
    return {
        "ballot": str(row.pk),
        "voter": str(row.member.pseudonym) if row.member else None,
        "choice": None if replaced else row.choice,
        "nonce": None if replaced else bytes(row.nonce).hex(),
        "commitment": row.commitment,
        "leaf": row.leaf,
        "changes": row.changes,
        "superseded": replaced,
    }


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
