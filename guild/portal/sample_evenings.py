"""The sessions of the sample guild that are over, each step as the member whose step it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from governance.consent.enums import Purpose
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from lounges.dreamscapes import services as dreamscapes
from lounges.sessions import loans, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Extent
from lounges.sessions.lending import LoanTerms, Passage
from lounges.sessions.models import Contribution, Lounge, Session

HOST = "Ayla"
DEPTHS = {"Ayla": 0.6, "Finn": 0.4, "Lara": 0.5, "Ezra": 0.3, "Mira": 0.4}
WITHOUT_QUOTE = frozenset({"Ezra"})  # lends his dream to the blend, and keeps its words to himself


@dataclass(frozen=True)
class Company:
    """A guild with its members by name, and everybody's dreams by dreamer and title."""

    guild: Guild
    members: dict[str, Membership]
    dreams: dict[tuple[str, str], UUID]


@dataclass(frozen=True)
class Evening:
    """One session as it will go: where, who lends which dream (by title), who is there and only listens, and
    what is said to whose dream (by whom, to whose, the words).
    """

    title: str
    lounge: Lounge
    lent: Mapping[str, str]
    listening: Sequence[str] = ()
    said: Sequence[tuple[str, str, str]] = ()


@dataclass
class Held:
    """A session that is under way: what was lent to it, by dreamer."""

    session: Session
    lent: dict[str, Contribution] = field(default_factory=dict)


def hold(company: Company, evening: Evening) -> Held:
    """Open it, let everybody in, lend, and associate."""
    with _as(company, HOST) as host:
        held = Held(services.create(lounge=evening.lounge, by=host, title=evening.title))
    for name in dict.fromkeys([HOST, *evening.lent, *evening.listening]):
        with _as(company, name) as member:
            terms = terms_of(held.session.confidentiality).digest
            services.join(session=held.session, by=member, terms=terms)
    _move_to(company, held, "sharing")
    for name, title in evening.lent.items():
        held.lent[name] = _lend(company, held.session, name=name, dream=company.dreams[name, title])
    _move_to(company, held, "associating")
    for name, about, text in evening.said:
        with _as(company, name) as member:
            lent = held.lent[about].pk
            loans.associate(session=held.session, by=member, contribution_id=lent, text=text)
    return held


def ask_for_blend(company: Company, held: Held) -> UUID:
    """The run that a worker is to perform."""
    _move_to(company, held, "blending")
    with _as(company, HOST) as host:
        return dreamscapes.request_blend(session=held.session, by=host, key=uuid4()).pk


def close(company: Company, held: Held) -> None:
    """The session is over."""
    _move_to(company, held, "closing")
    with _as(company, HOST) as host:
        services.close(session=held.session, by=host)


def _lend(company: Company, session: Session, *, name: str, dream: UUID) -> Contribution:
    granted = {
        Purpose.SHARE_IN_SESSION: True,
        Purpose.BLEND: True,
        Purpose.QUOTE: name not in WITHOUT_QUOTE,
        Purpose.PUBLISH_TO_GUILD: False,
    }
    with _as(company, name) as member:
        lent, _ = loans.share(
            session=session,
            by=member,
            dream_id=dream,
            passage=Passage(Extent.WHOLE),
            terms=LoanTerms(granted, DEPTHS[name], None),
        )
    return lent


def _move_to(company: Company, held: Held, stage: str) -> None:
    with _as(company, HOST) as host:
        services.set_stage(session=held.session, by=host, stage=stage)


@contextmanager
def _as(company: Company, name: str) -> Iterator[Membership]:
    """Inside the guild, as one of its members."""
    member = company.members[name]
    with tenant(guild=company.guild.pk, dreamer=member.dreamer_id):
        yield member
