"""Reads of proposals and petitions, in the guild's tenant: the check is the function that fetches."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import F, Q
from django.db.models.functions import Now

from governance.deliberation.enums import AmendmentState, State
from governance.deliberation.errors import NoSuchProposal
from governance.deliberation.models import (
    Amendment,
    Argument,
    Eligible,
    Objection,
    Petition,
    Proposal,
    Signature,
    Sponsor,
    Version,
)
from governance.deliberation.rules import rules_for
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Guild, Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


def resource_of(proposal: Proposal) -> Resource:
    """The proposal as the law sees it."""
    return entities.proposal(id=proposal.pk, guild=proposal.guild_id, author=proposal.author_id)


def petition_resource(petition: Petition) -> Resource:
    """The petition as the law sees it."""
    return entities.petition(id=petition.pk, guild=petition.guild_id, author=petition.author_id)


def require_reader(member: Membership) -> None:
    """Raises Denied unless the member may read what their guild deliberates."""
    require(actor=member, action=Action.VIEW_DELIBERATION, resource=entities.guild(member.guild_id))


def proposals_of(member: Membership) -> "QuerySet[Proposal]":
    """All proposals of the guild, latest first. Raises Denied."""
    require_reader(member)
    return Proposal.objects.filter(guild_id=member.guild_id).select_related("author", "guild")


def proposal_for(member: Membership, proposal: UUID) -> Proposal:
    """One proposal of the member's guild. Raises Denied, NoSuchProposal."""
    found = proposals_of(member).filter(pk=proposal).first()
    if found is None:
        raise NoSuchProposal("There is no such proposal in this guild.")
    return found


def amendment_for(member: Membership, amendment: UUID) -> Amendment:
    """One amendment, with its proposal. Raises Denied, NoSuchProposal."""
    require_reader(member)
    rows = Amendment.objects.filter(guild_id=member.guild_id, pk=amendment)
    found = rows.select_related("proposal__guild", "by").first()
    if found is None:
        raise NoSuchProposal("There is no such amendment in this guild.")
    return found


def argument_for(member: Membership, argument: UUID, *, of: Proposal | None = None) -> Argument:
    """One argument that is not hidden, with its proposal: that of `of`, if given.

    Raises Denied, NoSuchProposal.
    """
    require_reader(member)
    rows = Argument.objects.filter(guild_id=member.guild_id, pk=argument, hidden_at=None)
    if of is not None:
        rows = rows.filter(proposal=of)
    found = rows.select_related("proposal__guild", "author", "parent").first()
    if found is None:
        raise NoSuchProposal("There is no such argument in this guild.")
    return found


def objection_for(member: Membership, proposal: Proposal, objection: UUID) -> Objection:
    """One objection to a proposal. Raises Denied, NoSuchProposal."""
    require_reader(member)
    rows = Objection.objects.filter(guild_id=member.guild_id, proposal=proposal, pk=objection)
    found = rows.select_related("proposal__guild").first()
    if found is None:
        raise NoSuchProposal("There is no such objection in this guild.")
    return found


def opened_at_leaf(guild: UUID, proposal: UUID) -> int | None:
    """The leaf by which voting opened; None as long as it has not."""
    rows = Proposal.objects.filter(guild_id=guild, pk=proposal)
    return rows.values_list("opened_leaf", flat=True).first()


def version_of(proposal: Proposal, number: int | None = None) -> Version:
    """One version; the current one where none is named. Raises NoSuchProposal."""
    wanted = proposal.current if number is None else number
    found = Version.objects.filter(guild_id=proposal.guild_id, proposal=proposal, number=wanted).first()
    if found is None:
        raise NoSuchProposal("This proposal has no such version.")
    return found


def versions_of(proposal: Proposal) -> list[Version]:
    """All of them, the first one first."""
    return list(Version.objects.filter(guild_id=proposal.guild_id, proposal=proposal).order_by("number"))


def sponsors_of(proposal: Proposal) -> list[Sponsor]:
    """Who sponsors the version as it is now, and is still a member."""
    return list(
        Sponsor.objects.filter(
            guild_id=proposal.guild_id,
            proposal=proposal,
            version=proposal.current,
            member__ended_at=None,
        ).select_related("member")
    )


def others_than(proposal: Proposal) -> int:
    """How many members there are beside the author."""
    live = Membership.objects.filter(guild_id=proposal.guild_id, ended_at=None)
    return live.exclude(pk=proposal.author_id).count()


def sponsors_needed(proposal: Proposal, guild: Guild) -> int:
    """How many must sponsor it: as the law says, and never more than there are others. A petition was
    signed by enough, as long as it stands as they signed it.
    """
    if proposal.petition is not None and proposal.current == 1:
        return 0
    return min(rules_for(proposal, guild).sponsors, others_than(proposal))


def arguments_of(proposal: Proposal) -> list[Argument]:
    """What was said, with its replies prefetched, the first one first; what is hidden is among it."""
    rows = Argument.objects.filter(guild_id=proposal.guild_id, proposal=proposal, parent=None)
    return list(rows.select_related("author").prefetch_related("replies__author"))


