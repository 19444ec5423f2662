"""One of everything in the Lantern guild, for asking who may reach it."""

import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from governance.consent.enums import Purpose
from governance.consent.models import Statement, UseSubject
from governance.ledger.checkpoints import checkpoint_now
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes import services as dreamscapes
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.sessions import loans, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Extent
from lounges.sessions.lending import LoanTerms, Passage
from lounges.sessions.models import Lounge, Session
from tests.cast import Cast
from tests.colonies.colony import kept_in
from tests.isolation.deliberated import deliberated_in
from tests.isolation.moderated import moderated_in
from tests.isolation.routes import Route

DREAMS = {
    "mira": "The stairs were wet. A heron stood on the landing. I gave it my key and it swallowed the key.",
    "finn": "The lift stopped between floors. Water came in slowly. Somebody called a name that was mine.",
    "ayla": "I knew the hallway. It went on past the wall. At its end a lamp was lit and nobody was there.",
}
EVERYTHING = dict.fromkeys(
    (Purpose.SHARE_IN_SESSION, Purpose.BLEND, Purpose.QUOTE, Purpose.PUBLISH_TO_GUILD), True
)


@dataclass(frozen=True)
class World:
    """Mira's dream is lent to Ayla's open session, in which Mira, Finn and Ayla take part; Ezra does not."""

    cast: Cast
    lounge: Lounge
    session: Session
    dreams: dict[str, UUID]
    contributions: dict[str, UUID]
    association: UUID
    statement: UUID
    run: UUID
    part: UUID
    overseen: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def arguments(self, route: Route) -> dict[str, Any]:
        """What the address of a route needs."""
        return {name: self._known[name] for name in route.arguments}

    def body(self, route: Route) -> dict[str, Any]:
        """What is sent, with the world's own ids where the table names them."""
        known = self._known | {"terms": terms_of(self.session.confidentiality).digest}
        return {
            name: str(known[value[1:]]) if isinstance(value, str) and value.startswith("$") else value
            for name, value in route.body.items()
        }

    @property
    def _known(self) -> dict[str, Any]:
        return {
            "guild_slug": self.cast.lantern.slug,
            "article": "individuality-floor",
            "guild_id": self.cast.lantern.pk,
            "level": 0,
            "name": "000.p/1",
            "lounge_slug": self.lounge.slug,
            "session_id": self.session.pk,
            "contribution_id": self.contributions["mira"],
            "contribution": self.contributions["mira"],
            "statement": self.statement,
            "part": self.part,
            "run_id": self.run,
            "dream_id": self.dreams["mira"],
            "purpose": Purpose.QUOTE.value,
            "emotion": "sadness",
            "year": 2026,
            "month": 11,
            "revision": 1,
            "staged_id": uuid4(),
            "association_id": self.association,
            **self.kept,
            **self.overseen,
        }


def make_world(cast: Cast) -> World:
    """Through the services, each step as the member whose step it is."""
    dreams = {name: _write(getattr(cast, name), text) for name, text in DREAMS.items()}
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        lounge = services.make_lounge(by=cast.ayla, name="Thursday Circle")
        session = services.create(lounge=lounge, by=cast.ayla, title="What the house kept")
    for name in DREAMS:
        member = getattr(cast, name)
        with tenant(guild=cast.lantern.pk, dreamer=member.dreamer_id):
            services.join(session=session, by=member, terms=terms_of(session.confidentiality).digest)
    _move_to(cast, session, "sharing")
    contributions = {name: lend_whole(getattr(cast, name), session, dream) for name, dream in dreams.items()}
    _move_to(cast, session, "associating")
    with tenant(guild=cast.lantern.pk, dreamer=cast.finn.dreamer_id):
        said, _ = loans.associate(
            session=session, by=cast.finn, contribution_id=contributions["mira"], text="A key I never found."
        )
    _move_to(cast, session, "blending")
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        run = dreamscapes.request_blend(session=session, by=cast.ayla, key=uuid4()).pk
    dreamscapes.perform_blend(run_id=run, guild_id=cast.lantern.pk)
    _wait_for_dreamscape(cast, run)
    with tenant(guild=cast.lantern.pk):
        checkpoint_now(guild=cast.lantern.pk)
        quote = Statement.objects.get(contribution=contributions["mira"], purpose=Purpose.QUOTE).pk
        part = UseSubject.objects.get(contribution=contributions["mira"], purpose=Purpose.BLEND).pk
    kept = kept_in(cast) | moderated_in(cast, association=said.pk) | deliberated_in(cast)
    return World(cast, lounge, session, dreams, contributions, said.pk, quote, run, part, kept=kept)


def _write(member: Membership, text: str) -> UUID:
    with tenant(dreamer=member.dreamer_id):
        return write_dream(by=member.dreamer, draft=Draft(narrative=text, dreamed_on=date(2026, 11, 1)))


def lend_whole(member: Membership, session: Session, dream: UUID) -> UUID:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        row, _ = loans.share(
            session=session,
            by=member,
            dream_id=dream,
            passage=Passage(Extent.WHOLE),
            terms=LoanTerms(EVERYTHING, 0.5, None),
        )
    return row.pk


def _move_to(cast: Cast, session: Session, stage: str) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        services.set_stage(session=session, by=cast.ayla, stage=stage)


def _wait_for_dreamscape(cast: Cast, run: UUID, *, seconds: float = 60) -> None:
    """Until the blend is finished: in a committed world a worker may have taken it up before us."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with tenant(guild=cast.lantern.pk):
            if BlendRun.objects.filter(pk=run, state=RunState.FINISHED).exists():
                return
        time.sleep(0.1)
    raise AssertionError("The blend was not finished in time.")
