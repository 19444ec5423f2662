"""The sample guild: a cast that holds every office, forty dreams, two lounges, and one session that is over.

For looking around in. Everything is made through the same services that people use, so the sample's ledger,
consents and dreamscape are as real as any.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from governance.consent.enums import Purpose
from governance.offices import services as offices
from guild.dreamers.models import Dreamer
from guild.embedded.sample_signins import ADDRESS, GUILD, PASSWORD, STRANGERS_GUILD
from guild.journal.nights import sleep_night
from guild.journal.services import write_dream
from guild.portal import sample_colonies
from guild.portal.sample_dreams import MEMBERS_DREAMS, STRANGERS_DREAMS, SampleDream
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from lounges.dreamscapes import services as dreamscapes
from lounges.sessions import loans, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Extent
from lounges.sessions.lending import LoanTerms, Passage
from lounges.sessions.models import Contribution, Lounge, Session

CAST: dict[str, tuple[Office, ...]] = {
    "Ayla": (Office.DREAMER, Office.ARCHITECT, Office.STEWARD),
    "Finn": (Office.DREAMER, Office.TECHNICIAN),
    "Lara": (Office.DREAMER, Office.LEADER),
    "Ezra": (Office.DREAMER, Office.ENFORCER),
    "Mira": (Office.DREAMER,),
}
ZONES = {"Ayla": "Europe/Lisbon", "Finn": "Europe/Helsinki", "Lara": "America/Montevideo"}
DEPTHS = {"Ayla": 0.6, "Finn": 0.4, "Lara": 0.5, "Ezra": 0.3, "Mira": 0.4}
WITHOUT_QUOTE = frozenset({"Ezra"})  # lends his dream to the blend, and keeps its words to himself

ASSOCIATIONS = (
    ("Finn", "Mira", "The tap that is a telephone: our landline at home rang whenever the pipes froze."),
    ("Lara", "Ayla", "It puts me in mind of the stairs at the ferry, wet even when it had not rained."),
    ("Mira", "Finn", "i keep thinking of the sound a lift makes between two floors"),
    ("Ayla", "Lara", "A kitchen at night with only the oven light on."),
)


@dataclass(frozen=True)
class Company:
    """A guild with its members by name, and each one's dream that is meant for the circle."""

    guild: Guild
    members: dict[str, Membership]
    circle: dict[str, UUID]


def is_loaded() -> bool:
    """Whether the sample's accounts exist already."""
    return Dreamer.objects.filter(email=ADDRESS.format("ayla")).exists()


def load(say: Callable[[str], None] = lambda sentence: None) -> None:
    """Make both sample guilds, all or nothing. Call only when `is_loaded()` is false."""
    with transaction.atomic():
        company = _settle("The Lantern Guild", GUILD, CAST, MEMBERS_DREAMS)
        _settle("The Harbour Guild", STRANGERS_GUILD, {"Zed": CAST["Ayla"]}, STRANGERS_DREAMS)
        session = _hold_session(company)
        run = _request_blend(company, session)
        rituals = sample_colonies.settle(company.members)
    say(f"{company.guild.name}: {len(company.members)} members, {len(MEMBERS_DREAMS)} dreams.")
    dreamscapes.perform_blend(run_id=run, guild_id=company.guild.pk)
    _finish(company, session)
    say(f"One session is over: {session.title}.")
    say(f"{len(sample_colonies.COLONIES)} colonies keep {rituals} rituals.")


def _settle(
    name: str, slug: str, cast: dict[str, tuple[Office, ...]], dreams: tuple[SampleDream, ...]
) -> Company:
    accounts = {person: _account(person) for person in cast}
    first, *others = cast
    members = {first: _found(name, slug, accounts[first], cast[first])}
    for person in others:
        members[person] = _admit(members[first], accounts[person], cast[person])
    circle = {}
    for dream in dreams:
        written = _write(accounts[dream.dreamer], dream)
        if dream.circle:
            circle[dream.dreamer] = written
    return Company(members[first].guild, members, circle)


DESCRIPTIONS = {
    GUILD: "A small circle that tells its dreams on Thursdays and keeps a light on for whoever is late.",
    STRANGERS_GUILD: "Night workers on the quay, who dream by day.",
}


def _account(name: str) -> Dreamer:
    address = ADDRESS.format(name.lower())
    zone = ZONES.get(name, "Europe/London")
    dreamer = Dreamer.objects.create_user(address, PASSWORD, name=name, time_zone=zone)
    EmailAddress.objects.create(user=dreamer, email=address, verified=True, primary=True)
    return dreamer


def _found(name: str, slug: str, dreamer: Dreamer, held: tuple[Office, ...]) -> Membership:
    """The guild's first member, who is its steward and appoints themself to what else they hold."""
    founder = offices.found(
        by=dreamer.pk, display_name=dreamer.name, name=name, slug=slug, description=DESCRIPTIONS[slug]
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


def _hold_session(company: Company) -> Session:
    """The whole of a session, each step as the member whose step it is."""
    host = company.members["Ayla"]
    with tenant(guild=company.guild.pk, dreamer=host.dreamer_id):
        lounge = _lounges(host)
        session = services.create(lounge=lounge, by=host, title="What the house kept")
    for member in company.members.values():
        with tenant(guild=company.guild.pk, dreamer=member.dreamer_id):
            services.join(session=session, by=member, terms=terms_of(session.confidentiality).digest)
    lent = _lend(company, session)
    _associate(company, session, lent)
    return session


def _lounges(host: Membership) -> Lounge:
    services.make_lounge(
        by=host, name="The Long Table", description="Mornings, with coffee. Dreams told while still warm."
    )
    return services.make_lounge(
        by=host, name="Thursday Circle", description="An open circle every Thursday evening; all are welcome."
    )


def _lend(company: Company, session: Session) -> dict[str, Contribution]:
    _move_to(company, session, "sharing")
    lent = {}
    for name, dream in company.circle.items():
        member = company.members[name]
        granted = {
            Purpose.SHARE_IN_SESSION: True,
            Purpose.BLEND: True,
            Purpose.QUOTE: name not in WITHOUT_QUOTE,
            Purpose.PUBLISH_TO_GUILD: False,
        }
        terms = LoanTerms(granted, DEPTHS[name], None)
        with tenant(guild=company.guild.pk, dreamer=member.dreamer_id):
            lent[name], _ = loans.share(
                session=session, by=member, dream_id=dream, passage=Passage(Extent.WHOLE), terms=terms
            )
    return lent


def _associate(company: Company, session: Session, lent: dict[str, Contribution]) -> None:
    _move_to(company, session, "associating")
    for name, about, text in ASSOCIATIONS:
        member = company.members[name]
        with tenant(guild=company.guild.pk, dreamer=member.dreamer_id):
            loans.associate(session=session, by=member, contribution_id=lent[about].pk, text=text)


def _request_blend(company: Company, session: Session) -> UUID:
    _move_to(company, session, "blending")
    host = company.members["Ayla"]
    with tenant(guild=company.guild.pk, dreamer=host.dreamer_id):
        return dreamscapes.request_blend(session=session, by=host, key=uuid4()).pk


def _finish(company: Company, session: Session) -> None:
    _move_to(company, session, "closing")
    host = company.members["Ayla"]
    with tenant(guild=company.guild.pk, dreamer=host.dreamer_id):
        services.close(session=session, by=host)


def _move_to(company: Company, session: Session, stage: str) -> None:
    host = company.members["Ayla"]
    with tenant(guild=company.guild.pk, dreamer=host.dreamer_id):
        services.set_stage(session=session, by=host, stage=stage)
