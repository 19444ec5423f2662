"""The sample guild: a cast that holds every office, forty dreams, two lounges, two sessions that are over,
and a law that was voted on.

For looking around in. Everything is made through the same services that people use, so the sample's ledger,
consents and dreamscapes are as real as any. One thing is not: see `sample_manipulation`.
"""

from collections.abc import Callable
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from governance.offices import services as offices
from guild.dreamers.models import Dreamer
from guild.embedded.sample_signins import ADDRESS, GUILD, PASSWORD, STRANGERS_GUILD
from guild.journal.nights import sleep_night
from guild.journal.services import write_dream
from guild.portal import sample_colonies, sample_law
from guild.portal.sample_colonies.given_on import pass_on
from guild.portal.sample_dreams import MEMBERS_DREAMS, STRANGERS_DREAMS, SampleDream
from guild.portal.sample_evenings import HOST, Company, Evening, ask_for_blend, close, hold
from guild.portal.sample_manipulation import manipulate_and_audit
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from lounges.dreamscapes import services as dreamscapes
from lounges.sessions.models import Lounge
from lounges.sessions.services import make_lounge

CAST: dict[str, tuple[Office, ...]] = {
    "Ayla": (Office.DREAMER, Office.ARCHITECT, Office.STEWARD),
    "Finn": (Office.DREAMER, Office.TECHNICIAN),
    "Lara": (Office.DREAMER, Office.LEADER, Office.ENFORCER),  # the second, whom a grave ruling needs
    "Ezra": (Office.DREAMER, Office.ENFORCER),
    "Mira": (Office.DREAMER,),
}
ZONES = {"Ayla": "Europe/Lisbon", "Finn": "Europe/Helsinki", "Lara": "America/Montevideo"}

LONG_TABLE = "Mornings, with coffee. Dreams told while still warm."
THURSDAY_CIRCLE = "An open circle every Thursday evening; all are welcome."

CIRCLE = {dream.dreamer: dream.title for dream in MEMBERS_DREAMS if dream.circle}
WAITING_ROOMS = {"Mira": "ticket machine", "Finn": "Same queue", "Lara": "Geese at the station"}
ASSOCIATIONS = (
    ("Finn", "Mira", "The tap that is a telephone: our landline at home rang whenever the pipes froze."),
    ("Lara", "Ayla", "It puts me in mind of the stairs at the ferry, wet even when it had not rained."),
    ("Mira", "Finn", "i keep thinking of the sound a lift makes between two floors"),
    ("Ayla", "Lara", "A kitchen at night with only the oven light on."),
)


def is_loaded() -> bool:
    """Whether the sample's accounts exist already."""
    return Dreamer.objects.filter(email=ADDRESS.format("ayla")).exists()


def load(say: Callable[[str], None] = lambda sentence: None) -> None:
    """Make both sample guilds, all or nothing, and let an audit find what was then done behind their back.

    Call only when `is_loaded()` is false.
    """
    with transaction.atomic():
        company = _settle("The Lantern Guild", GUILD, CAST, MEMBERS_DREAMS)
        harbour = _settle("The Harbour Guild", STRANGERS_GUILD, {"Zed": CAST["Ayla"]}, STRANGERS_DREAMS)
        morning_table, circle = _lounges(company)
        evenings = [
            hold(company, Evening("What the house kept", circle, CIRCLE, said=ASSOCIATIONS)),
            hold(company, Evening("Waiting rooms", morning_table, WAITING_ROOMS)),
        ]
        house = evenings[0]
        sample_law.hide_what_nobody_asked(company.members, session=house.session, about=house.lent["Lara"])
        runs = [ask_for_blend(company, held) for held in evenings]
        rituals = sample_colonies.settle(company.members)
        pass_on(company.members, neighbour=harbour.members["Zed"])
        sample_law.approve_an_experience(company.members)
        sample_law.deliberate(company.members)
    say(f"{company.guild.name}: {len(company.members)} members, {len(MEMBERS_DREAMS)} dreams.")
    for run in runs:
        dreamscapes.perform_blend(run_id=run, guild_id=company.guild.pk)
    for held in evenings:
        close(company, held)
        say(f"One session is over: {held.session.title}.")
    say(f"{len(sample_colonies.COLONIES)} colonies keep {rituals} rituals.")
    found = manipulate_and_audit(company, evenings[-1])
    say(f"Somebody changed a lent dream past the application; an audit found {found}. Ezra and Lara oversee.")


def _settle(
    name: str, slug: str, cast: dict[str, tuple[Office, ...]], dreams: tuple[SampleDream, ...]
) -> Company:
    accounts = {person: _account(person) for person in cast}
    first, *others = cast
    members = {first: _found(name, slug, accounts[first], cast[first])}
    if others:
        sample_law.decide_alone(members[first])  # before anybody else is there: such a vote ends at once
    for person in others:
        members[person] = _admit(members[first], accounts[person], cast[person])
    written = {(dream.dreamer, dream.title): _write(accounts[dream.dreamer], dream) for dream in dreams}
    return Company(members[first].guild, members, written)


DESCRIPTIONS = {
    GUILD: "A small circle that tells its dreams on Thursdays and keeps a light on for whoever is late.",
    STRANGERS_GUILD: "Night workers on the quay, who dream by day.",
}
LAW = {"exchange_reach": "house", "change_hours": "168", "sponsors": "2", "petition_share": "0.60"}


def _account(name: str) -> Dreamer:
    address = ADDRESS.format(name.lower())
    zone = ZONES.get(name, "Europe/London")
    dreamer = Dreamer.objects.create_user(address, PASSWORD, name=name, time_zone=zone)
    EmailAddress.objects.create(user=dreamer, email=address, verified=True, primary=True)
    return dreamer


def _found(name: str, slug: str, dreamer: Dreamer, held: tuple[Office, ...]) -> Membership:
    """The guild's first member, who is its steward and appoints themself to what else they hold."""
    founder = offices.found(
        by=dreamer.pk,
        display_name=dreamer.name,
        name=name,
        slug=slug,
        description=DESCRIPTIONS[slug],
        law=LAW,
    )
    with tenant(guild=founder.guild_id, dreamer=dreamer.pk):
        for office in set(held) - set(founder.offices):
            founder = offices.appoint(by=founder, member=founder, office=office)
    return founder


def _admit(by: Membership, dreamer: Dreamer, held: tuple[Office, ...]) -> Membership:
    with tenant(guild=by.guild_id, dreamer=by.dreamer_id):
        return offices.admit(by=by, dreamer=dreamer.pk, display_name=dreamer.name, offices=held)


def _write(dreamer: Dreamer, dream: SampleDream) -> UUID:
    tonight = sleep_night(
        timezone.now(), time_zone=dreamer.time_zone, turnover_hour=dreamer.night_turnover_hour
    )
    with tenant(dreamer=dreamer.pk):
        return write_dream(by=dreamer, draft=dream.draft(tonight))


def _lounges(company: Company) -> tuple[Lounge, Lounge]:
    host = company.members[HOST]
    with tenant(guild=company.guild.pk, dreamer=host.dreamer_id):
        return (
            make_lounge(by=host, name="The Long Table", description=LONG_TABLE),
            make_lounge(by=host, name="Thursday Circle", description=THURSDAY_CIRCLE),
        )
