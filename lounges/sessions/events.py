"""The one door through which a session's events leave.

`publish` allocates the offset inside the caller's transaction, so the order is that of the commits and has
no gap: the session's row is locked until the commit, and a transaction that fails gives its offset back.
Whoever also appends to the ledger holds it first and locks the session after (`lock`), so that two
transactions never wait for each other.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from lounges.sessions import announcements, broker, protocol
from lounges.sessions.announcements import EventAnnouncement, LatestAnnouncement
from lounges.sessions.enums import EventType
from lounges.sessions.event_shapes import checked, checked_progress
from lounges.sessions.models import Session, SessionEvent

BLEND_PROGRESS = "blend.progress"

_ALLOCATE = (
    "UPDATE lounges_session SET next_offset = next_offset + 1 WHERE id = %s RETURNING next_offset - 1, epoch"
)


def lock(session_id: UUID) -> Session:
    """The session's row, locked until the transaction ends. Raises Session.DoesNotExist behind the wall."""
    return Session.objects.select_for_update(of=("self",)).get(pk=session_id)


def publish(*, session: Session, type: EventType | str, data: Mapping[str, Any]) -> int:
    """Records an event in the caller's transaction, announces it on commit, and returns its offset.

    `data` carries ids only (see `event_shapes`); raises WordsRefused otherwise.
    """
    kind = EventType(type)
    recorded = checked(kind, data)
    offset, epoch = _allocate(session.pk)
    event = SessionEvent.objects.create(
        guild_id=session.guild_id,
        session_id=session.pk,
        offset=offset,
        type=kind,
        data=recorded,
        at=timezone.now(),
    )
    frame = protocol.publication(
        announcements.channel_of(session.pk),
        offset=offset,
        data=wire_data(kind=kind, at=event.at, data=recorded),
    )
    announcement = EventAnnouncement(epoch=epoch, offset=offset, frame=frame)
    transaction.on_commit(partial(_tell, session.pk, announcement))
    return offset


def progress(session_id: UUID, data: Mapping[str, Any]) -> None:
    """Tells whoever is there how far a blend has come: at once, without an offset, the latest wins."""
    say(session_id, kind=BLEND_PROGRESS, data=checked_progress(data))


def say(session_id: UUID, *, kind: str, data: Mapping[str, Any]) -> None:
    """Pushes something passing to everyone in the session. `data` holds ids and numbers."""
    frame = protocol.ephemeral(announcements.channel_of(session_id), {"type": kind, **data})
    _tell(session_id, LatestAnnouncement(slot=kind, frame=frame))


def wire_data(*, kind: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """An event's data as clients see it, in a push, in a recovery and in the API alike."""
    return {"type": str(kind), "time": at.isoformat(timespec="milliseconds"), **data}


def _allocate(session_id: UUID) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_ALLOCATE, [session_id])
        row = cursor.fetchone()
    if row is None:
        raise Session.DoesNotExist("The session is not in this tenant.")
    return row[0], row[1]


def _tell(session_id: UUID, announcement: EventAnnouncement | LatestAnnouncement) -> None:
    broker.tell(settings.REDIS_URL, announcements.topic_of(session_id), announcements.encode(announcement))
