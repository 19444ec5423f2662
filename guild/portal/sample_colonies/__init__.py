"""The sample guild's colonies: three, with rituals of nine traditions, their times, and weeks of keeping.

Made through the same services that people use, each step as the member whose step it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from colonies.rituals import belonging, observing, scheduling, selectors, services, writing
from colonies.rituals.enums import Admission, Keeping, Part
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.recurrence import Kind, Rhythm
from colonies.rituals.services import About
from colonies.rituals.texts import RitualText
from guild.journal.selectors import reckoning_of
from guild.portal.sample_colonies import after_dark, lamplighters, still_water
from guild.portal.sample_colonies.nights import write_nights
from guild.portal.sample_colonies.seats import seat_of
from guild.tenancy.models import Membership

NIGHTS = 20  # of keeping before today


@dataclass(frozen=True)
class Time:
    """When a ritual is kept: by everybody's own clock, or together by that of `zone`."""

    at: time
    rule: str
    zone: str = ""


@dataclass(frozen=True)
class SampleColony:
    """A colony, who leads it, who belongs, and what it keeps when."""

    about: About
    leader: str
    members: tuple[str, ...]
    rituals: tuple[tuple[RitualText, Time | None], ...]


COLONIES = (
    SampleColony(
        About(
            name="Lamplighters",
            tradition="Houses by the water, on both sides of the Atlantic",
            charter="We put the house to bed, each in our own, at our own hour. On Thursdays we sit "
            "together for the last round.\n\nWhoever cannot, does not. Nobody counts.",
            admission=Admission.REQUEST,
        ),
        "Lara",
        ("Mira", "Ezra", "Finn", "Ayla"),
        (
            (lamplighters.HOUSE_TO_BED, Time(time(22, 0), "FREQ=DAILY")),
            (lamplighters.MATE, Time(time(20, 0), "FREQ=WEEKLY;BYDAY=TH", "America/Montevideo")),
        ),
    ),
    SampleColony(
        About(
            name="Still Water",
            tradition="Quiet ends of the day, learnt from others and credited to them",
            charter="What we keep here belongs to those we learnt it from. We say whose it is, we keep it "
            "as it was given, and what we change we say we changed.",
            admission=Admission.OPEN,
        ),
        "Mira",
        ("Finn", "Lara"),
        (
            (still_water.KINDNESS, Time(time(22, 45), "FREQ=DAILY")),
            (still_water.EVENING_BATH, Time(time(21, 0), "FREQ=WEEKLY;BYDAY=WE,SU")),
            (still_water.LOOKING_BACK, None),
        ),
    ),
    SampleColony(
        About(
            name="After Dark",
            tradition="What our families did when the lamps were lit",
            charter="Each of us brought one evening from home. Sundays there is a story.",
            admission=Admission.INVITATION,
        ),
        "Ezra",
        ("Ayla", "Finn"),
        (
            (after_dark.STORY, Time(time(21, 0), "FREQ=WEEKLY;BYDAY=SU", "Europe/Lisbon")),
            (after_dark.BEDDING, Time(time(22, 30), "FREQ=DAILY")),
            (after_dark.FORGIVING, None),
            (after_dark.WORRIES, Time(time(19, 30), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH")),
        ),
    ),
)
DIARISTS = ("Lara", "Mira")
FOUNDER = "Ayla"  # a steward, who names the others leaders of what they lead


def settle(members: Mapping[str, Membership], *, today: date | None = None) -> int:
    """Make all of it in the guild of `members`, by name; how many rituals there are."""
    first = (today or timezone.now().date()) - timedelta(days=NIGHTS + 1)
    count = 0
    for sample in COLONIES:
        colony = _founded(sample, members)
        for text, kept in sample.rituals:
            ritual = _written(colony, text, kept, by=members[sample.leader], first=first)
            count += 1
            if kept is not None and kept.rule == "FREQ=DAILY":
                _keep(ritual, [members[name] for name in (sample.leader, *sample.members)])
    for name in DIARISTS:
        with seat_of(members[name]):
            tonight = reckoning_of(members[name].dreamer).night_of(timezone.now())
            write_nights(members[name], tonight=tonight, nights=NIGHTS)
    return count


def _founded(sample: SampleColony, members: Mapping[str, Membership]) -> Colony:
    founder = members[FOUNDER]
    with seat_of(founder):
        colony = services.found(by=founder, about=sample.about)
    for name in (sample.leader, *sample.members):
        if name != FOUNDER:
            _come_in(members[name], colony, by=founder)
    with seat_of(founder):
        row = selectors.belonging_of(colony, members[sample.leader])
        if row is not None:
            belonging.give_part(by=founder, belonging=row, part=Part.LEADER)
        if FOUNDER not in sample.members:
            belonging.leave(by=founder, colony=colony)
    return colony


def _come_in(member: Membership, colony: Colony, *, by: Membership) -> None:
    with seat_of(by):
        belonging.invite(by=by, colony=colony, member=member)
    with seat_of(member):
        belonging.join(by=member, colony=colony)


def _written(colony: Colony, text: RitualText, kept: Time | None, *, by: Membership, first: date) -> Ritual:
    with seat_of(by):
        ritual = writing.write(by=by, colony=colony, text=text)
        if text is lamplighters.MATE:
            version = selectors.newest_of(ritual)
            version.ritual = ritual
            writing.translate(by=by, version=version, wording=lamplighters.THE_LAST_ROUND)
        if kept is not None:
            kind = Kind.TOGETHER if kept.zone else Kind.LOCAL
            starts = datetime.combine(first, kept.at)
            rhythm = Rhythm(kind, starts, zone=kept.zone, rule=kept.rule)
            scheduling.schedule(by=by, ritual=ritual, rhythm=rhythm)
    return ritual


def _keep(ritual: Ritual, members: list[Membership]) -> None:
    """Three weeks, in which everybody misses some nights and nobody the same ones."""
    for place, member in enumerate(members):
        tonight = reckoning_of(member.dreamer).night_of(timezone.now())
        with seat_of(member):
            for back in range(1, NIGHTS + 1):
                if (back * 3 + place * 5) % 7 in (0, 3):
                    continue
                keeping = Keeping.PARTLY if (back + place) % 6 == 0 else Keeping.KEPT
                night = tonight - timedelta(days=back)
                observing.observe(by=member, ritual=ritual, night=night, keeping=keeping)
