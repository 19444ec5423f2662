"""Inviting people, and coming in by invitation.

The number of uses is counted down by compare-and-swap, so that an invitation for three lets in three, however
many come at once. An invitation gives no office: whoever comes in by one is a dreamer.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.offices.codes import Named, new_code, read
from governance.offices.errors import InvitationGone, NameTaken, OfficeRefused
from governance.offices.giving import token_of
from governance.offices.invitation_models import Barring, Invitation
from governance.offices.inviting import invitation_for, invitation_named, why_not
from governance.offices.letters import send_on_commit
from governance.offices.selectors import as_now
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.services import require
from guild.dreamers.closing import keep_open
from guild.tenancy import services as tenancy
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from guild.tenancy.selectors import members_of

MOST_USES, MOST_DAYS, MOST_STANDING = 100, 90, 50
LONGEST_LABEL = 80


@dataclass(frozen=True)
class Made:
    """An invitation, and its code: shown once, to whoever made it, and kept nowhere."""

    invitation: Invitation
    code: str


def invite(*, by: Membership, days: int, uses: int, label: str = "", address: str = "") -> Made:
    """Make an invitation for so many people, for so many days. With an `address`, a letter takes it there
    once all is committed; the address is not kept.

    Raises Denied, and OfficeRefused for numbers that are out of bounds.
    """
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    decision = require(actor=me, action=Action.INVITE_MEMBER, resource=entities.guild(me.guild_id))
    _check(me.guild_id, days=days, uses=uses)
    code = new_code(me.guild_id)
    now = timezone.now()
    made = Invitation(
        guild_id=me.guild_id,
        digest=read(code).digest,
        label=label.strip()[:LONGEST_LABEL],
        made_by=me,
        made_at=now,
        expires_at=(now + timedelta(days=days)).replace(microsecond=0),
        uses_allowed=uses,
        is_mailed=bool(address),
    )
    leaf = ledger.append(
        guild=me.guild_id,
        kind=LeafKind.INVITATION_MADE,
        actor=me.pseudonym,
        subjects=[str(made.pk)],
        policy_set=decision.policy_set,
        detail={"uses": uses, "until": token_of(made.expires_at), "digest": made.digest},
        at=now,
    )
    made.leaf = leaf.index
    made.save(force_insert=True)
    if address:
        send_on_commit(address=address, code=code, by=me, expires_at=made.expires_at)
    return Made(made, code)


def revoke(*, by: Membership, invitation: UUID) -> Invitation:
    """Let nobody in by this invitation any more. Revoking twice is once. Raises Http404 and Denied."""
    ledger.hold(guild=by.guild_id)
    held = invitation_for(by.guild_id, invitation)
    me = as_now(by)
    resource = entities.invitation(id=held.pk, guild=held.guild_id, maker=held.made_by_id)
    decision = require(actor=me, action=Action.REVOKE_INVITATION, resource=resource)
    if held.revoked_at is None:
        leaf = ledger.append(
            guild=held.guild_id,
            kind=LeafKind.INVITATION_REVOKED,
            actor=me.pseudonym,
            subjects=[str(held.pk)],
            policy_set=decision.policy_set,
        )
        held.revoked_at, held.revoked_leaf = leaf.at, leaf.index
        held.save(update_fields=["revoked_at", "revoked_leaf"])
    return held


def accept(*, named: Named, dreamer: UUID, display_name: str, hue: int | None = None) -> Membership:
    """Come into the guild by an invitation, under a name. Whoever is a member already stays what they are.

    Enters the guild's tenant itself. Raises InvitationGone for one that does not let this dreamer in, and
    NameTaken for a name that a member has already.
    """
    with transaction.atomic():
        keep_open(dreamer)  # the account first, then the ledger, as whoever closes an account takes them
        with ledger.held(guild=named.guild, dreamer=dreamer):
            mine = Membership.objects.select_related("guild").filter(
                guild_id=named.guild, dreamer_id=dreamer, ended_at=None
            )
            if (already := mine.first()) is not None:
                return already
            invitation = invitation_named(named)
            _refuse_a_name_that_is_taken(named.guild, display_name)
            return _let_in(invitation, dreamer=dreamer, display_name=display_name, hue=hue)


def _let_in(invitation: Invitation, *, dreamer: UUID, display_name: str, hue: int | None) -> Membership:
    now = timezone.now()
    refusal = why_not(invitation, dreamer=dreamer, now=now)
    guild = Guild.objects.get(pk=invitation.guild_id)
    resource = entities.guild(guild.pk)
    try:
        decision = require(
            actor=guild, action=Action.JOIN_BY_INVITATION, resource=resource, invited=not refusal
        )
    except Denied as denied:
        raise InvitationGone(refusal or str(denied)) from denied
    counted = Invitation.objects.filter(
        pk=invitation.pk, revoked_at=None, expires_at__gt=now, uses__lt=F("uses_allowed")
    ).update(uses=F("uses") + 1)
    if not counted:
        raise InvitationGone("This invitation was used up a moment ago: ask whoever sent it for another one.")
    member = tenancy.add_member(
        guild=guild.pk,
        dreamer=dreamer,
        display_name=display_name,
        offices=(Office.DREAMER,),
        hue=hue,
    )
    member.guild = guild
    ledger.append(
        guild=guild.pk,
        kind=LeafKind.MEMBERSHIP_STARTED,
        actor=SYSTEM,
        subjects=[str(member.pseudonym)],
        policy_set=decision.policy_set,
        detail={"invitation": invitation.pk},
        at=now,
    )
    return member


def open_again(*, by: Membership, member: Membership) -> bool:
    """Let somebody who was removed come in by invitation again; whether they might not. Raises Denied."""
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    resource = entities.member(
        id=member.pk, guild=member.guild_id, dreamer=member.dreamer_id, live=member.is_live
    )
    decision = require(actor=me, action=Action.OPEN_INVITATIONS_AGAIN, resource=resource)
    standing = Barring.objects.filter(guild_id=by.guild_id, member=member, lifted_at=None)
    if not standing.exists():
        return False
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.MEMBERSHIP_UNBARRED,
        actor=me.pseudonym,
        subjects=[str(member.pseudonym)],
        policy_set=decision.policy_set,
    )
    return bool(standing.update(lifted_at=leaf.at, lifted_leaf=leaf.index))


def _check(guild: UUID, *, days: int, uses: int) -> None:
    if not 1 <= uses <= MOST_USES:
        raise OfficeRefused(f"An invitation is for 1 to {MOST_USES} people.")
    if not 1 <= days <= MOST_DAYS:
        raise OfficeRefused(f"An invitation lasts 1 to {MOST_DAYS} days.")
    standing = Invitation.objects.filter(
        guild_id=guild, revoked_at=None, expires_at__gt=timezone.now(), uses__lt=F("uses_allowed")
    )
    if standing.count() >= MOST_STANDING:
        raise OfficeRefused(f"{MOST_STANDING} invitations stand already: revoke some that nobody needs.")


def _refuse_a_name_that_is_taken(guild: UUID, display_name: str) -> None:
    taken = {member.display_name.casefold() for member in members_of(guild)}
    if display_name.casefold() in taken:
        raise NameTaken("A member has this name already: choose one by which you can be told apart.")
