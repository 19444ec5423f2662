"""What a dreamer takes along of deliberations: what they proposed and said, and how they voted."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from governance.deliberation.models import (
    Amendment,
    Argument,
    Ballot,
    Objection,
    Petition,
    Proposal,
    Receipt,
    Signature,
    Sponsor,
    Version,
)
from governance.deliberation.receipts import receipt_of

Json = dict[str, Any]


def deliberations_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Everything under their name, by kind and in order of time; in both their tenants."""
    yield from _proposed(dreamer, guild)
    yield from _said(dreamer, guild)
    yield from _voted(dreamer, guild)


def _proposed(dreamer: UUID, guild: UUID) -> Iterator[Json]:
    mine = {"guild_id": guild, "author__dreamer_id": dreamer}
    for row in Proposal.objects.filter(**mine).order_by("drafted_at", "pk"):
        for version in Version.objects.filter(guild_id=guild, proposal=row).order_by("number"):
            yield {
                "kind": "proposal",
                "proposal": str(row.pk),
                "version": version.number,
                "title": version.title,
                "text": version.text,
                "document": version.document,
                "at": version.at.isoformat(),
            }
    for petition in Petition.objects.filter(**mine).order_by("at", "pk"):
        yield {
            "kind": "petition",
            "petition": str(petition.pk),
            "title": petition.title,
            "text": petition.text,
            "document": petition.document,
            "at": petition.at.isoformat(),
        }


def _said(dreamer: UUID, guild: UUID) -> Iterator[Json]:
    for row in Argument.objects.filter(guild_id=guild, author__dreamer_id=dreamer).order_by("at", "pk"):
        yield _line("argument", row.proposal_id, row.at, stance=row.stance, text=row.text)
    for offered in Amendment.objects.filter(guild_id=guild, by__dreamer_id=dreamer).order_by("at", "pk"):
        yield _line("amendment", offered.proposal_id, offered.at, title=offered.title, text=offered.text) | {
            "because": offered.because
        }
    for against in Objection.objects.filter(guild_id=guild, member__dreamer_id=dreamer).order_by("at", "pk"):
        yield _line("objection", against.proposal_id, against.at, text=against.reason)


def _voted(dreamer: UUID, guild: UUID) -> Iterator[Json]:
    mine = {"guild_id": guild, "member__dreamer_id": dreamer}
    for row in Sponsor.objects.filter(**mine).order_by("at", "pk"):
        yield _line("sponsor", row.proposal_id, row.at, version=row.version)
    for signed in Signature.objects.filter(**mine).order_by("at", "pk"):
        yield {"kind": "signature", "petition": str(signed.petition_id), "at": signed.at.isoformat()}
    for ballot in Ballot.objects.filter(**mine).order_by("cast_at", "pk"):
        yield _line("ballot", ballot.proposal_id, ballot.cast_at, choice=ballot.choice)
    every = Proposal.objects.filter(guild_id=guild).values_list("pk", flat=True)
    for proposal in Receipt.objects.filter(dreamer_id=dreamer, proposal__in=every).order_by("pk"):
        kept = receipt_of(dreamer, proposal.proposal)
        if kept is not None:
            receipt = {"ballot": str(kept.ballot), "choice": kept.choice, "nonce": kept.nonce}
            yield {"kind": "receipt", "proposal": str(proposal.proposal), **receipt}


def _line(kind: str, proposal: UUID, at: Any, **said: Any) -> Json:
    return {"kind": kind, "proposal": str(proposal), **said, "at": at and at.isoformat()}
