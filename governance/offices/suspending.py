"""Offices that a ruling takes away, and how they come back: an appeal overturned it, or two enforcers agree.

Call in the guild's tenant. Every function takes the ledger first and writes its leaf in the same transaction.
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.offices import services
from governance.offices.errors import OfficeRefused
from governance.offices.giving import Cause, give, keep_a_steward, locked, take
from governance.offices.holding_models import Term
from governance.offices.models import Suspension
from governance.offices.selectors import as_now, as_one, standing, suspension_for
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership


def suspend(*, member: Membership, office: Office, ruling: UUID) -> Suspension:
    """Take an office because a ruling in force says so: the guild itself does it.

    Raises OfficeRefused when the member does not hold it, or is the last steward.
    """
    resource = services.resource_of(member)
    decision = require(actor=member.guild, action=Action.SUSPEND_OFFICE, resource=resource, ruled=True)
    held = locked(member)
    if office not in held.offices:
        raise OfficeRefused(f"{member.display_name} does not hold this office: choose another remedy.")
    if office == Office.STEWARD:
        keep_a_steward(held)
    leaf = take(held, office, Cause(decision.policy_set, said={"ruling": ruling}))
    return Suspension.objects.create(
        guild_id=held.guild_id, member=held, office=office, ruling=ruling, leaf=leaf.index
    )


def restore(*, guild: Guild, ruling: UUID) -> int:
    """Give back what an overturned ruling suspended; how many offices that were."""
    ledger.hold(guild=guild.pk)
    given = 0
    for held in standing(guild.pk).filter(ruling=ruling):
        resource = services.resource_of(held.member)
        decision = require(actor=guild, action=Action.RESTORE_OFFICE, resource=resource, ruled=True)
        given += _lift(held, by=None, policy_set=decision.policy_set)
    return given


def ask_to_lift(*, by: Membership, suspension: UUID) -> Suspension:
    """Ask that a suspension be lifted, to which a second enforcer may agree. Asking twice is asking once,
    unless whoever asked before may not ask for it any more.

    Raises Http404 and Denied.
    """
    ledger.hold(guild=by.guild_id)
    held = suspension_for(by, suspension)
    decision = require(actor=as_now(by), action=Action.ASK_TO_LIFT, resource=_resource_of(held, to=by))
    if held.lifted_at is not None or _is_asked(held):
        return held
    leaf = ledger.append(
        guild=held.guild_id,
        kind=LeafKind.LIFTING_ASKED,
        actor=by.pseudonym,
        subjects=[str(held.pk)],
        policy_set=decision.policy_set,
        detail={"office": held.office, "ruling": held.ruling},
    )
    held.asked_by, held.asked_at, held.asked_leaf = by, leaf.at, leaf.index
    held.save(update_fields=["asked_by", "asked_at", "asked_leaf"])
    return held


def lift(*, by: Membership, suspension: UUID) -> bool:
    """Agree that a suspension be lifted: the member holds the office again. Whether there was one to lift.

    Raises Http404, Denied for whoever asked for it, for the member themself, and when nobody asked; and
    OfficeRefused when whoever asked may not ask for it any more.
    """
    ledger.hold(guild=by.guild_id)
    held = suspension_for(by, suspension)
    decision = require(actor=as_now(by), action=Action.LIFT_SUSPENSION, resource=_resource_of(held, to=by))
    if held.lifted_at is None and not _is_asked(held):
        raise OfficeRefused("Whoever asked for this is no enforcer any more: ask for it yourself.")
    return _lift(held, by=by, policy_set=decision.policy_set)


def _is_asked(held: Suspension) -> bool:
    """Whether somebody asked that it be lifted who may ask for that still."""
    if held.asked_by is None:
        return False
    asker = as_now(held.asked_by)
    resource = _resource_of(held, to=asker)
    return authorize(actor=asker, action=Action.ASK_TO_LIFT, resource=resource).allowed


def _lift(held: Suspension, *, by: Membership | None, policy_set: str) -> bool:
    """Once, however often it is asked; whoever left the guild meanwhile gets nothing back."""
    standing_still = Suspension.objects.filter(pk=held.pk, lifted_at=None)
    if not standing_still.update(lifted_at=timezone.now(), lifted_by=by):
        return False
    member, office = locked(held.member), Office(held.office)
    if member.is_live:
        cause = Cause(policy_set, by, {"ruling": held.ruling})
        leaf = give(member, office, cause, until=_left_of_term(held))
        Suspension.objects.filter(pk=held.pk).update(lifted_leaf=leaf.index)
    return True


def _left_of_term(held: Suspension) -> datetime | None:
    """When the office would have ended if it had not been suspended."""
    return (
        Term.objects.filter(guild_id=held.guild_id, ended_leaf=held.leaf, office=held.office)
        .values_list("until", flat=True)
        .first()
    )


def _resource_of(held: Suspension, *, to: Membership) -> Resource:
    """By persons, however often they came into the guild."""
    asker = None if held.asked_by is None else as_one(held.asked_by, to=to)
    whose = as_one(held.member, to=to)
    return entities.suspension(id=held.pk, guild=held.guild_id, member=whose, asker=asker)
