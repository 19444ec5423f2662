"""What tests of sessions begin with: a lounge, an open session, people who joined, dreams to lend."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from governance.consent.purposes import REGISTRY
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.sessions import commands, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.lending import ASKED
from lounges.sessions.models import Session

NIGHT = date(2026, 3, 14)
NARRATIVE = (
    "I was walking through a house that kept adding rooms. The walls were warm. "
    "Somebody called from the stairs, and water ran down them slowly."
)
NOTICES = {purpose.value: REGISTRY[purpose].notice.digest for purpose in ASKED}
EVERYTHING = {"share_in_session": True, "blend": True, "quote": True, "publish_to_guild": False}


def in_guild_of(member: Membership) -> Any:
    """The tenant of a member's own request."""
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def dream_of(member: Membership, *, narrative: str = NARRATIVE, title: str = "The house") -> UUID:
    """A dream in the member's journal."""
    with tenant(dreamer=member.dreamer_id):
        return write_dream(by=member.dreamer, draft=Draft(narrative, NIGHT, title=title))


def session_of(host: Membership, *, title: str = "Thursday circle") -> Session:
    """An open session in a lounge of its own."""
    with in_guild_of(host):
        lounge = services.make_lounge(by=host, name=f"Lounge {uuid4().hex[:6]}")
        return services.create(lounge=lounge, by=host, title=title)


@dataclass
class Stage:
    """An open session, driven through the one table of commands."""

    host: Membership
    title: str = "Thursday circle"
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        self.session = session_of(self.host, title=self.title)

    @property
    def id(self) -> str:
        return str(self.session.pk)

    @property
    def terms(self) -> str:
        return terms_of(self.session.confidentiality).digest

    def do(self, by: Membership, method: str, key: UUID | None = None, **data: Any) -> dict[str, Any]:
        """One command of `by`, committed."""
        given = {"session": self.id, "key": str(key or uuid4()), **data}
        with in_guild_of(by):
            return dict(commands.perform(by=by, method=method, data=given))

    def join(self, *members: Membership) -> None:
        for member in members:
            self.do(member, "session.join", terms=self.terms)

    def go_to(self, stage: str) -> None:
        """Moves the host forward, stage by stage."""
        names = [known.name for known in self.session.practice.stages]
        with in_guild_of(self.host):
            here = names.index(Session.objects.get(pk=self.session.pk).stage)
        for name in names[here + 1 : names.index(stage) + 1]:
            self.do(self.host, "session.set_stage", stage=name)

    def share(self, member: Membership, dream: UUID | None = None, **changes: Any) -> str:
        """Lends a dream of the member and gives the contribution's id."""
        given = {
            "dream": str(dream or dream_of(member)),
            "extent": "whole",
            "purposes": EVERYTHING,
            "notices": NOTICES,
            "depth": 0.4,
            **changes,
        }
        return self.do(member, "session.share", **given)["contribution"]
