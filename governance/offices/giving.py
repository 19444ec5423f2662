"""How an office changes hands: the row, the leaf and the term, in one step. Nothing else writes offices.

Call in the guild's tenant with the member `locked`, after the law was asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.models import Leaf
from governance.offices import announcing
from governance.offices.enums import HandoverState
from governance.offices.errors import OfficeRefused
from governance.offices.holding_models import Handover, Term
from governance.offices.selectors import is_suspended
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Cause:
    """Under which law an office changes hands, who does it (None: the guild itself), and what else the leaf
    says of it.
    """

    policy_set: str
    by: Membership | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> UUID | str:
        return SYSTEM if self.by is None else self.by.pseudonym


def locked(member: Membership) -> Membership:
    """The row as it is now, held until the transaction ends; the ledger is taken first, as everywhere."""
    ledger.hold(guild=member.guild_id)
    return Membership.objects.select_for_update(of=("self",)).select_related("guild").get(pk=member.pk)


def give(member: Membership, office: Office, cause: Cause, *, until: datetime | None) -> Leaf:
    """The member holds the office from now on, until then (None: without an end). They did not hold it."""
    _set_offices(member, [*member.offices, office.value])
    leaf = _begin(member, office, cause, kind=LeafKind.OFFICE_GRANTED, until=until)
    announcing.changed(member, LeafKind.OFFICE_GRANTED, leaf, by=cause.by)
    return leaf


def renew(member: Membership, office: Office, cause: Cause, *, until: datetime | None) -> Leaf:
    """The member holds the office for another term, from now on."""
    return _begin(member, office, cause, kind=LeafKind.OFFICE_RENEWED, until=until)


def take(member: Membership, office: Office, cause: Cause) -> Leaf:
    """The member does not hold the office any more; an offer of theirs to hand it over falls with it."""
    _set_offices(member, [kept for kept in member.offices if kept != office])
    leaf = _append(member, LeafKind.OFFICE_WITHDRAWN, office, cause, said=cause.said)
    end_terms(member, leaf, office=office)
    if "handover" not in cause.said:  # whoever gave it on is told that the offer was accepted
        announcing.changed(member, LeafKind.OFFICE_WITHDRAWN, leaf, by=cause.by)
    return leaf


def end_terms(member: Membership, leaf: Leaf, *, office: Office | None = None) -> None:
    """The terms of a member (or that of one office) and what they had offered end with this leaf."""
    of_office = {} if office is None else {"office": office.value}
    mine = {"guild_id": member.guild_id, **of_office}
    Term.objects.filter(member=member, ended_at=None, **mine).update(ended_at=leaf.at, ended_leaf=leaf.index)
    waiting = Handover.objects.filter(giver=member, state=HandoverState.WAITING, **mine)
    fallen = list(waiting.select_related("successor__guild"))
    waiting.update(state=HandoverState.TAKEN_BACK, answered_at=leaf.at, answered_leaf=leaf.index)
    for handover in fallen:
        announcing.no_longer_offered(handover)


def current_term(member: Membership, office: Office) -> Term | None:
    """The term for which the member holds the office; None for offices from before there were terms."""
    return Term.objects.filter(
        guild_id=member.guild_id, member=member, office=office.value, ended_at=None
    ).first()


def refuse_the_suspended(dreamer: UUID, *, guild: UUID, office: Office) -> None:
    """Raises OfficeRefused while a ruling keeps this office from them."""
    if is_suspended(dreamer, guild=guild, office=office):
        raise OfficeRefused(
            "A ruling suspended this office, so nobody can be appointed to it: two enforcers can lift that."
        )


def refuse_the_gone(member: Membership) -> None:
    """Raises OfficeRefused for somebody whose membership has ended."""
    if not member.is_live:
        raise OfficeRefused(f"{member.display_name} left the guild meanwhile, and can hold no office in it.")


def others(member: Membership) -> "QuerySet[Membership]":
    """The other live members of the guild."""
    return Membership.objects.filter(guild_id=member.guild_id, ended_at=None).exclude(pk=member.pk)


def is_last_steward(member: Membership) -> bool:
    """Whether nobody else is a steward."""
    return not any(Office.STEWARD in other.offices for other in others(member))


def keep_a_steward(member: Membership) -> None:
    """Raises OfficeRefused when nobody else is a steward."""
    if is_last_steward(member):
        raise OfficeRefused("A guild needs a steward: appoint another one first.")


def _set_offices(member: Membership, offices: Sequence[str]) -> None:
    """Write the offices of a row that is `locked`, in their usual order."""
    in_order = [office.value for office in Office if office.value in offices]
    Membership.objects.filter(pk=member.pk).update(offices=in_order)
    member.offices = in_order


def record_given(member: Membership, office: Office, cause: Cause, *, until: datetime | None) -> Leaf:
    """The leaf and the term of an office with which a new member's row was made."""
    return _begin(member, office, cause, kind=LeafKind.OFFICE_GRANTED, until=until)


def _begin(
    member: Membership, office: Office, cause: Cause, *, kind: LeafKind, until: datetime | None
) -> Leaf:
    said = {**cause.said} if until is None else {**cause.said, "until": token_of(until)}
    leaf = _append(member, kind, office, cause, said=said)
    if kind == LeafKind.OFFICE_RENEWED:
        end_terms(member, leaf, office=office)
    Term.objects.create(
        guild_id=member.guild_id,
        member=member,
        office=office.value,
        since=leaf.at,
        until=until,
        leaf=leaf.index,
    )
    return leaf


def token_of(instant: datetime) -> str:
    """An instant as leaves of this room say it, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _append(
    member: Membership, kind: LeafKind, office: Office, cause: Cause, *, said: Mapping[str, Any]
) -> Leaf:
    return ledger.append(
        guild=member.guild_id,
        kind=kind,
        actor=cause.actor,
        subjects=[str(member.pseudonym)],
        policy_set=cause.policy_set,
        detail={"office": office.value, **said},
    )
