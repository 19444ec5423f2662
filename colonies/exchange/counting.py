"""Counting the cultures of a guild month by month, and telling the guild when they melt into one.

The clock counts daily. The row of the running month is written over until the month is past and then stays,
whatever is erased or woken later; months before the first count are reckoned from what is there now.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from colonies.exchange import announcing
from colonies.exchange.diversity import Partition
from colonies.exchange.models import CultureMonth
from colonies.exchange.practised import Cultures, changes_since, cultures_at, taken_in
from colonies.exchange.pressure import Moment, notices
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import LawUnreadable, law_of
from governance.policies.services import require
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from guild.tenancy.selectors import every_guild, guild_by_id

logger = logging.getLogger(__name__)

BEFORE = 6  # months that are reckoned at the first count
SHOWN = 24


@dataclass(frozen=True)
class Month:
    """One counted month, as it is charted; `moment` holds its distinctness."""

    cultures: Cultures
    month: date
    moment: Moment


@dataclass(frozen=True)
class Standing:
    """Everything that the guild is shown of its diversity: the newest count, all months, and what to say."""

    months: tuple[Month, ...]
    notices: tuple[str, ...]
    now: Cultures | None

    @property
    def newest_first(self) -> tuple[Month, ...]:
        return self.months[::-1]


def standing_for(membership: Membership, *, now: datetime | None = None) -> Standing:
    """Counted months of the member's guild, oldest first, and today's own count in place of the running one.
    Raises Denied.
    """
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    moment = now or timezone.now()
    months = _months(membership.guild_id, now=moment)
    running = [one.cultures for one in months if one.month == _first(moment.date())]
    told = tuple(_notices(membership.guild, months)) if running else ()
    return Standing(months[-SHOWN:], told, running[0] if running else None)


def told_to(membership: Membership) -> list[str]:
    """What the guild was told at the last count of this month, for a place that every member passes."""
    newest = CultureMonth.objects.filter(guild_id=membership.guild_id).order_by("-month").first()
    is_current = newest is not None and newest.month == _first(timezone.now().date())
    return list(newest.notices) if newest is not None and is_current else []


@transaction.atomic
def count(*, guild: UUID, now: datetime | None = None) -> None:
    """Counts the running month, and those before it at the first time; in the guild's tenant. Counting again
    changes nothing but what changed. What is newly told leaves a leaf.
    """
    moment = now or timezone.now()
    ledger.hold(guild=guild)
    home = Guild.objects.get(pk=guild)
    months = _months(guild, now=moment)
    if not months or months[-1].month != _first(moment.date()):
        return
    told = _notices(home, months)
    for one in months:
        running = one.month == _first(moment.date())
        _keep(guild, one, told=told if running else None)


def count_every_guild(*, now: datetime | None = None) -> None:
    """Each guild in a transaction and a tenant of its own. One whose law cannot be read is left out."""
    for guild in every_guild():
        try:
            with tenant(guild=guild):
                count(guild=guild, now=now)
        except LawUnreadable as error:
            logger.error("The law of guild %s cannot be read, so it is not counted: %s", guild, error)


def _keep(guild: UUID, one: Month, *, told: list[str] | None) -> None:
    """`told` is None for a month that is past: its row is made once, and stays."""
    values = {
        "counted_on": one.cultures.on,
        "colonies": one.cultures.colonies,
        "rituals": one.cultures.rituals,
        "partitions": [[row.order, row.alpha, row.beta, row.gamma] for row in one.cultures.partitions],
    }
    if told is None:
        CultureMonth.objects.get_or_create(guild_id=guild, month=one.month, defaults=values)
        return
    before = CultureMonth.objects.filter(guild_id=guild, month=one.month).first()
    CultureMonth.objects.update_or_create(
        guild_id=guild, month=one.month, defaults=values | {"notices": told}
    )
    if len(told) > (len(before.notices) if before is not None else 0):
        detail = {
            "month": f"{one.month:%Y-%m}",
            "notices": len(told),
            "distinctness": round(one.moment.distinctness, 4),
        }
        ledger.append(guild=guild, kind=LeafKind.DIVERSITY_TOLD, actor=SYSTEM, detail=detail)
        announcing.grown_alike(guild_by_id(guild), month=f"{one.month:%Y-%m}", told=len(told))


def _months(guild: UUID, *, now: datetime) -> tuple[Month, ...]:
    """Every past month as it was counted, or as it is reckoned now; and the running one as of now."""
    rows = {row.month: row for row in CultureMonth.objects.filter(guild_id=guild)}
    running = _first(now.date())
    wanted = sorted({*rows, *_before(running), running})
    found: list[Month] = []
    for month in wanted:
        row = rows.get(month)
        if month < running and row is not None:
            found.append(_read(row))
            continue
        at = now if month == running else _end(month)
        cultures = cultures_at(guild, at=at)
        if cultures is not None:
            found.append(_month(month, cultures))
    return tuple(found)


def _notices(guild: Guild, months: Sequence[Month]) -> list[str]:
    return notices(
        [one.moment for one in months],
        taken_in(guild.pk),
        allowed_fall=float(law_of(guild).diversity_fall),
        changes=lambda since: changes_since(guild.pk, since=since),
    )


def _read(row: CultureMonth) -> Month:
    partitions = tuple(Partition(*values) for values in row.partitions)
    return _month(row.month, Cultures(row.counted_on, row.colonies, row.rituals, partitions))


def _month(month: date, cultures: Cultures) -> Month:
    return Month(cultures, month, Moment(cultures.on, cultures.colonies, cultures.common.beta))


def _before(running: date) -> list[date]:
    months = [running]
    for _ in range(BEFORE):
        months.append(_first(months[-1] - timedelta(days=1)))
    return months[1:]


def _first(day: date) -> date:
    return day.replace(day=1)


def _end(month: date) -> datetime:
    """The last moment of a month."""
    following = _first(month + timedelta(days=31))
    return datetime.combine(following, time(), tzinfo=UTC) - timedelta(microseconds=1)
