"""What the colonies of a guild really keep, as shares of kinds; and how alike two kinds are."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count

from colonies.exchange.diversity import ORDERS, Partition, partition, shares
from colonies.exchange.models import Adoption
from colonies.exchange.pressure import Moment, Taken, notices
from colonies.exchange.selectors import roots_of
from colonies.rituals.differences import likeness as step_likeness
from colonies.rituals.enums import Keeping
from colonies.rituals.models import Observance, Ritual, RitualVersion
from colonies.rituals.texts import Step
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership

WEEKS = 4
FEWEST_PEOPLE = 5
MONTHS = 6
A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Cultures:
    """The diversity of a guild's rituals at the three orders, of so many colonies and rituals."""

    colonies: int
    rituals: int
    partitions: tuple[Partition, ...]

    @property
    def common(self) -> Partition:
        """At order 1, which weighs each ritual by how much it is practised."""
        return self.partitions[1]


def cultures_for(membership: Membership, *, tonight: date) -> Cultures | None:
    """None while no colony keeps anything. Raises Denied.

    A colony's shares are how often each of its rituals was kept in the last four weeks, where at least five
    people kept something in it; otherwise all of its rituals weigh the same, so that nobody's nights show.
    """
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rituals = list(
        Ritual.objects.filter(
            guild_id=membership.guild_id, rested_at=None, colony__archived_at=None
        ).order_by("id")
    )
    if not rituals:
        return None
    kept = _kept(membership.guild_id, since=tonight - timedelta(weeks=WEEKS))
    by_colony: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for ritual in rituals:
        by_colony[ritual.colony_id][ritual.pk] = kept.get(ritual.colony_id, {}).get(ritual.pk, 0)
    weighed = [_weights(counts) for counts in by_colony.values()]
    rows = [shares([weights.get(ritual.pk, 0) for ritual in rituals]) for weights in weighed]
    alike = _likeness(membership.guild_id, rituals)
    found = tuple(partition(rows, order=order, likeness=alike) for order in ORDERS)
    return Cultures(len(by_colony), len(rituals), found)


def notices_for(membership: Membership, *, now: datetime) -> list[str]:
    """What the guild is told of its own cultures today. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    adoptions = list(Adoption.objects.filter(guild_id=membership.guild_id).select_related("ritual", "source"))
    taken = [Taken(row.adopted_at.date(), row.source.title, row.ritual.version > 1) for row in adoptions]
    return notices(_history(membership.guild_id, now=now), taken)


def _history(guild: UUID, *, now: datetime) -> list[Moment]:
    """Month by month, oldest first: which rituals each colony kept then, all weighing the same, with adopted
    ones counted as their source until they were adapted. Nobody's nights are needed for it.
    """
    rituals = list(Ritual.objects.filter(guild_id=guild).select_related("colony"))
    kinds = _kinds_through_time(guild)
    moments = []
    for back in range(MONTHS, -1, -1):
        at = now - A_MONTH * back
        kept: dict[UUID, list[UUID]] = defaultdict(list)
        for ritual in rituals:
            if _was_kept(ritual, at):
                kept[ritual.colony_id].append(kinds(ritual.pk, at))
        if kept:
            every = sorted({kind for colony in kept.values() for kind in colony})
            rows = [shares([colony.count(kind) for kind in every]) for colony in kept.values()]
            moments.append(Moment(at.date(), len(kept), partition(rows, order=1).beta))
    return moments


def _was_kept(ritual: Ritual, at: datetime) -> bool:
    """Whether it was written by then, and neither at rest nor its colony archived. A rest that has ended is
    forgotten: the ritual then counts as kept all along.
    """
    ended = [moment for moment in (ritual.rested_at, ritual.colony.archived_at) if moment is not None]
    return ritual.made_at <= at and all(moment > at for moment in ended)


def _kinds_through_time(guild: UUID) -> Callable[[UUID, datetime], UUID]:
    source = dict(Adoption.objects.filter(guild_id=guild).values_list("ritual_id", "source_id"))
    second = dict(RitualVersion.objects.filter(guild_id=guild, number=2).values_list("ritual_id", "made_at"))

    def kind(identity: UUID, at: datetime) -> UUID:
        while identity in source and not (identity in second and second[identity] <= at):
            identity = source[identity]
        return identity

    return kind


def _weights(counts: Mapping[UUID, float]) -> Mapping[UUID, float]:
    return counts if any(counts.values()) else dict.fromkeys(counts, 1.0)


def _kept(guild: UUID, *, since: date) -> dict[UUID, dict[UUID, float]]:
    """colony -> ritual -> how often kept, for colonies with enough people."""
    rows = Observance.objects.filter(
        guild_id=guild, night__gte=since, keeping__in=(Keeping.KEPT, Keeping.PARTLY)
    ).order_by()
    people = rows.values("ritual__colony_id").annotate(people=Count("membership_id", distinct=True))
    enough = {row["ritual__colony_id"] for row in people if row["people"] >= FEWEST_PEOPLE}
    found: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for row in rows.values("ritual__colony_id", "ritual_id").annotate(count=Count("pk")):
        if row["ritual__colony_id"] in enough:
            found[row["ritual__colony_id"]][row["ritual_id"]] = row["count"]
    return found


def _likeness(guild: UUID, rituals: Sequence[Ritual]) -> list[list[float]]:
    """How alike two rituals are: by their steps within one lineage, and not at all across lineages, so that
    two traditions are never taken for one because a machine finds their words alike.
    """
    roots = roots_of(guild)
    versions = RitualVersion.objects.filter(guild_id=guild, ritual_id__in=[ritual.pk for ritual in rituals])
    newest = {(row.ritual_id, row.number): row for row in versions}
    steps = [newest[(ritual.pk, ritual.version)].text.steps for ritual in rituals]
    root = [roots.get(ritual.pk, ritual.pk) for ritual in rituals]
    size = range(len(rituals))
    return [
        [1.0 if i == j else alike(steps[i], steps[j]) if root[i] == root[j] else 0.0 for j in size]
        for i in size
    ]


def alike(one: Sequence[Step], other: Sequence[Step]) -> float:
    """0 to 1, the same both ways: each step finds its nearest in the other, averaged over all steps."""
    nearest = [max(_alike(step, candidate) for candidate in other) for step in one]
    nearest += [max(_alike(step, candidate) for candidate in one) for step in other]
    return sum(nearest) / len(nearest)


def _alike(one: Step, other: Step) -> float:
    """The mean of both directions: the matcher underneath may differ with the order."""
    return (step_likeness(one, other) + step_likeness(other, one)) / 2
