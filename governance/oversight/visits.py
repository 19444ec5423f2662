"""What changed since a member last looked at oversight, by the log itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count
from django.utils import timezone

from governance.ledger import selectors as log
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.oversight.ruling_models import Visit
from guild.tenancy.models import Membership

PAUSE: Final = timedelta(minutes=30)
"""Whoever comes back after at least so long begins a new visit; a page that is loaded again does not."""

SHOWN: Final = 8

IN_ORDER: Final = (
    LeafKind.FINDING_MADE,
    LeafKind.APPEAL_MADE,
    LeafKind.RULING_MADE,
    LeafKind.RULING_CONFIRMED,
    LeafKind.REMEDY_DONE,
    LeafKind.AUDIT_FINISHED,
    LeafKind.USE,
)
"""What an enforcer wants to know first; everything else follows in the order of its kind."""


@dataclass(frozen=True)
class Change:
    """How often one kind of thing happened."""

    kind: LeafKind
    count: int


@dataclass(frozen=True)
class Since:
    """All that the log gained. `since` is None at a first visit, and then it is the whole log."""

    since: datetime | None
    first_leaf: int
    changes: tuple[Change, ...]

    @property
    def foremost(self) -> tuple[Change, ...]:
        """What is shown at once; the rest is in a fold."""
        return self.changes[:SHOWN]

    @property
    def rest(self) -> tuple[Change, ...]:
        return self.changes[SHOWN:]


def look(*, member: Membership, now: datetime | None = None) -> Since:
    """Note that the member looks at oversight, and say what changed since they did before.

    Call in the guild's tenant, when the law has let them.
    """
    moment, size = now or timezone.now(), log.size_of(member.guild_id)
    visit, is_first = Visit.objects.get_or_create(
        guild_id=member.guild_id,
        membership_id=member.pk,
        defaults={"seen_at": moment, "seen_size": size},
    )
    if not is_first and moment - visit.seen_at >= PAUSE:
        visit.since, visit.since_size = visit.seen_at, visit.seen_size
    visit.seen_at, visit.seen_size = moment, size
    visit.save(update_fields=["since", "since_size", "seen_at", "seen_size"])
    return Since(visit.since, visit.since_size, _changes(member, since=visit.since_size))


def _changes(member: Membership, *, since: int) -> tuple[Change, ...]:
    counted = dict(
        Leaf.objects.filter(guild_id=member.guild_id, index__gte=since)
        .order_by()
        .values("kind")
        .annotate(count=Count("index"))
        .values_list("kind", "count")
    )
    later = [kind for kind in LeafKind if kind not in IN_ORDER]
    return tuple(Change(kind, counted[kind]) for kind in (*IN_ORDER, *later) if kind in counted)
