"""Giving back what has been lent for longer than a guild's law allows: the guild's own duty, by the clock."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from governance.consent import guild_acts
from governance.ledger import services as ledger
from governance.policies.law import LawUnreadable, law_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from guild.tenancy.selectors import every_guild
from lounges.sessions import announcing
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Contribution

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""Of one guild; what is left is given back the next time."""


def give_back_overdue(*, now: datetime | None = None) -> int:
    """Give back every dream that is lent past its guild's law; how many. Enters each guild's tenant. A guild
    whose law cannot be read does not keep the others waiting.
    """
    moment = now or timezone.now()
    return sum(_in_guild(guild, now=moment) for guild in every_guild())


def _in_guild(guild: UUID, *, now: datetime) -> int:
    with tenant(guild=guild):
        try:
            overdue = overdue_in(Guild.objects.get(pk=guild), now=now)
        except LawUnreadable as error:
            logger.error("The law of guild %s cannot be read, so nothing is given back: %s", guild, error)
            return 0
    return sum(_give_back(guild, contribution, now=now) for contribution in overdue)


def overdue_in(guild: Guild, *, now: datetime) -> list[UUID]:
    """What is lent for longer than the guild's law allows, the oldest first; in the guild's tenant. Raises
    LawUnreadable.
    """
    days = law_of(guild).retention_days
    if not days:
        return []
    rows = Contribution.objects.filter(guild_id=guild.pk, lent_at__lte=now - timedelta(days=days))
    lent = rows.exclude(state=ContributionState.WITHDRAWN).order_by("lent_at", "id")
    return list(lent.values_list("pk", flat=True)[:MOST_AT_ONCE])


def _give_back(guild: UUID, contribution: UUID, *, now: datetime) -> bool:
    """One dream, in a transaction of its own: whatever stands in the way of one holds up no other. False
    where its dreamer took it back meanwhile, or the law changed.
    """
    with ledger.held(guild=guild):
        row = Contribution.objects.get(guild_id=guild, pk=contribution)
        held = Guild.objects.get(pk=guild)
        if row.state == ContributionState.WITHDRAWN or contribution not in overdue_in(held, now=now):
            return False
        guild_acts.give_back(guild=held, contribution=contribution, days=(now - row.lent_at).days)
        announcing.given_back(row)
        return True
