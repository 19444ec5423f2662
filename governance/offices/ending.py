"""Ending offices whose term is over: the guild itself does it, by the clock.

The last steward's term does not end: it stands overdue until somebody else is steward. So no clock ever
leaves a guild without one.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from governance.ledger import services as ledger
from governance.offices import announcing
from governance.offices.giving import Cause, is_last_steward, locked, take, token_of
from governance.offices.holding_models import Term
from governance.offices.services import resource_of
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.enums import Office
from guild.tenancy.selectors import every_guild

SOON = timedelta(days=14)
"""How long before a term ends its holder is told."""

logger = logging.getLogger(__name__)


def end_every_due_term(*, now: datetime | None = None) -> int:
    """In each guild, in a transaction and a tenant of its own; how many offices ended. A guild in which it
    fails does not keep the others waiting.
    """
    ended = 0
    for guild in every_guild():
        try:
            ended += end_due_terms(guild=guild, now=now)
        except Exception:
            logger.exception("The terms of guild %s could not be ended.", guild)
    return ended


def end_due_terms(*, guild: UUID, now: datetime | None = None) -> int:
    """End what is over in one guild, the longest overdue first; how many. Whoever holds what ends soon is
    told, once. Enters the guild's tenant.
    """
    at = now or timezone.now()
    with ledger.held(guild=guild):
        terms = Term.objects.filter(guild_id=guild, ended_at=None).select_related("member__guild")
        ended = sum(_end(term) for term in terms.filter(until__lte=at).order_by("until", "since", "id"))
        for term in terms.filter(until__gt=at, until__lte=at + SOON):
            announcing.term_ending(term)
        return ended


def _end(term: Term) -> bool:
    """Whether it ended."""
    member, office = locked(term.member), Office(term.office)
    if not member.is_live or office.value not in member.offices or term.until is None:
        return False
    if office == Office.STEWARD and is_last_steward(member):
        return False
    decision = require(actor=member.guild, action=Action.END_TERM, resource=resource_of(member), over=True)
    take(member, office, Cause(decision.policy_set, said={"over": token_of(term.until)}))
    return True
