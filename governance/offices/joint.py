"""What takes two persons: a steward asks, another one agrees (or an enforcer, where there is one steward).

Exporting a guild, and closing it. A closing waits for a week in which any member may halt it.
Call in the guild's tenant, unless it says otherwise.
"""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices import announcing
from governance.offices.closing import close_guild
from governance.offices.enums import GuildActKind, GuildActState
from governance.offices.errors import OfficeRefused
from governance.offices.giving import others, token_of
from governance.offices.joint_models import GuildAct
from governance.offices.selectors import as_now
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import Decision, authorize, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import every_guild, members_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

WAIT = timedelta(days=7)
"""How long members may object to a closing, and how long an agreed export may be fetched."""


def ask(*, by: Membership, kind: GuildActKind) -> GuildAct:
    """Ask for it. Asking for what waits already is asking once.

    Raises Denied, and OfficeRefused where nobody else could agree.
    """
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    decision = require(actor=me, action=Action.ASK_GUILD_ACT, resource=entities.guild(me.guild_id))
    if (waiting := _waiting(me, kind)) is not None:
        return waiting
    seconders = _seconders(me)
    if not seconders:
        raise OfficeRefused(
            "This takes two persons, and nobody else here could agree: appoint a second steward, or an "
            "enforcer, first."
        )
    made = GuildAct(guild=me.guild, kind=kind.value, asked_by=me)
    leaf = _append(made, LeafKind.GUILD_ACT_ASKED, me, decision, detail={"what": kind.value})
    made.asked_at, made.asked_leaf = leaf.at, leaf.index
    made.save(force_insert=True)
    announcing.second_wanted(made, seconders)
    return made


def agree(*, by: Membership, act: UUID) -> GuildAct:
    """Agree to what somebody else asked for. Agreeing twice is once.

    Raises Http404, Denied for whoever asked for it, and OfficeRefused for what is over, or was asked by
    somebody who may not ask for it any more.
    """
    ledger.hold(guild=by.guild_id)
    held, me = act_for(by.guild_id, act), as_now(by)
    decision = require(
        actor=me, action=Action.AGREE_GUILD_ACT, resource=_resource_of(held), stewards=_stewards(me.guild_id)
    )
    if held.state == GuildActState.AGREED:
        return held
    if held.state != GuildActState.ASKED:
        raise OfficeRefused("This was taken back or is done: a steward would have to ask for it again.")
    if not _may_ask(as_now(held.asked_by)):
        raise OfficeRefused("Whoever asked for this is no steward any more: ask for it yourself.")
    due = (timezone.now() + WAIT).replace(microsecond=0)
    detail = {"what": held.kind, "due": token_of(due)}
    leaf = _append(held, LeafKind.GUILD_ACT_AGREED, me, decision, detail=detail)
    held.state, held.agreed_by, held.due_at = GuildActState.AGREED, me, due
    held.agreed_at, held.agreed_leaf = leaf.at, leaf.index
    held.save(update_fields=["state", "agreed_by", "agreed_at", "agreed_leaf", "due_at"])
    if held.kind == GuildActKind.CLOSE:
        announcing.closing_agreed(held)
    return held


def take_back(*, by: Membership, act: UUID) -> GuildAct:
    """Let it be: nothing was done. Raises Http404 and Denied."""
    return _end_as(by, act, Action.TAKE_BACK_GUILD_ACT, GuildActState.TAKEN_BACK)


def object_to(*, by: Membership, act: UUID) -> GuildAct:
    """Halt the closing of one's guild, as any member may. Raises Http404 and Denied."""
    return _end_as(by, act, Action.OBJECT_TO_GUILD_ACT, GuildActState.HALTED)


def carry_out_every_closing(*, now: datetime | None = None) -> int:
    """Close each guild whose closing is due, each in a transaction and a tenant of its own; how many."""
    closed = 0
    for guild in every_guild():
        try:
            closed += carry_out_closing(guild=guild, now=now)
        except Exception:
            logger.exception("Guild %s could not be closed.", guild)
    return closed


def carry_out_closing(*, guild: UUID, now: datetime | None = None) -> bool:
    """Close the guild if two agreed to it and no member objected in time; whether it was closed. Enters the
    guild's tenant.
    """
    at = now or timezone.now()
    with ledger.held(guild=guild):
        agreed = GuildAct.objects.filter(
            guild_id=guild, kind=GuildActKind.CLOSE, state=GuildActState.AGREED, due_at__lte=at
        )
        held = agreed.select_related("guild").first()
        if held is None:
            return False
        resource = entities.guild(guild)
        decision = require(actor=held.guild, action=Action.CLOSE_GUILD, resource=resource, due=True)
        leaf = close_guild(guild=held.guild, act=held.pk, policy_set=decision.policy_set)
        _finish(held, GuildActState.DONE, leaf, by=None)
        return True


