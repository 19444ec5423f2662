"""Reads of suspensions, in the guild's tenant."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from governance.offices.models import Suspension
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


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
