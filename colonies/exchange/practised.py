"""What the colonies of a guild really kept at some moment, as shares of kinds; and how alike two kinds are.

A colony's shares are how often each of its rituals was kept in the four weeks before, where at least five
people kept something in it; otherwise all of its rituals weigh the same, so that nobody's nights show.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from colonies.exchange.diversity import ORDERS, Partition, partition, shares
from colonies.exchange.lineages import roots_of
from colonies.exchange.models import Adoption
from colonies.exchange.pressure import Change, Taken
from colonies.rituals.differences import likeness as step_likeness
from colonies.rituals.enums import Keeping
from colonies.rituals.models import Observance, Ritual, RitualVersion
from colonies.rituals.texts import Step

WEEKS = 4
FEWEST_PEOPLE = 5


@dataclass(frozen=True)
class Cultures:
    """The diversity of a guild's rituals at the three orders, of so many colonies and rituals."""

    on: date
    colonies: int
    rituals: int
    partitions: tuple[Partition, ...]

    @property
    def common(self) -> Partition:
        """At order 1, which weighs each ritual by how much it is practised."""
        return self.partitions[1]


def cultures_at(guild: UUID, *, at: datetime) -> Cultures | None:
    """None where no colony kept anything then. A rest that has ended since is forgotten: the ritual then
    counts as kept all along.
    """
    rituals = list(
        Ritual.objects.filter(
            Q(rested_at=None) | Q(rested_at__gt=at),
            Q(colony__archived_at=None) | Q(colony__archived_at__gt=at),
            guild_id=guild,
            made_at__lte=at,
        ).order_by("id")
    )
    if not rituals:
        return None
    kept = _kept(guild, since=at.date() - timedelta(weeks=WEEKS), until=at.date())
    by_colony: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for ritual in rituals:
        by_colony[ritual.colony_id][ritual.pk] = kept.get(ritual.colony_id, {}).get(ritual.pk, 0)
    weighed = [_weights(counts) for counts in by_colony.values()]
    rows = [shares([weights.get(ritual.pk, 0) for ritual in rituals]) for weights in weighed]
    alike = _likeness(guild, rituals, at=at)
    found = tuple(partition(rows, order=order, likeness=alike) for order in ORDERS)
    return Cultures(at.date(), len(by_colony), len(rituals), found)


def taken_in(guild: UUID) -> list[Taken]:
    """Every taking up within the guild, and whether the colony has made it its own since."""
    rows = Adoption.objects.filter(guild_id=guild).select_related("ritual", "source")
    return [Taken(row.adopted_at.date(), row.source.title, row.ritual.version > 1) for row in rows]


def changes_since(guild: UUID, *, since: date) -> Change:
    """What happened to the rituals of a guild from a day on."""
    rituals = Ritual.objects.filter(guild_id=guild)
    taken = Adoption.objects.filter(guild_id=guild, adopted_at__date__gte=since)
    titles = tuple(sorted({row.source.title for row in taken.select_related("source")}))
    own = rituals.filter(made_at__date__gte=since).exclude(pk__in=taken.values("ritual_id"))
    return Change(
        since=since,
        taken_up=len(taken),
        of=titles,
        rested=rituals.filter(rested_at__date__gte=since).count(),
        written=own.count(),
    )


def _weights(counts: Mapping[UUID, float]) -> Mapping[UUID, float]:
    return counts if any(counts.values()) else dict.fromkeys(counts, 1.0)


def _kept(guild: UUID, *, since: date, until: date) -> dict[UUID, dict[UUID, float]]:
    """colony -> ritual -> how often kept, for colonies with enough people."""
    rows = Observance.objects.filter(
        guild_id=guild, night__gte=since, night__lte=until, keeping__in=(Keeping.KEPT, Keeping.PARTLY)
    ).order_by()
    people = rows.values("ritual__colony_id").annotate(people=Count("membership_id", distinct=True))
    enough = {row["ritual__colony_id"] for row in people if row["people"] >= FEWEST_PEOPLE}
    found: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for row in rows.values("ritual__colony_id", "ritual_id").annotate(count=Count("pk")):
        if row["ritual__colony_id"] in enough:
            found[row["ritual__colony_id"]][row["ritual_id"]] = row["count"]
    return found


def _likeness(guild: UUID, rituals: Sequence[Ritual], *, at: datetime) -> list[list[float]]:
    """How alike two rituals were: by their steps within one lineage, and not at all across lineages, so that
    two traditions are never taken for one because a machine finds their words alike.
    """
    roots = roots_of(guild)
    versions = RitualVersion.objects.filter(
        guild_id=guild, ritual_id__in=[ritual.pk for ritual in rituals], made_at__lte=at
    ).order_by("number")
    newest = {row.ritual_id: row.text.steps for row in versions}
    steps = [newest.get(ritual.pk, ()) for ritual in rituals]
    root = [roots.get(ritual.pk, ritual.pk) for ritual in rituals]
    size = range(len(rituals))
    return [
        [1.0 if i == j else alike(steps[i], steps[j]) if root[i] == root[j] else 0.0 for j in size]
        for i in size
    ]


def alike(one: Sequence[Step], other: Sequence[Step]) -> float:
    """0 to 1, the same both ways: each step finds its nearest in the other, averaged over all steps."""
    nearest = [max((_alike(step, candidate) for candidate in other), default=0.0) for step in one]
    nearest += [max((_alike(step, candidate) for candidate in one), default=0.0) for step in other]
    return sum(nearest) / len(nearest) if nearest else 1.0


def _alike(one: Step, other: Step) -> float:
    """The mean of both directions: the matcher underneath may differ with the order."""
    return (step_likeness(one, other) + step_likeness(other, one)) / 2
