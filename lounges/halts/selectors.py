"""Reads of calls and halts: how many call, never who, and whether a member's own call stands."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q

from governance.audits.enums import WAITING
from governance.audits.models import Finding
from governance.policies.law import law_of
from guild.tenancy.models import Membership
from lounges.experiences.models import Experience
from lounges.halts.models import Call, Halt
from lounges.halts.threshold import needed
from lounges.sessions.models import Participation, Session

WAITS_FOR_RULING = "A halt of it waits for a ruling of the enforcers, which can lift this too."


@dataclass(frozen=True)
class Count:
    """How many call for a stop, of how many participants, and how many calls it takes."""

    calls: int
    participants: int
    needed: int

    @property
    def is_reached(self) -> bool:
        return self.calls >= self.needed


@dataclass(frozen=True)
class Stop:
    """The control as one member finds it: the count, whether their own call stands, and the halt."""

    count: Count
    is_mine: bool
    halt: Halt | None

    @property
    def new_key(self) -> UUID:
        """A fresh key for the form: done once, however often it is sent."""
        return uuid4()


def standing_calls(session: Session) -> Any:
    """The calls of a session that were not taken back."""
    return Call.objects.filter(guild_id=session.guild_id, session_id=session.pk, taken_back_at=None)


def count_of(session: Session, guild: Any) -> Count:
    """As it is now, by people, however often one came into the guild. Participants are those who joined, did
    not step out, in this tab or none, and are members still; and those who called before they went: their
    call stands.
    """
    called = Exists(standing_calls(session).filter(participation=OuterRef("pk")))
    participants = Participation.objects.filter(
        Q(stepped_out_at=None, membership__ended_at=None) | called,
        guild_id=session.guild_id,
        session_id=session.pk,
    )
    people = participants.order_by().values("dreamer_id").distinct().count()
    return Count(
        calls=standing_calls(session).count(),
        participants=people,
        needed=needed(law_of(guild).halt_share, participants=people),
    )


def own_call(session: Session, participation: Participation) -> Call | None:
    """The call of one participant that stands, also from before they left the guild and came back."""
    mine = Participation.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, dreamer_id=participation.dreamer_id
    )
    return standing_calls(session).filter(participation__in=mine.values("pk")).first()


def halt_of(session: Session) -> Halt | None:
    """The halt of a session, with what it suspended."""
    if session.halted_at is None:
        return None
    return (
        Halt.objects.filter(guild_id=session.guild_id, session_id=session.pk)
        .select_related("experience")
        .first()
    )


def stop_for(member: Membership, session: Session) -> dict[str, Any]:
    """Context of the control, for the page of a session; the caller has checked who reads it."""
    mine = Participation.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, membership_id=member.pk
    ).first()
    return {
        "stop": Stop(
            count=count_of(session, member.guild),
            is_mine=mine is not None and own_call(session, mine) is not None,
            halt=halt_of(session),
        )
    }


def awaiting_ruling(experience: Experience) -> str:
    """Why nobody lifts a suspension yet, in a sentence: a halt of it waits for a ruling. "" where none is."""
    halts = Halt.objects.filter(guild_id=experience.guild_id, experience_id=experience.pk).values("finding")
    waiting = Finding.objects.filter(guild_id=experience.guild_id, pk__in=halts, state__in=WAITING)
    return WAITS_FOR_RULING if waiting.exists() else ""


def undecided_beside(halt: Halt, *, findings: list[UUID]) -> bool:
    """Whether another halt suspended the same experience, and its finding is among `findings`."""
    others = Halt.objects.filter(guild_id=halt.guild_id, experience_id=halt.experience_id)
    return others.exclude(pk=halt.pk).filter(finding__in=findings).exists()
