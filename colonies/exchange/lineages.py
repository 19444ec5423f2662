"""Who learnt a ritual from whom: the tree within a guild, and the way it came through other guilds before."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from colonies.exchange.house_models import HouseAdoption
from colonies.exchange.models import Adoption
from colonies.rituals.models import Ritual, RitualVersion

Json = dict[str, Any]


@dataclass(frozen=True)
class Station:
    """Where a ritual was kept before it came to this guild, by the names it carried along."""

    guild: str
    colony: str
    title: str
    language: str
    tradition: str
    credit: str


@dataclass(frozen=True)
class Branch:
    """A ritual in its lineage, and those that were learnt from it. `adoption` is None at the root."""

    ritual: Ritual
    version: RitualVersion
    adoption: Adoption | None
    learnt: tuple["Branch", ...]

    @property
    def is_adapted(self) -> bool:
        return self.adoption is not None and self.ritual.version > 1


@dataclass(frozen=True)
class Lineage:
    """The whole tree that a ritual stands in, with its stations in other guilds, the first one first."""

    stations: tuple[Station, ...]
    root: Branch

    @property
    def branches(self) -> tuple[Branch, ...]:
        return tuple(_walk(self.root))

    @property
    def size(self) -> int:
        return len(self.stations) + len(self.branches)


def lineage_of(ritual: Ritual) -> Lineage:
    """From its first beginning on; the same number of queries however large it is."""
    adoptions = list(Adoption.objects.filter(guild_id=ritual.guild_id))
    source = {row.ritual_id: row for row in adoptions}
    learnt: dict[UUID, list[Adoption]] = defaultdict(list)
    for row in adoptions:
        learnt[row.source_id].append(row)
    root = ritual.pk
    while root in source:
        root = source[root].source_id
    members = list(_below(root, learnt))
    rituals = {row.pk: row for row in Ritual.objects.filter(pk__in=members).select_related("colony")}
    versions = RitualVersion.objects.filter(guild_id=ritual.guild_id, ritual_id__in=members)
    texts = {(row.ritual_id, row.number): row for row in versions}

    def branch(identity: UUID) -> Branch:
        below = tuple(branch(row.ritual_id) for row in learnt[identity])
        row = rituals[identity]
        return Branch(row, texts[(identity, row.version)], source.get(identity), below)

    return Lineage(stations_before(rituals[root]), branch(root))


def stations_before(root: Ritual) -> tuple[Station, ...]:
    """The way by which the root of a lineage came into this guild; none for what was written in it."""
    row = HouseAdoption.objects.filter(guild_id=root.guild_id, ritual_id=root.pk).first()
    return () if row is None else tuple(_station(one) for one in row.document["trail"])


def trail_of(ritual: Ritual, *, guild_name: str) -> list[Json]:
    """All stations of a ritual up to itself, as they go along when it is offered to other guilds."""
    lineage = lineage_of(ritual)
    way = _way_to(lineage.root, ritual.pk)
    return [vars(one) for one in lineage.stations] + [
        {
            "guild": guild_name,
            "colony": branch.ritual.colony.name,
            "title": branch.version.title,
            "language": branch.version.language,
            "tradition": branch.version.tradition,
            "credit": branch.version.credit,
        }
        for branch in way
    ]


def roots_of(guild: UUID) -> dict[UUID, UUID]:
    """For every adopted ritual of a guild, the ritual that its lineage begins with."""
    source = dict(Adoption.objects.filter(guild_id=guild).values_list("ritual_id", "source_id"))

    def root(identity: UUID) -> UUID:
        while identity in source:
            identity = source[identity]
        return identity

    return {identity: root(identity) for identity in source}


def _station(one: Json) -> Station:
    return Station(*(one[name] for name in ("guild", "colony", "title", "language", "tradition", "credit")))


def _walk(branch: Branch) -> Iterator[Branch]:
    yield branch
    for below in branch.learnt:
        yield from _walk(below)


def _below(root: UUID, learnt: dict[UUID, list[Adoption]]) -> Iterator[UUID]:
    yield root
    for row in learnt[root]:
        yield from _below(row.ritual_id, learnt)


def _way_to(branch: Branch, ritual: UUID) -> tuple[Branch, ...]:
    """From a branch down to the ritual; nothing where it is not below."""
    if branch.ritual.pk == ritual:
        return (branch,)
    for below in branch.learnt:
        if way := _way_to(below, ritual):
            return (branch, *way)
    return ()
