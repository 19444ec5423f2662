"""Handing an office over: its holder offers it, the successor accepts it, and both steps are leaves.

The office moves in one transaction, with what is left of its term. An offer falls with the office of whoever
made it. Call in the guild's tenant.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices import announcing
from governance.offices.enums import HandoverState
from governance.offices.errors import OfficeRefused
from governance.offices.giving import (
    Cause,
    current_term,
    give,
    locked,
    refuse_the_gone,
    refuse_the_suspended,
    take,
)
from governance.offices.holding_models import Handover
from governance.offices.selectors import as_now
from governance.offices.services import resource_of
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


def offer(*, by: Membership, office: Office, successor: Membership) -> Handover:
    """Offer an office that one holds to another member. Offering it again to the same one is once.

    Raises Denied, and OfficeRefused for an office that the successor holds already, or must not hold, and
    while another offer of it waits.
    """
    ledger.hold(guild=by.guild_id)
    me, heir = as_now(by), as_now(successor)
    holds = office != Office.DREAMER and office.value in me.offices
    decision = require(
        actor=me,
        action=Action.HAND_OVER_OFFICE,
        resource=resource_of(heir),
        holds=holds,
        office=office.value,
    )
    if office.value in heir.offices:
        raise OfficeRefused(f"{heir.display_name} holds this office already: lay yours down instead.")
    refuse_the_suspended(heir.dreamer_id, guild=heir.guild_id, office=office)
    waiting = waiting_in(me.guild_id).filter(giver=me, office=office.value).first()
    if waiting is not None and waiting.successor_id == heir.pk:
        return waiting
    if waiting is not None:
        raise OfficeRefused(f"You offered this to {waiting.successor.display_name}: take that back first.")
    return _offered(me, heir, office, decision)


def accept(*, by: Membership, handover: UUID) -> Handover:
    """Take over an office that was offered. Accepting twice is once.

    Raises Http404, Denied, and OfficeRefused for an offer that stands no more, and for an office that a
    ruling keeps from the successor.
    """
    ledger.hold(guild=by.guild_id)
    held = handover_for(by, handover)
    decision = require(
        actor=as_now(by), action=Action.ACCEPT_OFFICE, resource=_resource_of(held), office=held.office
    )
    if held.state == HandoverState.ACCEPTED:
        return held
    if held.state != HandoverState.WAITING:
        raise OfficeRefused("This offer stands no more: whoever made it would have to offer it again.")
    giver, heir, office = locked(held.giver), locked(held.successor), Office(held.office)
    refuse_the_gone(giver)
    refuse_the_suspended(heir.dreamer_id, guild=heir.guild_id, office=office)
    if office.value not in giver.offices or office.value in heir.offices:
        raise OfficeRefused("This office changed hands meanwhile, so the offer stands no more.")
    term = current_term(giver, office)
    Handover.objects.filter(pk=held.pk).update(state=HandoverState.ACCEPTED)  # so that it does not fall
    cause = Cause(decision.policy_set, heir, {"handover": held.pk})
    taken = take(giver, office, cause)
    give(heir, office, cause, until=None if term is None else term.until)
    announcing.answered(held)
    return _answer(held, HandoverState.ACCEPTED, leaf=taken)


def decline(*, by: Membership, handover: UUID) -> Handover:
    """Leave the office where it is. Raises Http404 and Denied."""
    return _end(by, handover, Action.DECLINE_OFFICE, HandoverState.DECLINED)


def take_back(*, by: Membership, handover: UUID) -> Handover:
    """Take one's own offer back. Raises Http404 and Denied."""
    return _end(by, handover, Action.TAKE_BACK_HANDOVER, HandoverState.TAKEN_BACK)


def waiting_in(guild: UUID) -> "QuerySet[Handover]":
    """The offers that wait for an answer."""
    return Handover.objects.filter(guild_id=guild, state=HandoverState.WAITING).select_related(
        "giver__guild", "successor__guild"
    )


def waiting_for(member: Membership) -> list[Handover]:
    """The offers that a member made, or has to answer. Raises Denied."""
    require(actor=member, action=Action.VIEW_GUILD, resource=entities.guild(member.guild_id))
    return list(waiting_in(member.guild_id).filter(Q(giver=member) | Q(successor=member)))


def handover_for(member: Membership, handover: UUID) -> Handover:
    """An offer that the member made or was made. Raises Http404 for others'."""
    found = (
        Handover.objects.filter(Q(giver=member) | Q(successor=member), guild_id=member.guild_id, pk=handover)
        .select_related("giver__guild", "successor__guild")
        .first()
    )
    if found is None:
        raise Http404("There is no such offer that concerns you.")
    return found


_ENDINGS = {
    HandoverState.DECLINED: LeafKind.HANDOVER_DECLINED,
    HandoverState.TAKEN_BACK: LeafKind.HANDOVER_TAKEN_BACK,
}


def _end(by: Membership, handover: UUID, action: Action, state: HandoverState) -> Handover:
    ledger.hold(guild=by.guild_id)
    held = handover_for(by, handover)
    me = as_now(by)
    decision = require(actor=me, action=action, resource=_resource_of(held))
    if held.state != HandoverState.WAITING:
        return held
    leaf = ledger.append(
        guild=held.guild_id,
        kind=_ENDINGS[state],
        actor=me.pseudonym,
        subjects=[str(held.pk)],
        policy_set=decision.policy_set,
        detail={"office": held.office},
    )
    if state == HandoverState.DECLINED:
        announcing.answered(held)
    else:
        announcing.no_longer_offered(held)
    return _answer(held, state, leaf=leaf)


def _answer(held: Handover, state: HandoverState, *, leaf: Leaf) -> Handover:
    held.state, held.answered_at, held.answered_leaf = state, leaf.at, leaf.index
    held.save(update_fields=["state", "answered_at", "answered_leaf"])
    return held


def _offered(giver: Membership, heir: Membership, office: Office, decision: Decision) -> Handover:
    made = Handover(guild_id=giver.guild_id, giver=giver, successor=heir, office=office.value)
    leaf = ledger.append(
        guild=giver.guild_id,
        kind=LeafKind.HANDOVER_ASKED,
        actor=giver.pseudonym,
        subjects=[str(made.pk)],
        policy_set=decision.policy_set,
        detail={"office": office.value, "to": heir.pseudonym},
    )
    made.asked_at, made.leaf = leaf.at, leaf.index
    made.save(force_insert=True)
    announcing.offered(made)
    return made


def _resource_of(held: Handover) -> Resource:
    return entities.handover(
        id=held.pk, guild=held.guild_id, giver=held.giver_id, successor=held.successor_id
    )
