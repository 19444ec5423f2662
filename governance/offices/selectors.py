"""Reads of offices and suspensions, in the guild's tenant."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from governance.offices.models import Suspension
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


def as_now(member: Membership) -> Membership:
    """The member as they are now: call with the guild's ledger held, before the law is asked about an act.

    What a request read of whoever acts may be older than the end of their office.
    """
    return Membership.objects.select_related("guild").get(pk=member.pk)


def as_one(member: Membership, *, to: Membership) -> UUID:
    """The id of a membership as the law is to see it when `to` acts: what somebody had a part in before they
    left the guild and came back, they had a part in still.
    """
    return to.pk if member.dreamer_id == to.dreamer_id else member.pk


def may_appoint(member: Membership) -> bool:
    """Whether the law lets the member give offices."""
    return authorize(actor=member, action=Action.GRANT_OFFICE, resource=_oneself(member)).allowed


def appointable(member: Membership) -> list[Membership]:
    """The live members of the guild, for somebody who may give them offices. Raises Denied."""
    require(actor=member, action=Action.GRANT_OFFICE, resource=_oneself(member))
    return members_of(member.guild_id)


def _oneself(member: Membership) -> Resource:
    return entities.member(
        id=member.pk, guild=member.guild_id, dreamer=member.dreamer_id, live=member.is_live
    )


def standing(guild: UUID) -> "QuerySet[Suspension]":
    """What is suspended now, latest first, with whose it is and who asked that it be lifted."""
    return Suspension.objects.filter(guild_id=guild, lifted_at=None).select_related(
        "member__guild", "asked_by"
    )


def suspension_for(member: Membership, suspension: UUID) -> Suspension:
    """One suspension of the member's guild, lifted or not. Raises Http404."""
    found = (
        Suspension.objects.filter(guild_id=member.guild_id, pk=suspension)
        .select_related("member__guild", "asked_by")
        .first()
    )
    if found is None:
        raise Http404("There is no such suspension in this guild.")
    return found


def is_suspended(dreamer: UUID, *, guild: UUID, office: Office) -> bool:
    """Whether nobody may appoint this dreamer to that office of the guild now."""
    return standing(guild).filter(member__dreamer_id=dreamer, office=office).exists()
