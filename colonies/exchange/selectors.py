"""Reads of offers and lineages."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from colonies.exchange.models import Adoption, Offer
from colonies.rituals.enums import LEADING_PARTS, Standing
from colonies.rituals.models import Belonging, Colony, Ritual
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Branch:
    """A ritual in its lineage, and those that were learnt from it. `adoption` is None at the root."""

    ritual: Ritual
    adoption: Adoption | None
    learnt: tuple["Branch", ...]

    @property
    def is_adapted(self) -> bool:
        return self.adoption is not None and self.ritual.version > 1


def offers_for(membership: Membership) -> list[Offer]:
    """Every offer that stands in the member's guild, newest first, with ritual and colony. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rows = Offer.objects.filter(guild_id=membership.guild_id, withdrawn_at=None, ritual__rested_at=None)
    return list(rows.select_related("ritual", "ritual__colony", "offered_by"))


def offer_for(membership: Membership, offer_id: UUID) -> Offer:
    """One of them. Raises Http404, Denied."""
    found = next((offer for offer in offers_for(membership) if offer.pk == offer_id), None)
    if found is None:
        raise Http404("There is no such offer, or it was withdrawn.")
    return found


def offer_of(ritual: Ritual) -> Offer | None:
    """The offer of a ritual that stands."""
    return Offer.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk, withdrawn_at=None).first()


def adoption_of(ritual: Ritual) -> Adoption | None:
    """Where a ritual comes from; None for what was written here."""
    rows = Adoption.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk)
    return rows.select_related("source", "source__colony").first()


def colonies_led_by(membership: Membership) -> list[Colony]:
    """The colonies that the member leads or co-leads and that are kept, by name."""
    led = Belonging.objects.filter(
        guild_id=membership.guild_id,
        membership_id=membership.pk,
        standing=Standing.IN,
        part__in=LEADING_PARTS,
        colony__archived_at=None,
    )
    return sorted((row.colony for row in led.select_related("colony")), key=lambda colony: colony.name)


def lineage_of(ritual: Ritual) -> Branch:
    """The whole tree that a ritual stands in, from its root on; two queries however large it is."""
    adoptions = list(Adoption.objects.filter(guild_id=ritual.guild_id))
    source = {row.ritual_id: row for row in adoptions}
    learnt: dict[UUID, list[Adoption]] = defaultdict(list)
    for row in adoptions:
        learnt[row.source_id].append(row)
    rituals = {
        row.pk: row for row in Ritual.objects.filter(guild_id=ritual.guild_id).select_related("colony")
    }
    root = ritual.pk
    while root in source:
        root = source[root].source_id

    def branch(identity: UUID) -> Branch:
        below = tuple(branch(row.ritual_id) for row in learnt[identity])
        return Branch(rituals[identity], source.get(identity), below)

    return branch(root)


def roots_of(guild: UUID) -> dict[UUID, UUID]:
    """For every adopted ritual of a guild, the ritual that its lineage begins with."""
    source = dict(Adoption.objects.filter(guild_id=guild).values_list("ritual_id", "source_id"))

    def root(identity: UUID) -> UUID:
        while identity in source:
            identity = source[identity]
        return identity

    return {identity: root(identity) for identity in source}
