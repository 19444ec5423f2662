"""A host asks those who lend to a session for more: nobody twice, and nobody after a no."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from governance.consent import guild_acts
from governance.consent import selectors as consents
from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY, RegisteredPurpose
from governance.consent.selectors import InForce
from governance.ledger import services as ledger
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership
from lounges.sessions import events, selectors
from lounges.sessions.enums import EventType
from lounges.sessions.errors import NotNow
from lounges.sessions.models import Contribution, Session

ASKABLE = tuple(entry for entry in REGISTRY.values() if entry.of_dreams and entry.in_use)
"""What this house does something for; for the rest nobody is troubled."""

NOBODY_LEFT = "Nobody is left to ask for this: each has allowed it, was asked before, or lends nothing here."


@dataclass(frozen=True)
class Question:
    """One purpose, and about how many of the lent dreams it can still be asked; whose is not said."""

    entry: RegisteredPurpose
    open: int


def questions_for(member: Membership, session: Session) -> list[Question]:
    """What the member may ask of the others who lend to the session. Raises Denied."""
    rows = _others(member, session)
    for row in rows[:1]:
        resource = entities.contribution(id=row.pk, guild=row.guild_id, owner=row.dreamer_id)
        require(actor=member, action=Action.REQUEST_CONSENT, resource=resource)
    held = consents.in_force(session.guild_id, [row.pk for row in rows])
    return [Question(entry, len(_askable(rows, held, entry.purpose))) for entry in ASKABLE]


@transaction.atomic
def ask(*, session: Session, by: Membership, purpose: Purpose) -> int:
    """Ask everybody else who lends to the session now, and has not answered, for one purpose; about how many
    dreams. Every open page looks at them again.

    Raises Denied, also for who does not take part, and NotNow where nobody is left to ask.
    """
    ledger.hold(guild=by.guild_id)
    selectors.require_hearing(by, session)
    locked, rows = events.lock(session.pk), _others(by, session)
    held = consents.in_force(session.guild_id, [row.pk for row in rows])
    asked = _askable(rows, held, purpose)
    if purpose not in {entry.purpose for entry in ASKABLE} or not asked:
        raise NotNow(NOBODY_LEFT)
    for row in asked:
        guild_acts.request(by=by, contribution=row.pk, purpose=purpose)
        events.publish(session=locked, type=EventType.DREAM_RESTATED, data={"id": row.pk})
    return len(asked)


def _askable(rows: Iterable[Contribution], held: InForce, purpose: Purpose) -> list[Contribution]:
    now = timezone.now()
    return [row for row in rows if guild_acts.may_be_asked(held.statement(row.pk, purpose), at=now)]


def _others(member: Membership, session: Session) -> Sequence[Contribution]:
    """What one lends oneself, one need not be asked about."""
    return list(selectors.lent_rows(session).exclude(dreamer_id=member.dreamer_id))
