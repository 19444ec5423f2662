"""A colony of the Lantern guild, made through the services, each step as the member whose step it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from colonies.exchange import asking as asking_for
from colonies.exchange import evenings, house, selectors
from colonies.exchange import services as exchange
from colonies.exchange.enums import Terms
from colonies.exchange.evening_models import Evening
from colonies.exchange.evenings import Proposal
from colonies.exchange.house_models import HouseOffer
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
from tests.laws import enacted

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


def open_to_house(*stewards: Membership, partners: Sequence[UUID] = ()) -> None:
    """The guilds of these stewards let rituals travel to and from other guilds."""
    for steward in stewards:
        with inside(steward):
            enacted(steward, exchange_reach="house", exchange_partners=" ".join(map(str, partners)))


def offer_to_house(by: Membership, ritual: Ritual, terms: str = Terms.LINEAGE, word: str = "") -> HouseOffer:
    with inside(by):
        return house.offer_beyond(by=by, ritual=ritual, terms=terms, word=word)


def an_evening(cast: Cast, ours: Ritual, theirs: Ritual, *, days: int) -> Evening:
    """Of two colonies that Lara leads, at nine in the evening so many days from now, agreed."""
    now = timezone.now()
    starts = datetime.combine(now.date() + timedelta(days=days), time(21))
    before = min(now, now + timedelta(days=days - 2))
    with inside(cast.lara):
        proposal = Proposal(ours=ours, theirs=theirs, starts=starts, zone="Europe/London")
        row = evenings.propose(by=cast.lara, proposal=proposal, now=before)
        evenings.answer(by=cast.lara, evening=row, agree=True, now=before)
        return evenings.evening_for(cast.lara, row.pk)


def exchanged(cast: Cast, ritual: Ritual) -> tuple[Ritual, dict[str, Any]]:
    """A second colony of Lara's: it asks for a ritual, gives one, and has kept an evening with the first; and
    what the neighbouring guild offers. The ritual that the first took up, and the rest by their names.
    """
    salt, colony = found(cast.lara, name="Salt and Bread"), ritual.colony
    bread = write(cast.lara, salt, replace(LAMP, title="Bread"))
    asked = write(cast.lara, colony, replace(LAMP, title="Tea"))
    given = offer_of(cast.lara, bread)
    by_request = offer_of(cast.lara, asked, terms=Terms.REQUEST)
    with inside(cast.lara):
        taken = exchange.adopt(by=cast.lara, row=given, colony=colony)
        asking = asking_for.ask(by=cast.lara, row=by_request, colony=salt)
        came = selectors.adoption_of(taken)
    evening = an_evening(cast, ritual, bread, days=-1)
    with inside(cast.mira):
        word = exchange.speak(by=cast.mira, adoption=came, kind="thanks", text="It keeps us.")
        note = evenings.note(by=cast.mira, evening=evening, text="We hummed.")
    open_to_house(cast.ayla, cast.zed)
    night = write(cast.zed, found(cast.zed, name="Night Shift"), LAMP)
    return taken, {
        "asking_id": asking.pk,
        "evening_id": evening.pk,
        "word_id": word.pk,
        "note_id": note.pk,
        "house_offer_id": offer_to_house(cast.zed, night).pk,
    }


def kept_in(cast: Cast) -> dict[str, Any]:
    """What the addresses of a colony need, for the table of routes."""
    colony, first, asking = a_colony(cast)
    ritual, passed_on = exchanged(cast, first)
    schedule = every_night(cast.lara, ritual)
    return passed_on | {
        "colony_slug": colony.slug,
        "belonging_id": asking.pk,
        "ritual_id": ritual.pk,
        "number": 1,
        "schedule_id": schedule.pk,
        "offer_id": offer_of(cast.lara, first).pk,
        "night": reckoning_of(cast.mira.dreamer).night_of(timezone.now()).isoformat(),
    }
