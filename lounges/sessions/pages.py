"""What the live page shows beside the dreams themselves: gathered once, for the page and for its parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import authorize
from guild.tenancy.models import Membership
from lounges.sessions import attendance, selectors
from lounges.sessions.formats import Act, Format, Stage
from lounges.sessions.hours import minute_of
from lounges.sessions.models import Participation, Session
from lounges.sessions.selectors import Person
from lounges.sessions.snapshot import told_of

PAST, HERE, AHEAD = "past", "here", "ahead"


@dataclass(frozen=True)
class Step:
    """One stage on the way: past, here or ahead."""

    stage: Stage
    place: str


@dataclass(frozen=True)
class Room:
    """A session as one member finds it."""

    session: Session
    membership: Membership
    participation: Participation | None
    leads: bool
    may_open: bool
    may_close: bool

    @property
    def practice(self) -> Format:
        return self.session.practice

    @property
    def stage(self) -> Stage:
        return self.practice.stage(self.session.stage)

    @property
    def next_stage(self) -> Stage | None:
        return self.practice.after(self.session.stage)

    @property
    def steps(self) -> list[Step]:
        here = self.practice.stages.index(self.stage)
        return [
            Step(stage, HERE if index == here else PAST if index < here else AHEAD)
            for index, stage in enumerate(self.practice.stages)
        ]

    @property
    def is_participating(self) -> bool:
        return self.participation is not None and self.participation.is_participating

    @property
    def new_key(self) -> UUID:
        """A fresh key for each form that asks: done once, however often it is sent."""
        return uuid4()

    @property
    def may_share(self) -> bool:
        return self._allows(Act.SHARE)

    @property
    def may_associate(self) -> bool:
        return self._allows(Act.ASSOCIATE)

    @property
    def may_blend(self) -> bool:
        return self.leads and self._allows(Act.BLEND) and self.session.halted_at is None

    def _allows(self, act: Act) -> bool:
        return self.session.is_open and self.practice.allows(act, stage=self.session.stage)


def room_for(membership: Membership, session: Session) -> Room:
    """The session as the member finds it; asks the law whether they lead it, and whether they may open it."""
    leads = authorize(actor=membership, action=Action.SET_STAGE, resource=selectors.resource_of(session))
    closes = authorize(actor=membership, action=Action.CLOSE_SESSION, resource=selectors.resource_of(session))
    lounge = entities.lounge(id=session.lounge_id, guild=session.guild_id)
    minute = minute_of(timezone.now(), clock=law_of(membership.guild).clock)
    opens = authorize(actor=membership, action=Action.OPEN_SESSION, resource=lounge, minute=minute)
    return Room(
        session,
        membership,
        selectors.participation_of(session, membership),
        leads=leads.allowed,
        may_open=opens.allowed and not session.is_open,
        may_close=closes.allowed and session.is_open,
    )


def people_here(session: Session) -> dict[str, Any]:
    """Context of the row of people: everyone who joined, and the ids of those who are here now."""
    people: list[Person] = selectors.people_in(session)
    return {"people": people, "present": set(attendance.people(session.pk))}


def dreamscape_of(session: Session) -> dict[str, Any]:
    """Context of the panel of blends: where the latest one stands, and whether blending was halted."""
    told = told_of(session)
    return {"blend": told["blend"], "halt": told["halt"]}


Beside = Callable[[Membership, Session], dict[str, Any]]
_beside: list[Beside] = []


def on_entering(context: Beside) -> None:
    """Rooms above register, once at the start, what else the page of a session shows a member."""
    if context not in _beside:
        _beside.append(context)


def beside(membership: Membership, session: Session) -> dict[str, Any]:
    """What the rooms above add to the page of a session."""
    return {name: value for one in _beside for name, value in one(membership, session).items()}
