"""Reads of invitations: which stand, what one says, and whom it does not let in.

Looking one up by its code needs no membership: the code is the right to see what it is an invitation to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from governance.offices.codes import Named
from governance.offices.errors import InvitationGone
from governance.offices.invitation_models import Barring, Invitation
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import authorize, require
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from guild.tenancy.services import next_hue

if TYPE_CHECKING:
    from django.db.models import QuerySet

NO_INVITATION = "This is no invitation that we know: see whether the whole link was copied."


@dataclass(frozen=True)
class Invited:
    """What somebody with a code is told: the guild, how many are in it, who invites, and until when.

    `refusal` is why it does not let this dreamer in, "" when it does; `membership` is theirs already.
    """

    guild: Guild
    members: int
    inviter: str
    invitation: Invitation
    refusal: str
    next_hue: int
    membership: Membership | None


def may_invite(member: Membership) -> bool:
    """Whether the law lets the member invite people."""
    return authorize(
        actor=member, action=Action.INVITE_MEMBER, resource=entities.guild(member.guild_id)
    ).allowed


def invitations_for(member: Membership) -> "QuerySet[Invitation]":
    """The invitations that a member may look at: a steward all, others their own. Raises Denied."""
    require(actor=member, action=Action.INVITE_MEMBER, resource=entities.guild(member.guild_id))
    rows = Invitation.objects.filter(guild_id=member.guild_id).select_related("made_by__guild")
    anothers = entities.invitation(id=member.guild_id, guild=member.guild_id, maker=member.guild_id)
    sees_all = authorize(actor=member, action=Action.REVOKE_INVITATION, resource=anothers).allowed
    return rows if sees_all else rows.filter(made_by=member)


def state_of(invitation: Invitation, *, now: datetime | None = None) -> str:
    """Where it stands, in a word or two. It falls with its maker's right to invite."""
    if invitation.revoked_at is not None:
        return "revoked"
    if invitation.uses >= invitation.uses_allowed:
        return "used up"
    if invitation.expires_at <= (now or timezone.now()):
        return "ran out"
    return "open" if may_invite(invitation.made_by) else "fallen"


def invitation_for(guild: UUID, invitation: UUID) -> Invitation:
    """One of the guild's invitations. Raises Http404."""
    found = Invitation.objects.filter(guild_id=guild, pk=invitation).select_related("made_by__guild").first()
    if found is None:
        raise Http404("There is no such invitation in this guild.")
    return found


def invitation_named(named: Named) -> Invitation:
    """The invitation of a code, in its guild's tenant. Raises InvitationGone for one that never was."""
    found = (
        Invitation.objects.filter(guild_id=named.guild, digest=named.digest)
        .select_related("made_by__guild")
        .first()
    )
    if found is None:
        raise InvitationGone(NO_INVITATION)
    return found


def invited_by(named: Named, *, dreamer: UUID | None) -> Invited:
    """What the code is an invitation to, for whoever brings it. Raises InvitationGone for no invitation, and
    for one that lets nobody in any more: then it shows nothing of the guild either, but to its members.
    Raises LawUnreadable where that cannot be told.
    """
    with tenant(guild=named.guild, dreamer=dreamer):
        invitation, now = invitation_named(named), timezone.now()
        law_of(invitation.made_by.guild)
        live = Membership.objects.filter(guild_id=named.guild, ended_at=None)
        membership = live.filter(dreamer_id=dreamer).first() if dreamer else None
        if membership is None and (over := _over(invitation, now=now)):
            raise InvitationGone(over)
        return Invited(
            guild=Guild.objects.get(pk=named.guild),
            members=live.count(),
            inviter=invitation.made_by.display_name,
            invitation=invitation,
            refusal=why_not(invitation, dreamer=dreamer, now=now),
            next_hue=next_hue(named.guild),
            membership=membership,
        )


def why_not(invitation: Invitation, *, dreamer: UUID | None, now: datetime) -> str:
    """Why the invitation does not let this dreamer in; "" when it does."""
    if over := _over(invitation, now=now):
        return over
    if dreamer is None:
        return ""
    is_barred = Barring.objects.filter(
        guild_id=invitation.guild_id, member__dreamer_id=dreamer, lifted_at=None
    ).exists()
    if not is_barred:
        return ""
    return (
        "A steward removed you from this guild with the word that no invitation lets you in again: "
        "a steward would have to admit you."
    )


def barred_in(guild: UUID) -> list[Membership]:
    """Those whom no invitation lets in again, by name."""
    return list(
        Membership.objects.filter(
            guild_id=guild,
            pk__in=Barring.objects.filter(guild_id=guild, lifted_at=None).values("member_id"),
        ).order_by("display_name", "id")
    )


def _over(invitation: Invitation, *, now: datetime) -> str:
    state = state_of(invitation, now=now)
    sentences = {
        "revoked": "This invitation was revoked: ask whoever sent it for another one.",
        "used up": "This invitation is used up: ask whoever sent it for another one.",
        "fallen": "Whoever sent this invitation may invite nobody any more: ask a member for another one.",
        "ran out": "This invitation ran out: ask whoever sent it for another one.",
    }
    return sentences.get(state, "")
