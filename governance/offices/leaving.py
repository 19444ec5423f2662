"""Leaving a guild, with everything and without trace where the law allows.

What the rooms above hold of somebody they let go themselves: they register once, when the process starts.
What stays is what the log says under a pseudonym, which leads to nobody once the name is taken off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from governance.consent import answering, erasing
from governance.consent import selectors as consents
from governance.consent import services as consent
from governance.consent.answering import Target
from governance.consent.enums import Scope
from governance.consent.models import Subject
from governance.consent.purposes import REGISTRY
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.offices import services
from governance.offices.giving import keep_a_steward, others
from governance.offices.selectors import as_now
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy import services as tenancy
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Going:
    """What somebody chose: `takes_back` what they lent and the consents they gave; `without_trace`, what they
    said, kept and were told goes too, and their name with it (which takes back what was lent in any case).
    """

    takes_back: bool = False
    without_trace: bool = False


Farewell = Callable[[Membership, Going], None]

_farewells: list[Farewell] = []


def on_leaving(farewell: Farewell) -> None:
    """Call `farewell` with every member who leaves by themself, before their membership ends, in the same
    transaction with the guild's ledger held. Registering twice is registering once.
    """
    if farewell not in _farewells:
        _farewells.append(farewell)


def say_farewell(member: Membership, going: Going) -> None:
    """Let every room let go of a member who is about to leave."""
    for farewell in _farewells:
        farewell(member, going)


@transaction.atomic
def leave_guild(*, by: Membership, going: Going) -> int:
    """End one's own membership as one chose; how many lent dreams were taken back.

    Raises Denied, and OfficeRefused for the last steward where others remain, with nothing done.
    """
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    if not me.is_live:
        return 0
    require(actor=me, action=Action.LEAVE_GUILD, resource=services.resource_of(me))
    if Office.STEWARD in me.offices and others(me).exists():
        keep_a_steward(me)
    back = take_back_all(me) if going.takes_back or going.without_trace else 0
    say_farewell(me, going)
    if going.without_trace:
        erasing.erase_notices_to(me.dreamer_id, guild=me.guild_id)
        ledger.append(
            guild=me.guild_id,
            kind=LeafKind.ERASURE_DONE,
            actor=me.pseudonym,
            subjects=[str(me.pseudonym)],
            detail={"what": "guild", "copies": back},
        )
    services.leave(by=me)
    if going.without_trace:
        tenancy.forget_name(membership=me)
    return back


def lent_in(dreamer: UUID, *, guild: UUID) -> list[Subject]:
    """What a dreamer lends to the guild still; in the guild's tenant."""
    return consents.lent_by(dreamer, guild=guild, scope=Scope.GUILD, scope_id=guild)


def take_back_all(member: Membership) -> int:
    """Withdraw every loan of a member whole, and each yes they gave to the guild at large; how many loans."""
    lent = lent_in(member.dreamer_id, guild=member.guild_id)
    for subject in lent:
        consent.withdraw(by=member.dreamer_id, contribution=subject.contribution)
    purposes = list(REGISTRY)
    choices = consents.standing_choices(member, purposes)
    whole = Target(Scope.GUILD, member.guild_id, member.guild_id)
    for purpose in purposes:
        if choices[purpose].opens:
            read = REGISTRY[purpose].notice.digest
            answering.refuse(by=member.dreamer_id, target=whole, purpose=purpose, read=read)
    return len(lent)
