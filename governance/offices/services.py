"""Who comes, who goes, who holds what: each change decided by the law and written as a leaf."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.offices.errors import OfficeRefused
from governance.offices.giving import (
    Cause,
    end_terms,
    give,
    keep_a_steward,
    locked,
    others,
    record_given,
    refuse_the_gone,
    refuse_the_suspended,
    renew,
    take,
)
from governance.offices.invitation_models import Barring
from governance.offices.selectors import as_now
from governance.offices.terms import until_for
from governance.policies import enacting, entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import Decision, policy_set, require
from guild.tenancy import services as tenancy
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership


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
    """Let a dreamer in. Raises Denied unless the law lets `by` admit, and appoint where they come with an
    office; and OfficeRefused for an office that is suspended for them.
    """
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    decision = require(actor=me, action=Action.ADMIT_MEMBER, resource=entities.guild(by.guild_id))
    for office in offices:
        if office != Office.DREAMER:
            newcomer = entities.member(id=uuid4(), guild=by.guild_id, dreamer=dreamer, live=True)
            require(actor=me, action=Action.GRANT_OFFICE, resource=newcomer)
        refuse_the_suspended(dreamer, guild=by.guild_id, office=office)
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
    return _appoint(member, office, Cause(decision.policy_set, by))


def appoint_by_vote(*, guild: Guild, member: Membership, office: Office, reference: UUID) -> Membership:
    """Give an office because a vote says so: the guild itself does it. Somebody who holds it already holds it
    for another term. `reference` is the id of what was voted on.

    Raises OfficeRefused for somebody who left, and for an office that is suspended for them.
    """
    ledger.hold(guild=guild.pk)
    decision = require(actor=guild, action=Action.APPOINT_BY_VOTE, resource=resource_of(member), voted=True)
    cause = Cause(decision.policy_set, said={"vote": reference})
    held = locked(member)
    if held.is_live and office in held.offices:
        renew(held, office, cause, until=until_for(held.guild))
        return held
    return _appoint(member, office, cause)


def dismiss(*, by: Membership, member: Membership, office: Office) -> Membership:
    """Take an office back. Raises Denied, and OfficeRefused for that of the last steward."""
    decision = _require(by, Action.WITHDRAW_OFFICE, member)
    return _dismiss(member, office, Cause(decision.policy_set, by))


def dismiss_by_vote(*, guild: Guild, member: Membership, office: Office, reference: UUID) -> Membership:
    """Take an office because a vote says so: the guild itself does it. Taking one that is not held changes
    nothing. Raises OfficeRefused for that of the last steward.
    """
    ledger.hold(guild=guild.pk)
    decision = require(actor=guild, action=Action.DISMISS_BY_VOTE, resource=resource_of(member), voted=True)
    return _dismiss(member, office, Cause(decision.policy_set, said={"vote": reference}))


def stand_down(*, by: Membership, office: Office) -> Membership:
    """Lay down an office of one's own. Raises Denied when it is not held (any more), and OfficeRefused for
    the last steward.
    """
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    holds = office != Office.DREAMER and office.value in me.offices
    decision = require(actor=me, action=Action.STAND_DOWN, resource=resource_of(me), holds=holds)
    return _dismiss(me, office, Cause(decision.policy_set, by))


def renew_term(*, by: Membership, member: Membership, office: Office) -> Membership:
    """Give another term to somebody who holds the office. Raises Denied, for one's own term too, and
    OfficeRefused for somebody who does not hold it any more.
    """
    decision = _require(by, Action.RENEW_TERM, member)
    held = locked(member)
    refuse_the_gone(held)
    if office.value not in held.offices:
        raise OfficeRefused(f"{held.display_name} does not hold this office any more: appoint them anew.")
    renew(held, office, Cause(decision.policy_set, by), until=until_for(held.guild))
    return held


def leave(*, by: Membership) -> None:
    """End one's own membership. Raises OfficeRefused for the last steward where others remain."""
    _end(by, by=by, decision=_require(by, Action.LEAVE_GUILD, by))


def remove(*, by: Membership, member: Membership, is_barred: bool = False) -> None:
    """End another's membership; with `is_barred`, no invitation lets them in again, only a steward. Raises
    Denied, and OfficeRefused for the last steward.
    """
    _end(member, by=by, decision=_require(by, Action.END_MEMBERSHIP, member), is_barred=is_barred)


def _appoint(member: Membership, office: Office, cause: Cause) -> Membership:
    held = locked(member)
    refuse_the_gone(held)
    if office not in held.offices:
        refuse_the_suspended(held.dreamer_id, guild=held.guild_id, office=office)
        give(held, office, cause, until=until_for(held.guild))
    return held


def _dismiss(member: Membership, office: Office, cause: Cause) -> Membership:
    held = locked(member)
    if office in held.offices:
        if office == Office.STEWARD:
            keep_a_steward(held)
        take(held, office, cause)
    return held


def _end(member: Membership, *, by: Membership, decision: Decision, is_barred: bool = False) -> None:
    held = locked(member)
    if not held.is_live:
        return
    if Office.STEWARD in held.offices and others(held).exists():
        keep_a_steward(held)
    tenancy.end_membership(membership=held)
    leaf = ledger.append(
        guild=held.guild_id,
        kind=LeafKind.MEMBERSHIP_ENDED,
        actor=by.pseudonym,
        subjects=[str(held.pseudonym)],
        policy_set=decision.policy_set,
        detail={"barred": True} if is_barred else {},
    )
    end_terms(held, leaf)
    if is_barred:
        Barring.objects.create(guild_id=held.guild_id, member=held, since=leaf.at, leaf=leaf.index)


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


def _record_arrival(member: Membership, *, by: Membership, law: str) -> None:
    """The leaf of a new member, and one for each office they come with."""
    ledger.append(
        guild=member.guild_id,
        kind=LeafKind.MEMBERSHIP_STARTED,
        actor=by.pseudonym,
        subjects=[str(member.pseudonym)],
        policy_set=law,
    )
    for office in map(Office, member.offices):
        if office != Office.DREAMER:
            record_given(member, office, Cause(law, by), until=until_for(member.guild))