def open_amendments(proposal: Proposal) -> list[Amendment]:
    """Those that wait for an answer."""
    rows = Amendment.objects.filter(guild_id=proposal.guild_id, proposal=proposal)
    return list(rows.filter(state=AmendmentState.OPEN).select_related("by"))


def eligible_row(proposal: Proposal, member: Membership) -> Eligible | None:
    """Their line in the list of who may vote; None for whoever has none."""
    return Eligible.objects.filter(guild_id=proposal.guild_id, proposal=proposal, member=member).first()


def progress_of(proposals: Iterable[Proposal]) -> dict[UUID, tuple[int, int]]:
    """(how many voted, how many may) of each, in one query."""
    rows = (
        Eligible.objects.filter(proposal__in=list(proposals))
        .values("proposal")
        .annotate(may=CountOf("pk"), did=CountOf("pk", filter=Q(voted=True)))
    )
    return {row["proposal"]: (row["did"], row["may"]) for row in rows.order_by()}


def voted_in(member: Membership, proposals: Iterable[Proposal]) -> dict[UUID, bool]:
    """Of each that they may vote in, whether they have."""
    rows = Eligible.objects.filter(member=member, proposal__in=list(proposals))
    return dict(rows.values_list("proposal", "voted"))


def awaiting(member: Membership) -> list[Proposal]:
    """The open votes in which the member has no ballot yet, those that end soonest first. Raises Denied."""
    require_reader(member)
    rows = Eligible.objects.filter(guild_id=member.guild_id, member=member, voted=False)
    mine = rows.filter(proposal__state=State.OPEN, proposal__closes_at__gt=Now())
    found = mine.select_related("proposal").order_by("proposal__closes_at", "proposal_id")
    return [row.proposal for row in found]


def due_in(guild: UUID, *, now: datetime) -> list[UUID]:
    """What the clock has something to do about: open it, or end it. In the guild's tenant."""
    opening = Q(state=State.SPONSORED) & (Q(opens_at=None) | Q(opens_at__lte=now))
    ending = Q(state=State.OPEN, closes_at__lte=now)
    asked = [*_alone(guild), *_sponsored_meanwhile(guild)]
    rows = Proposal.objects.filter(opening | ending | Q(pk__in=asked), guild_id=guild)
    return list(rows.order_by("drafted_at", "pk").values_list("pk", flat=True))


def vote_numbers(guild: UUID) -> dict[UUID, int]:
    """The number of every vote of a guild, by its proposal: they count from the first that opened."""
    opened = Proposal.objects.filter(guild_id=guild, opened_leaf__isnull=False).order_by("opened_leaf")
    return {pk: number for number, pk in enumerate(opened.values_list("pk", flat=True), start=1)}


def is_alone_and_done(proposal: Proposal) -> bool:
    """Whether one single member may vote, and has: nothing is left to wait for."""
    return progress_of([proposal]).get(proposal.pk) == (1, 1)


def is_sponsored_meanwhile(proposal: Proposal) -> bool:
    """Whether a draft needs no more sponsors than it has, since the law or who is a member has changed."""
    return proposal.state == State.DRAFT and proposal.pk in _sponsored_meanwhile(proposal.guild_id)


def _sponsored_meanwhile(guild: UUID) -> list[UUID]:
    """What was found hindered waits for its author instead."""
    drafts = Proposal.objects.filter(guild_id=guild, state=State.DRAFT, hindrance="")
    live = Q(sponsors__member__ended_at=None, sponsors__version=F("current"))
    rows = list(drafts.select_related("guild", "author").annotate(backed=CountOf("sponsors", filter=live)))
    members = Membership.objects.filter(guild_id=guild, ended_at=None).count() if rows else 0
    return [
        one.pk
        for one in rows
        if one.backed >= min(rules_for(one, one.guild).sponsors, members - one.author.is_live)
    ]


def _alone(guild: UUID) -> list[UUID]:
    still_open = Proposal.objects.filter(guild_id=guild, state=State.OPEN)
    return [pk for pk, told in progress_of(still_open).items() if told == (1, 1)]


def petitions_of(member: Membership) -> "QuerySet[Petition]":
    """All petitions of the guild, latest first, with how many live members signed. Raises Denied."""
    require_reader(member)
    rows = Petition.objects.filter(guild_id=member.guild_id).select_related("author", "proposal", "guild")
    signed = CountOf("signatures", filter=Q(signatures__member__ended_at=None))
    return rows.annotate(signed=signed).order_by("-at", "-pk")


def petition_for(member: Membership, petition: UUID) -> Petition:
    """One petition of the member's guild. Raises Denied, NoSuchProposal."""
    found = petitions_of(member).filter(pk=petition).first()
    if found is None:
        raise NoSuchProposal("There is no such petition in this guild.")
    return found


def signers_of(petition: Petition) -> list[Signature]:
    """Who signed and is a member still, the first one first."""
    rows = Signature.objects.filter(guild_id=petition.guild_id, petition=petition)
    return list(rows.filter(member__ended_at=None).select_related("member"))
