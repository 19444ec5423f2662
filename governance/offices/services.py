"""Who comes, who goes, who holds what: each change decided by the law and written as a leaf."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.offices import announcing
from governance.offices.errors import OfficeRefused
from governance.offices.selectors import as_now, is_suspended
from governance.policies import enacting, entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import Decision, policy_set, require
from guild.tenancy import services as tenancy
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


def found(
    *,
    by: UUID,
    display_name: str,
    name: str,
    slug: str,
    description: str = "",
    law: Mapping[str, str] | None = None,
) -> Membership:
    """A new guild; whoever founds it is its first member and steward, and gives `law` (values by their names)
    other values than the house's. Enters the guild's tenant itself. Raises DraftRefused.
    """
    first = enacting.first_law(law or {})
    guild = tenancy.found_guild(name=name, slug=slug, description=description, law=first.document)
    with tenant(guild=guild.pk, dreamer=by):
        founder = tenancy.add_member(
            guild=guild.pk,
            dreamer=by,
            display_name=display_name,
            offices=(Office.DREAMER, Office.STEWARD),
        )
        founder.guild = guild
        enacting.enact_first(guild=guild, founder=founder)
        _record_arrival(founder, by=founder, law=policy_set(guild))
    return founder


def admit(
    *,
    by: Membership,
    dreamer: UUID,
    display_name: str,
    offices: Sequence[Office] = (Office.DREAMER,),
) -> Membership:
    """Let a dreamer in. Raises Denied unless the law lets `by`, and OfficeRefused for an office that is
    suspended for them.
    """
    decision = require(actor=by, action=Action.ADMIT_MEMBER, resource=entities.guild(by.guild_id))
    ledger.hold(guild=by.guild_id)
    for office in offices:
        _refuse_the_suspended(dreamer, guild=by.guild_id, office=office)
    member = tenancy.add_member(
        guild=by.guild_id, dreamer=dreamer, display_name=display_name, offices=offices
    )
    member.guild = by.guild
    _record_arrival(member, by=by, law=decision.policy_set)
    return member


def appoint(*, by: Membership, member: Membership, office: Office) -> Membership:
    """Give an office; giving one that is held already changes nothing. Raises Denied, and OfficeRefused for
    one that is suspended.
    """
    decision = _require(by, Action.GRANT_OFFICE, member)
    held = locked(member)
    if not held.is_live:
        raise OfficeRefused(f"{member.display_name} left the guild meanwhile, and can hold no office in it.")
    if office not in held.offices:
        _refuse_the_suspended(held.dreamer_id, guild=held.guild_id, office=office)
        set_offices(held, [*held.offices, office.value])
        _record(held, LeafKind.OFFICE_GRANTED, by=by, decision=decision, office=office)
    return held


def dismiss(*, by: Membership, member: Membership, office: Office) -> Membership:
    """Take an office back. Raises Denied, and OfficeRefused for that of the last steward."""
    decision = _require(by, Action.WITHDRAW_OFFICE, member)
    held = locked(member)
    if office in held.offices:
        if office == Office.STEWARD:
            keep_a_steward(held)
        set_offices(held, [kept for kept in held.offices if kept != office])
        _record(held, LeafKind.OFFICE_WITHDRAWN, by=by, decision=decision, office=office)
    return held


def leave(*, by: Membership) -> None:
    """End one's own membership. Raises OfficeRefused for the last steward where others remain."""
    _end(by, by=by, decision=_require(by, Action.LEAVE_GUILD, by))


def remove(*, by: Membership, member: Membership) -> None:
    """End another's membership. Raises Denied, and OfficeRefused for the last steward."""
    _end(member, by=by, decision=_require(by, Action.END_MEMBERSHIP, member))


def _end(member: Membership, *, by: Membership, decision: Decision) -> None:
    held = locked(member)
    if not held.is_live:
        return
    if Office.STEWARD in held.offices and _others(held).exists():
        keep_a_steward(held)
    tenancy.end_membership(membership=held)
    ledger.append(
        guild=held.guild_id,
        kind=LeafKind.MEMBERSHIP_ENDED,
        actor=by.pseudonym,
        subjects=[str(held.pseudonym)],
        policy_set=decision.policy_set,
    )


def resource_of(member: Membership) -> Resource:
    """The member as the law sees one who is appointed, suspended or taken leave of."""
    return entities.member(
        id=member.pk, guild=member.guild_id, dreamer=member.dreamer_id, live=member.is_live
    )


def _require(by: Membership, action: Action, member: Membership) -> Decision:
    """Asked of whoever acts as they are now, with the ledger held: of two stewards who dismiss each other at
    once, the second is one no longer.
    """
    ledger.hold(guild=by.guild_id)
    return require(actor=as_now(by), action=action, resource=resource_of(member))


def _refuse_the_suspended(dreamer: UUID, *, guild: UUID, office: Office) -> None:
    if is_suspended(dreamer, guild=guild, office=office):
        raise OfficeRefused(
            "A ruling suspended this office, so nobody can be appointed to it: two enforcers can lift that."
        )


def locked(member: Membership) -> Membership:
    """The row as it is now, held until the transaction ends; the ledger is taken first, as everywhere."""
    ledger.hold(guild=member.guild_id)
    return Membership.objects.select_for_update(of=("self",)).select_related("guild").get(pk=member.pk)


def _others(member: Membership) -> "QuerySet[Membership]":
    return Membership.objects.filter(guild_id=member.guild_id, ended_at=None).exclude(pk=member.pk)


def keep_a_steward(member: Membership) -> None:
    """Raises OfficeRefused when nobody else is a steward."""
    if not any(Office.STEWARD in other.offices for other in _others(member)):
        raise OfficeRefused("A guild needs a steward: appoint another one first.")


def set_offices(member: Membership, offices: Sequence[str]) -> None:
    """Write the offices of a row that is `locked`, in their usual order."""
    in_order = [office.value for office in Office if office.value in offices]
    Membership.objects.filter(pk=member.pk).update(offices=in_order)
    member.offices = in_order


def _record(
    member: Membership, kind: LeafKind, *, by: Membership, decision: Decision, office: Office
) -> None:
    leaf = ledger.append(
        guild=member.guild_id,
        kind=kind,
        actor=by.pseudonym,
        subjects=[str(member.pseudonym)],
        policy_set=decision.policy_set,
        detail={"office": office.value},
    )
    announcing.changed(member, kind, leaf, by=by)


def _record_arrival(member: Membership, *, by: Membership, law: str) -> None:
    """The leaf of a new member, and one for each office they come with."""
    said: dict[str, Any] = {
        "guild": member.guild_id,
        "actor": by.pseudonym,
        "subjects": [str(member.pseudonym)],
        "policy_set": law,
    }
    ledger.append(kind=LeafKind.MEMBERSHIP_STARTED, **said)
    for office in member.offices:
        if office != Office.DREAMER:
            ledger.append(kind=LeafKind.OFFICE_GRANTED, detail={"office": str(office)}, **said)
