"""A session in its blending stage, with dreams lent to it: what most tests of dreamscapes begin with."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from governance.consent.enums import Purpose
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, request_blend
from lounges.sessions import loans, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Extent
from lounges.sessions.lending import LoanTerms, Passage
from lounges.sessions.models import Session
from tests.cast import Cast

DREAMS = {
    "ayla": (
        "I walked through a lighthouse that had no stairs. The lamp was warm like bread. "
        "Somebody below was counting ships, and every number was a name I knew. "
        "When I leaned out, the sea had gone and there was a meadow. I was not afraid at all."
    ),
    "finn": (
        "My workshop was full of bees and they were mending the loom. I held the thread for them. "
        "A tall woman asked for the key to the river. I said it was under the loom. "
        "The river came in through the door, very quietly, and carried the bees away. I cried."
    ),
    "lara": (
        "We were late for a train that ran along the sea. My mother had packed only lemons. "
        "The conductor was a heron and he punched a hole in each lemon. "
        "The train went under the water and the windows lit up green. Everyone was laughing."
    ),
    "ezra": (
        "I was a judge in a court of foxes. They brought me a house in a box. "
        "Inside the house somebody was calling, but the stairs kept growing. "
        "I signed the paper with a feather and the whole court fell asleep. Then I could not find the door."
    ),
    "mira": (
        "Snow was falling upwards in the garden. I planted keys and waited for doors. "
        "My brother was small again and he carried a lamp. "
        "One of the doors opened to the sea. We went in and it was summer, and I was happy."
    ),
}
PATIENCE = 60
"""Seconds that another process may take on a busy machine."""
QUIET = frozenset({"ezra"})
"""Who allows no quoting, unless a test says otherwise."""


@dataclass(frozen=True)
class Circle:
    """An open session, and the contribution of each by name."""

    session: Session
    host: Membership
    contributions: Mapping[str, UUID]

    @property
    def guild(self) -> UUID:
        return self.host.guild_id


def words_of(text: str) -> set[str]:
    """The sentences of a dream, each a string that may be looked for."""
    return {sentence.strip() for sentence in text.replace("?", ".").split(".") if sentence.strip()}


def open_session(
    host: Membership, members: Sequence[Membership], *, title: str = "Thursday circle"
) -> Session:
    """An open session that all of `members` have joined."""
    with tenant(guild=host.guild_id, dreamer=host.dreamer_id):
        lounge = services.make_lounge(by=host, name=f"Room {uuid4().hex[:6]}")
        session = services.create(lounge=lounge, by=host, title=title)
    for member in members:
        with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
            services.join(session=session, by=member, terms=terms_of(session.confidentiality).digest)
    return session


def set_stage(session: Session, host: Membership, *stages: str) -> None:
    """Lead the session through stages, one after the other."""
    with tenant(guild=host.guild_id, dreamer=host.dreamer_id):
        for stage in stages:
            services.set_stage(session=session, by=host, stage=stage)


def lend(
    session: Session,
    member: Membership,
    narrative: str,
    *,
    depth: float = 0.5,
    blend: bool = True,
    quote: bool = True,
    share: bool = True,
    expires_at: datetime | None = None,
) -> UUID:
    """Write a dream and lend it; the contribution's id."""
    granted = {
        Purpose.SHARE_IN_SESSION: share,
        Purpose.BLEND: blend,
        Purpose.QUOTE: quote,
        Purpose.PUBLISH_TO_GUILD: False,
    }
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        draft = Draft(narrative=narrative, dreamed_on=date(2026, 11, 1))
        dream = write_dream(by=member.dreamer, draft=draft)
        row, _ = loans.share(
            session=session,
            by=member,
            dream_id=dream,
            passage=Passage(Extent.WHOLE),
            terms=LoanTerms(granted, depth, expires_at),
        )
    return row.pk


def settle(cast: Cast, *names: str, quiet: frozenset[str] = QUIET, depth: float = 0.5) -> Circle:
    """Ayla's session in the blending stage; each of `names` (all five, if none) has lent their dream."""
    chosen = names or tuple(DREAMS)
    session = open_session(cast.ayla, cast.members)
    set_stage(session, cast.ayla, "sharing")
    lent = {
        name: lend(session, getattr(cast, name), DREAMS[name], quote=name not in quiet, depth=depth)
        for name in chosen
    }
    set_stage(session, cast.ayla, "associating", "blending")
    return Circle(session=session, host=cast.ayla, contributions=lent)


def request(circle: Circle, *, key: UUID | None = None) -> BlendRun:
    """The host's request."""
    with tenant(guild=circle.guild, dreamer=circle.host.dreamer_id):
        return request_blend(session=circle.session, by=circle.host, key=key or uuid4())


def fresh(run: BlendRun) -> BlendRun:
    """The run as it is stored now."""
    with tenant(guild=run.guild_id):
        return BlendRun.objects.select_related("session").get(pk=run.pk)


def awaited(run: BlendRun, *states: RunState) -> BlendRun:
    """The run, once it is in one of `states`: finished, if none is given. Another process is at it."""
    wanted, deadline = states or (RunState.FINISHED,), time.monotonic() + PATIENCE
    while (now := fresh(run)).state not in wanted:
        assert time.monotonic() < deadline, f"The run is still {now.state}: {now.failure}"
        time.sleep(0.05)
    return now


def blend(circle: Circle) -> BlendRun:
    """A run, asked for and brought to its end as a worker would."""
    run = request(circle)
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    return fresh(run)
