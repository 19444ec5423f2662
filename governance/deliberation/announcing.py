"""Telling members what became of a proposal and of what they said to it, in their notices."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from governance.deliberation.models import (
    Amendment,
    Argument,
    Eligible,
    Objection,
    Petition,
    Proposal,
    Signature,
    Sponsor,
)
from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.models import Membership


def opened(proposal: Proposal) -> None:
    """Everybody who may vote learns that they can."""
    _tell(_eligible(proposal), Kind.PROPOSAL_OPENED, proposal, f"opened:{proposal.pk}")


def closed(proposal: Proposal) -> None:
    """Everybody who could vote learns that it is over; what was done, or stood in the way, is on its page."""
    _tell(_eligible(proposal), Kind.PROPOSAL_CLOSED, proposal, f"closed:{proposal.pk}")


def revised(proposal: Proposal, sponsors: Iterable[Sponsor], *, by: Membership) -> None:
    """Whoever sponsored the version before would have to sponsor it again."""
    people = [sponsor.member.dreamer_id for sponsor in sponsors if sponsor.member_id != by.pk]
    key = f"revised:{proposal.pk}:{proposal.current}"
    _tell(people, Kind.PROPOSAL_REVISED, proposal, key)


def amended(amendment: Amendment) -> None:
    """The proposal's author is offered other words."""
    proposal = amendment.proposal
    people = _but(proposal.author, by=amendment.by)
    _tell(people, Kind.AMENDMENT_OFFERED, proposal, f"amendment:{amendment.pk}")


def decided(amendment: Amendment, *, by: Membership) -> None:
    """Whoever offered an amendment learns what became of it."""
    people = _but(amendment.by, by=by)
    _tell(people, Kind.AMENDMENT_DECIDED, amendment.proposal, f"amendment-decided:{amendment.pk}")


def replied(reply: Argument, *, to: Argument) -> None:
    """Whoever said something learns that somebody replied."""
    _tell(_but(to.author, by=reply.author), Kind.REPLIED, reply.proposal, f"reply:{reply.pk}")


def objected(objection: Objection, proposal: Proposal) -> None:
    """The author learns of an objection, which they can answer."""
    people = _but(proposal.author, by=objection.member)
    key = f"objection:{objection.pk}:{objection.at.timestamp()}"
    _tell(people, Kind.OBJECTION_MADE, proposal, key)


def answered(objection: Objection, *, leaf: int, by: Membership) -> None:
    """Whoever objected learns of the answer, and may lift the objection."""
    people, key = _but(objection.member, by=by), f"objection-answered:{objection.pk}:{leaf}"
    _tell(people, Kind.OBJECTION_ANSWERED, objection.proposal, key)


def carried(petition: Petition, proposal: Proposal) -> None:
    """Whoever signed learns that it is a proposal now."""
    rows = Signature.objects.filter(
        guild_id=petition.guild_id, petition=petition, member__ended_at=None
    ).order_by("member__dreamer_id")
    people = rows.values_list("member__dreamer_id", flat=True)
    _tell(people, Kind.PETITION_BECAME_PROPOSAL, proposal, f"petition:{petition.pk}")


def _eligible(proposal: Proposal) -> Iterable[UUID]:
    rows = Eligible.objects.filter(guild_id=proposal.guild_id, proposal=proposal, member__ended_at=None)
    return rows.order_by("member__dreamer_id").values_list("member__dreamer_id", flat=True)


def _but(member: Membership, *, by: Membership) -> list[UUID]:
    """Nobody is told what they did themselves, nor once they have left."""
    return [member.dreamer_id] if member.pk != by.pk and member.is_live else []


def _tell(people: Iterable[UUID], kind: Kind, proposal: Proposal, key: str) -> None:
    notify_each(
        list(people),
        kind=kind,
        guild=proposal.guild_id,
        path=reverse("deliberation:proposal", args=[proposal.guild.slug, proposal.pk]),
        key=f"proposal-{key}",
    )
