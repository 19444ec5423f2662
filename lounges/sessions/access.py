"""What a socket does in the database, each time in a tenant of its own and against rows read afresh.

The functions are synchronous; `in_thread` runs them beside the event loop, each in one transaction.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from django.http import Http404

from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import membership_in, memberships_of
from lounges.sessions import commands, credentials, selectors
from lounges.sessions.hub import Passage, Position, Stream
from lounges.sessions.models import Session

THREADS = 8  # of the process's pool of database connections, so that pages keep some
_EXECUTOR = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="sessions")

Result = TypeVar("Result")


class SignedOut(Exception):
    """The browser's session no longer belongs to the dreamer who opened the socket."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to hear one session, and the offices it was given under."""

    stream: Stream
    offices: frozenset[str]


async def in_thread(work: Callable[[], Result]) -> Result:
    """Runs database work without holding up the event loop, and gives the connection back to the pool."""
    return await database_sync_to_async(work, thread_sensitive=False, executor=_EXECUTOR)()


def signed_in(session_key: str) -> UUID | None:
    """The dreamer the browser's session belongs to now."""
    return credentials.dreamers_of([session_key]).get(session_key) if session_key else None


def admit(*, session_key: str, dreamer: UUID, session_id: UUID) -> Admission:
    """Leave to hear a session. Raises SignedOut, Http404 (also for another guild's session) and Denied."""

    def hear(membership: Membership) -> Admission:
        session = selectors.heard_session_for(membership, session_id)
        return Admission(Stream(session.guild_id, session.pk), frozenset(membership.offices))

    return _as_member(session_key=session_key, dreamer=dreamer, session_id=session_id, act=hear)


def perform(*, session_key: str, dreamer: UUID, method: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """One command, committed when this returns. Raises SignedOut and whatever `commands.perform` raises."""
    session_id = commands.session_named_in(method, data)
    return _as_member(
        session_key=session_key,
        dreamer=dreamer,
        session_id=session_id,
        act=lambda membership: commands.perform(by=membership, method=method, data=data),
    )


def _as_member(
    *, session_key: str, dreamer: UUID, session_id: UUID, act: Callable[[Membership], Result]
) -> Result:
    """Runs `act` in the tenant of the session's guild, with the dreamer's membership as it is now."""
    if signed_in(session_key) != dreamer:
        raise SignedOut("You are signed out; sign in again.")
    guild = _guild_of(dreamer, session_id)
    with tenant(guild=guild, dreamer=dreamer):
        return act(membership_in(dreamer, guild))


def _guild_of(dreamer: UUID, session_id: UUID) -> UUID:
    """The one of the dreamer's guilds that the session is in; the wall hides it from all the others."""
    with tenant(dreamer=dreamer):
        guilds = [membership.guild_id for membership in memberships_of(dreamer)]
    for guild in guilds:
        with tenant(guild=guild, dreamer=dreamer):
            if Session.objects.filter(pk=session_id).exists():
                return guild
    raise Http404(selectors.NO_SUCH_SESSION)


class EventTable:
    """The hub's reader: the events table, in the tenant of each session's guild."""

    async def passage(self, stream: Stream, *, after: int, limit: int) -> Passage:
        return await in_thread(lambda: _passage(stream, after=after, limit=limit))

    async def tops(self, streams: Any) -> Mapping[Stream, Position]:
        return await in_thread(lambda: _tops(list(streams)))


def _passage(stream: Stream, *, after: int, limit: int) -> Passage:
    """Reads the position before the events, so that `top` never promises an event that was not read."""
    with tenant(guild=stream.guild):
        session = Session.objects.get(pk=stream.session)
        events = selectors.events_after(session, offset=after, limit=limit)
    return Passage(Position(session.epoch, session.top_offset), events)


def _tops(streams: list[Stream]) -> dict[Stream, Position]:
    tops: dict[Stream, Position] = {}
    for guild in {stream.guild for stream in streams}:
        with tenant(guild=guild):
            found = selectors.positions_of([s.session for s in streams if s.guild == guild])
        tops |= {Stream(guild, session): Position(*position) for session, position in found.items()}
    return tops
