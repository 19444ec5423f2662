"""What travels between processes through Valkey: a line that says what it is, and the frame to send on.

Nothing here is the truth: an announcement may be lost, doubled or late, and the hub then reads the events
table.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

_EVENT: Final = "event"
_LATEST: Final = "latest"


def topic_of(session: UUID) -> str:
    """The Valkey channel of one session."""
    return f"dreamscape:session:{session}"


def channel_of(session: UUID) -> str:
    """The name of one session's channel on the wire."""
    return f"session:{session}"


def session_of(channel: str) -> UUID | None:
    """The session a channel's name speaks of, or None when it is not the name of a session's channel."""
    kind, _, name = channel.partition(":")
    if kind != "session":
        return None
    try:
        session = UUID(name)
    except ValueError:
        return None
    return session if channel_of(session) == channel else None


@dataclass(frozen=True, slots=True)
class EventAnnouncement:
    """A recorded event: its place in the order, and the encoded push."""

    epoch: str
    offset: int
    frame: str


@dataclass(frozen=True, slots=True)
class LatestAnnouncement:
    """Something passing (progress, presence): only the latest of a `slot` matters."""

    slot: str
    frame: str


def encode(announcement: EventAnnouncement | LatestAnnouncement) -> bytes:
    if isinstance(announcement, EventAnnouncement):
        head = f"{_EVENT} {announcement.epoch} {announcement.offset}"
    else:
        head = f"{_LATEST} {announcement.slot}"
    return f"{head}\n{announcement.frame}".encode()


def decode(payload: bytes) -> EventAnnouncement | LatestAnnouncement | None:
    """The announcement, or None for anything this version does not know how to read."""
    try:
        head, _, frame = payload.decode().partition("\n")
        kind, *rest = head.split(" ")
        if kind == _EVENT and len(rest) == 2 and frame:
            return EventAnnouncement(epoch=rest[0], offset=int(rest[1]), frame=frame)
        if kind == _LATEST and len(rest) == 1 and frame:
            return LatestAnnouncement(slot=rest[0], frame=frame)
    except ValueError:
        return None
    return None