def acts_of(guild: UUID) -> "QuerySet[GuildAct]":
    """Everything that was asked for, newest first."""
    return GuildAct.objects.filter(guild_id=guild).select_related("asked_by", "agreed_by", "ended_by")


def closing_of(guild: UUID) -> GuildAct | None:
    """The closing that was asked for or agreed, which every member may halt; None where there is none."""
    states = (GuildActState.ASKED, GuildActState.AGREED)
    return acts_of(guild).filter(kind=GuildActKind.CLOSE, state__in=states).first()


def act_for(guild: UUID, act: UUID) -> GuildAct:
    """One of the guild's. Raises Http404."""
    found = (
        GuildAct.objects.filter(guild_id=guild, pk=act)
        .select_related("guild", "asked_by__guild", "agreed_by")
        .first()
    )
    if found is None:
        raise Http404("Nothing of the kind was asked for in this guild.")
    return found


def may_fetch(member: Membership, act: GuildAct, *, now: datetime | None = None) -> Decision:
    """Whether the law lets a member fetch the export that two agreed to."""
    at = now or timezone.now()
    is_agreed = (
        act.kind == GuildActKind.EXPORT
        and act.state == GuildActState.AGREED
        and act.due_at is not None
        and act.due_at > at
    )
    return authorize(
        actor=member, action=Action.FETCH_GUILD_EXPORT, resource=_resource_of(act), agreed=is_agreed
    )


def may_agree(member: Membership, act: GuildAct) -> bool:
    """Whether the law lets a member agree to it now."""
    return (
        act.state == GuildActState.ASKED
        and authorize(
            actor=member,
            action=Action.AGREE_GUILD_ACT,
            resource=_resource_of(act),
            stewards=_stewards(member.guild_id),
        ).allowed
    )


def _waiting(member: Membership, kind: GuildActKind) -> GuildAct | None:
    """What waits or is agreed. An export that could be fetched for long enough is done, and what was asked by
    somebody who may not ask for it any more is over, since nobody can agree to it: both make room.
    """
    states = (GuildActState.ASKED, GuildActState.AGREED)
    held = acts_of(member.guild_id).filter(kind=kind.value, state__in=states).first()
    if held is None:
        return None
    if held.state == GuildActState.ASKED:
        state, is_over = GuildActState.TAKEN_BACK, not _may_ask(as_now(held.asked_by))
    else:
        is_export, due = kind is GuildActKind.EXPORT, held.due_at
        state, is_over = GuildActState.DONE, is_export and due is not None and due <= timezone.now()
    if not is_over:
        return held
    decision = require(actor=member, action=Action.TAKE_BACK_GUILD_ACT, resource=_resource_of(held))
    detail = {"what": held.kind, "how": state.value}
    leaf = _append(held, LeafKind.GUILD_ACT_ENDED, member, decision, detail=detail)
    _finish(held, state, leaf, by=member)
    return None


def _may_ask(member: Membership) -> bool:
    whole = entities.guild(member.guild_id)
    return authorize(actor=member, action=Action.ASK_GUILD_ACT, resource=whole).allowed


def _seconders(member: Membership) -> list[Membership]:
    """Who could agree to what the member asks for."""
    is_only_steward = _stewards(member.guild_id) == 1
    return [
        other
        for other in others(member)
        if Office.STEWARD in other.offices or (is_only_steward and Office.ENFORCER in other.offices)
    ]


def _stewards(guild: UUID) -> int:
    return sum(Office.STEWARD in member.offices for member in members_of(guild))


def _end_as(by: Membership, act: UUID, action: Action, state: GuildActState) -> GuildAct:
    ledger.hold(guild=by.guild_id)
    held, me = act_for(by.guild_id, act), as_now(by)
    decision = require(actor=me, action=action, resource=_resource_of(held))
    if held.state not in (GuildActState.ASKED, GuildActState.AGREED):
        return held
    detail = {"what": held.kind, "how": state.value}
    if state == GuildActState.HALTED and held.kind == GuildActKind.CLOSE:
        announcing.closing_halted(held)
    return _finish(held, state, _append(held, LeafKind.GUILD_ACT_ENDED, me, decision, detail=detail), by=me)


def _finish(held: GuildAct, state: GuildActState, leaf: Leaf, *, by: Membership | None) -> GuildAct:
    held.state, held.ended_by, held.ended_at, held.ended_leaf = state, by, leaf.at, leaf.index
    held.save(update_fields=["state", "ended_by", "ended_at", "ended_leaf"])
    return held


def _append(
    held: GuildAct, kind: LeafKind, by: Membership, decision: Decision, *, detail: dict[str, Any]
) -> Leaf:
    return ledger.append(
        guild=held.guild_id,
        kind=kind,
        actor=by.pseudonym,
        subjects=[str(held.pk)],
        policy_set=decision.policy_set,
        detail=detail,
    )


def _resource_of(held: GuildAct) -> Resource:
    return entities.guild_act(id=held.pk, guild=held.guild_id, asker=held.asked_by_id, kind=held.kind)
