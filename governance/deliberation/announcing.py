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
from guild.notifications.services import notify_each, was_told
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of


def sponsors_wanted(proposal: Proposal) -> None:
    """Every other member may help a draft to its vote; again changes nothing, but for who came since."""
    others = [one.dreamer_id for one in members_of(proposal.guild_id) if one.pk != proposal.author_id]
    _tell_once(sorted(others), Kind.SPONSOR_WANTED, proposal, f"sponsors:{proposal.pk}")


def closing(proposal: Proposal) -> None:
    """Whoever may vote and has not learns that little time is left; again changes nothing."""
    people = list(_eligible(proposal, voted=False))
    _tell_once(people, Kind.PROPOSAL_CLOSING, proposal, f"closing:{proposal.pk}")


def sent_back(proposal: Proposal, sponsors: Iterable[Sponsor], *, leaf: int) -> None:
    """Its author and whoever sponsors it learn that it could not open; why stands on its page. `leaf` is that
    of what it was sponsored by last, so that another time is another notice.
    """
    people = {proposal.author} | {sponsor.member for sponsor in sponsors}
    live = sorted(one.dreamer_id for one in people if one.is_live)
    _tell(live, Kind.PROPOSAL_SENT_BACK, proposal, f"sent-back:{proposal.pk}:{proposal.current}:{leaf}")


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


def _eligible(proposal: Proposal, **which: bool) -> Iterable[UUID]:
    rows = Eligible.objects.filter(
        guild_id=proposal.guild_id, proposal=proposal, member__ended_at=None, **which
    )
    return rows.order_by("member__dreamer_id").values_list("member__dreamer_id", flat=True)


def _but(member: Membership, *, by: Membership) -> list[UUID]:
    """Nobody is told what they did themselves, nor once they have left."""
    return [member.dreamer_id] if member.pk != by.pk and member.is_live else []


def _tell_once(people: list[UUID], kind: Kind, proposal: Proposal, key: str) -> None:
    """For what the clock says at every turn: whether the first of them was told says it of all."""
    if people and not was_told(people[0], key=f"proposal-{key}"):
        _tell(people, kind, proposal, key)


def _tell(people: Iterable[UUID], kind: Kind, proposal: Proposal, key: str) -> None:
    notify_each(
        list(people),
        kind=kind,
        guild=proposal.guild_id,
        path=reverse("deliberation:proposal", args=[proposal.guild.slug, proposal.pk]),
        key=f"proposal-{key}",
    )
