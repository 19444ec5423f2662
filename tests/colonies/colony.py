"""A colony of the Lantern guild, made through the services, each step as the member whose step it is."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from colonies.exchange import services as exchange
from colonies.exchange.enums import Terms
from colonies.exchange.models import Offer
from colonies.rituals import belonging, scheduling, services, writing
from colonies.rituals.enums import Admission
from colonies.rituals.models import Belonging, Colony, Ritual, Schedule
from colonies.rituals.recurrence import Kind, Rhythm
from colonies.rituals.services import About
from colonies.rituals.texts import RitualText, Step
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast

DUSK = datetime.fromisoformat("2026-11-20T21:30")
LAMP = RitualText(
    title="The lamp", steps=(Step("light", "Put out the lamp and say whose light it was.", 60),)
)


def inside(member: Membership):
    """What that member's own request would see."""
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def found(member: Membership, name: str = "Lamplighters", admission: str = Admission.REQUEST) -> Colony:
    with inside(member):
        return services.found(by=member, about=About(name=name, admission=admission))


def come_in(member: Membership, colony: Colony, *, by: Membership) -> None:
    """The member is invited and accepts."""
    with inside(by):
        belonging.invite(by=by, colony=colony, member=member)
    with inside(member):
        belonging.join(by=member, colony=colony)


def write(by: Membership, colony: Colony, text: RitualText = LAMP) -> Ritual:
    with inside(by):
        return writing.write(by=by, colony=colony, text=text)


def every_night(by: Membership, ritual: Ritual, at: datetime = DUSK, **options: Any) -> Schedule:
    """The ritual is kept every night from then on, wherever one is, unless `options` say otherwise."""
    rhythm = Rhythm(**{"kind": Kind.LOCAL, "starts": at, "rule": "FREQ=DAILY", **options})
    with inside(by):
        return scheduling.schedule(by=by, ritual=ritual, rhythm=rhythm)


def a_colony(cast: Cast) -> tuple[Colony, Ritual, Belonging]:
    """Lara's colony with one ritual; Mira belongs to it, Finn has asked to."""
    colony = found(cast.lara)
    come_in(cast.mira, colony, by=cast.lara)
    ritual = write(cast.lara, colony)
    with inside(cast.finn):
        asking = belonging.join(by=cast.finn, colony=colony)
    return colony, ritual, asking


def offer_of(by: Membership, ritual: Ritual, terms: str = Terms.LINEAGE, word: str = "") -> Offer:
    with inside(by):
        return exchange.offer(by=by, ritual=ritual, terms=terms, word=word)


def kept_in(cast: Cast) -> dict[str, Any]:
    """What the addresses of a colony need, for the table of routes."""
    colony, ritual, asking = a_colony(cast)
    schedule = every_night(cast.lara, ritual)
    return {
        "colony_slug": colony.slug,
        "belonging_id": asking.pk,
        "ritual_id": ritual.pk,
        "number": 1,
        "schedule_id": schedule.pk,
        "offer_id": offer_of(cast.lara, ritual).pk,
        "night": reckoning_of(cast.mira.dreamer).night_of(timezone.now()).isoformat(),
    }
