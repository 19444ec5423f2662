"""Reads of offers, of what was asked, and of where a ritual comes from."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from colonies.exchange.enums import Answer
from colonies.exchange.house_models import HouseAdoption
from colonies.exchange.models import Adoption, Asking, Offer, Word
from colonies.rituals.enums import LEADING_PARTS, Standing
from colonies.rituals.models import Belonging, Colony, Ritual
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Origin:
    """From whom a ritual came, and what that asks of those who keep it now."""

    giver: str
    terms: str
    credit: str
    by_request: bool = False


def offers_for(membership: Membership) -> list[Offer]:
    """Every offer that stands in the member's guild, newest first, with ritual and colony. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rows = Offer.objects.filter(
        guild_id=membership.guild_id,
        withdrawn_at=None,
        ritual__rested_at=None,
        ritual__colony__archived_at=None,
    )
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
    """Where a ritual comes from within the guild; None for what was written here, or is of another guild."""
    rows = Adoption.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk)
    return rows.select_related("source", "source__colony").first()


def house_adoption_of(ritual: Ritual) -> HouseAdoption | None:
    """Which offer of another guild a ritual was taken up from."""
    return HouseAdoption.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk).first()


def origin_of(ritual: Ritual) -> Origin | None:
    """From whom it came, in this guild or from another; None for what was written here."""
    came = adoption_of(ritual)
    if came is not None:
        return Origin(came.source.colony.name, came.terms, came.credit, came.by_request)
    from_afar = house_adoption_of(ritual)
    if from_afar is not None:
        giver = f"{from_afar.document['colony']} ({from_afar.document['guild']['name']})"
        return Origin(giver, from_afar.terms, from_afar.credit)
    return None


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


def askings_for(membership: Membership) -> list[Asking]:
    """What waits for an answer of the member, as one who leads the colony that gives. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    led = [colony.pk for colony in colonies_led_by(membership)]
    rows = Asking.objects.filter(
        guild_id=membership.guild_id, answer=Answer.OPEN, offer__ritual__colony_id__in=led
    )
    return list(rows.select_related("offer__ritual__colony", "colony", "asked_by"))


def asked_by_colonies_of(membership: Membership) -> list[Asking]:
    """What the colonies that the member leads have asked for, newest first, with what was answered. Raises
    Denied.
    """
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    led = [colony.pk for colony in colonies_led_by(membership)]
    rows = Asking.objects.filter(guild_id=membership.guild_id, colony_id__in=led).exclude(
        answer=Answer.TAKEN_BACK
    )
    return list(rows.select_related("offer__ritual__colony", "colony").order_by("-asked_at"))


def asking_for(membership: Membership, asking_id: UUID) -> Asking:
    """One that waits, with all it is about; the services decide who may answer it. Raises Http404, Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rows = Asking.objects.filter(guild_id=membership.guild_id, pk=asking_id)
    found = rows.select_related("offer__ritual__colony", "colony").first()
    if found is None:
        raise Http404("Nobody has asked this, or it was taken back.")
    return found


def words_for(membership: Membership, adoptions: list[UUID]) -> list[Word]:
    """Thanks and stories that were sent back along these adoptions, newest first."""
    rows = Word.objects.filter(guild_id=membership.guild_id, adoption_id__in=adoptions)
    return list(rows.select_related("author", "adoption__ritual__colony"))


def word_of(membership: Membership, word_id: UUID) -> Word:
    """A word of the member's own. Raises Http404."""
    rows = Word.objects.filter(guild_id=membership.guild_id, pk=word_id, author_id=membership.pk)
    found = rows.select_related("adoption__ritual__colony").first()
    if found is None:
        raise Http404("There is no such word of yours.")
    return found


def kept_rituals_for(membership: Membership) -> list[Ritual]:
    """Every ritual of the guild that is kept, with its colony, by title. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    rows = Ritual.objects.filter(
        guild_id=membership.guild_id, rested_at=None, colony__archived_at=None
    ).select_related("colony")
    return list(rows)
