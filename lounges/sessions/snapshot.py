"""The whole state of a session at one offset: this, and the events after it, are the state now.

The tables are read while the session's row is held shared, and every event holds it alone to take its
offset, so what is read is exactly what stood after the offset that is given.
"""

from typing import Any

from django.db import connection, transaction

from guild.tenancy.models import Membership
from lounges.sessions import announcements, attendance, selectors
from lounges.sessions.enums import EventType
from lounges.sessions.events import wire_data
from lounges.sessions.models import Association, Participation, Session, SessionEvent
from lounges.sessions.reducer import EMPTY, State, fold

BLEND_EVENTS = (
    EventType.BLEND_REQUESTED,
    EventType.BLEND_FINISHED,
    EventType.BLEND_FAILED,
    EventType.DREAMSCAPE_SUPERSEDED,
    EventType.RESISTANCE_CHANGED,
    EventType.SESSION_HALTED,
)
"""Events about what rooms above this one do: where these stand is told by the events alone."""


@transaction.atomic
def snapshot_of(session: Session, membership: Membership) -> dict[str, Any]:
    """The snapshot as the page of `membership` takes it. Write nothing after it."""
    _hold_shared(session)
    session.refresh_from_db(fields=["state", "stage", "next_offset", "epoch"])
    return {
        "channel": announcements.channel_of(session.pk),
        "epoch": session.epoch,
        "offset": session.top_offset,
        "me": str(membership.pk),
        "people": _people(session),
        "present": [str(person) for person in attendance.people(session.pk)],
        "state": state_of(session),
    }


def state_of(session: Session) -> State:
    """The state as `reducer` has it, read from the tables."""
    return {
        "state": session.state,
        "stage": session.stage,
        "participants": _participants(session),
        "contributions": {
            str(pk): {"membership": str(member)}
            for pk, member in selectors.lent_rows(session).values_list("pk", "membership_id")
        },
        "associations": _associations(session),
        **told_of(session),
    }


def _hold_shared(session: Session) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM lounges_session WHERE id = %s FOR SHARE", [session.pk])


def _people(session: Session) -> dict[str, dict[str, Any]]:
    return {
        str(person.membership): {"name": person.name, "hue": person.hue}
        for person in selectors.people_in(session)
    }


def _participants(session: Session) -> dict[str, dict[str, bool]]:
    rows = Participation.objects.filter(guild_id=session.guild_id, session_id=session.pk)
    return {
        str(member): {"stepped_out": stepped_out is not None}
        for member, stepped_out in rows.values_list("membership_id", "stepped_out_at")
    }


def _associations(session: Session) -> dict[str, dict[str, str]]:
    lent = selectors.lent_rows(session).values("pk")
    rows = Association.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, contribution_id__in=lent
    )
    return {
        str(pk): {"contribution": str(contribution), "membership": str(member)}
        for pk, contribution, member in rows.values_list("pk", "contribution_id", "membership_id")
    }


def told_of(session: Session) -> dict[str, Any]:
    """Where the latest blend stands, how many call for a stop, and whether it was halted: from the events
    alone, since these are the business of rooms above this one.
    """
    rows = SessionEvent.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, type__in=BLEND_EVENTS
    ).order_by("offset")
    state = fold(EMPTY, (wire_data(kind=row.type, at=row.at, data=row.data) for row in rows))
    return {name: state[name] for name in ("blend", "resistance", "halt")}
