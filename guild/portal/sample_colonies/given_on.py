"""What passes between the colonies of the sample: one ritual made one's own, one that is asked for, an
evening that two colonies keep together, and one from the neighbouring guild.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from colonies.exchange import asking, evenings, house, selectors, services
from colonies.exchange.enums import Terms, WordKind
from colonies.exchange.evenings import Proposal
from colonies.rituals import services as colonies
from colonies.rituals import writing
from colonies.rituals.enums import Admission
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.selectors import newest_of
from colonies.rituals.services import About
from colonies.rituals.texts import RitualText, Step
from guild.portal.sample_colonies.seats import seat_of
from guild.tenancy.models import Membership

QUAY = About(
    name="The Night Shift",
    tradition="Those who come off the quay when others get up",
    charter="We make it dark at nine in the morning, and quiet, each for the other.",
    admission=Admission.REQUEST,
)
DARK_AT_NINE = RitualText(
    title="Making it dark at nine",
    intention="To tell the body that the night begins now, whatever the sun says.",
    tradition="Shift workers of the harbour",
    source="Zed and the crew of the second crane, over eleven winters.",
    credit="The crew of the second crane",
    contraindications="Not before driving home: keep it when you have arrived.",
    steps=(
        Step("light", "Close the shutters in every room that you pass.", 60, "A strip of light, then none."),
        Step("washing", "Wash the harbour off: hands, face, neck, with warm water.", 120),
        Step("silence", "Sit on the edge of the bed until you no longer hear the crane.", 180),
    ),
)
THE_WAY_HOME = Step("preparing", "Leave the stairs lit for whoever comes after midnight.", 30)


def pass_on(members: Mapping[str, Membership], *, neighbour: Membership) -> None:
    """In the guild of `members`, by name, and in that of `neighbour`, who is a steward there."""
    _make_it_ones_own(members["Lara"], members["Ezra"])
    _ask(members["Mira"], members["Ezra"])
    _agree_on_an_evening(members["Lara"], members["Ezra"])
    with seat_of(neighbour):
        colony = colonies.found(by=neighbour, about=QUAY)
        ritual = writing.write(by=neighbour, colony=colony, text=DARK_AT_NINE)
        word = "For anybody who sleeps while others work."
        house.offer_beyond(by=neighbour, ritual=ritual, terms=Terms.LINEAGE, word=word)


def _make_it_ones_own(giver: Membership, taker: Membership) -> None:
    with seat_of(giver):
        given = _ritual("Putting the house to bed")
        offer = services.offer(
            by=giver, ritual=given, terms=Terms.LINEAGE, word="Keep the light in the window."
        )
    with seat_of(taker):
        taken = services.adopt(by=taker, row=offer, colony=_colony("after-dark"))
        text = newest_of(taken).text
        own = replace(text, steps=(*text.steps, THE_WAY_HOME))
        why = "Most of us live up four flights, and somebody always comes late."
        writing.revise(by=taker, ritual=taken, text=own, note=why, on=1)
        came = selectors.adoption_of(taken)
        if came is not None:
            came.ritual = taken
            thanks = "Since we keep it, nobody here falls asleep on the sofa with the lights on."
            services.speak(by=taker, adoption=came, kind=WordKind.THANKS, text=thanks)


def _ask(giver: Membership, asker: Membership) -> None:
    with seat_of(giver):
        rituals = selectors.kept_rituals_for(giver)
        ritual = next(one for one in rituals if one.colony.slug == "still-water")
        offer = services.offer(by=giver, ritual=ritual, terms=Terms.REQUEST)
    with seat_of(asker):
        word = "We would keep it on Sundays, after the story."
        asking.ask(by=asker, row=offer, colony=_colony("after-dark"), word=word)


def _agree_on_an_evening(host: Membership, guest: Membership) -> None:
    starts = datetime.combine(timezone.now().date() + timedelta(days=5), time(21, 0))
    with seat_of(host):
        proposal = Proposal(
            ours=_ritual("La última ronda"),
            theirs=_ritual("A story for after dark"),
            starts=starts,
            zone="Europe/Lisbon",
            word="Bring a cup. We bring the kettle.",
        )
        evening = evenings.propose(by=host, proposal=proposal)
    with seat_of(guest):
        evenings.answer(by=guest, evening=evening, agree=True)


def _ritual(title: str) -> Ritual:
    return Ritual.objects.select_related("colony").get(title=title)


def _colony(slug: str) -> Colony:
    return Colony.objects.get(slug=slug)
