"""Looks again, every few seconds, whether open sockets may stay open: one look for all sockets of a
process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.sessions import credentials
from lounges.sessions.hub import Stream
from lounges.sessions.models import Participation
from lounges.sessions.outbox import Closing
from lounges.sessions.protocol import CloseCode

SIGNED_OUT = Closing(CloseCode.SIGNED_OUT, "You are signed out; sign in again.")
EXPIRED = Closing(CloseCode.EXPIRED, "Your sign-in ran out; sign in again.")
MEMBERSHIP_ENDED = Closing(CloseCode.MEMBERSHIP_ENDED, "Your membership of this guild has ended.")
OFFICES_CHANGED = Closing(CloseCode.OFFICES_CHANGED, "Your offices changed; reconnect.")


@dataclass(frozen=True, slots=True)
class Watched:
    """One socket as it stood when the look began."""

    session_key: str
    dreamer: UUID
    streams: frozenset[Stream]
    offices: tuple[tuple[UUID, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a socket must close, or else the sessions it may no longer hear."""

    closing: Closing | None = None
    unheard: frozenset[Stream] = frozenset()


STAY = Verdict()


@dataclass(frozen=True, slots=True)
class _Standing:
    offices: dict[tuple[UUID, UUID], frozenset[str]]  # (guild, dreamer): only live memberships
    taking_part: frozenset[tuple[UUID, UUID]]  # (session, dreamer): only those who have not stepped out


def judge(watched: Sequence[Watched]) -> list[Verdict]:
    """One verdict for each socket, from rows read now. Two queries, and two more for each guild."""
    keys = {socket.session_key for socket in watched}
    dreamers = credentials.dreamers_of(keys)
    unknown = keys - dreamers.keys()
    expired = credentials.expired_among(unknown) if unknown else set()
    standing = _read_standing(watched)
    return [
        Verdict(EXPIRED)
        if socket.session_key in expired
        else _verdict(socket, dreamers.get(socket.session_key), standing)
        for socket in watched
    ]


def _verdict(socket: Watched, dreamer: UUID | None, standing: _Standing) -> Verdict:
    if dreamer != socket.dreamer:
        return Verdict(SIGNED_OUT)
    for guild, offices in socket.offices:
        held = standing.offices.get((guild, dreamer))
        if held is None:
            return Verdict(MEMBERSHIP_ENDED)
        if held != offices:
            return Verdict(OFFICES_CHANGED)
    unheard = frozenset(
        stream for stream in socket.streams if (stream.session, dreamer) not in standing.taking_part
    )
    return Verdict(unheard=unheard) if unheard else STAY


def _read_standing(watched: Sequence[Watched]) -> _Standing:
    dreamers = {socket.dreamer for socket in watched}
    sessions = {stream.session for socket in watched for stream in socket.streams}
    offices: dict[tuple[UUID, UUID], frozenset[str]] = {}
    taking_part: set[tuple[UUID, UUID]] = set()
    for guild in {guild for socket in watched for guild, _ in socket.offices}:
        with tenant(guild=guild):
            members = Membership.objects.filter(guild_id=guild, dreamer_id__in=dreamers, ended_at=None)
            for dreamer, held in members.values_list("dreamer_id", "offices"):
                offices[guild, dreamer] = frozenset(held)
            present = Participation.objects.filter(
                guild_id=guild, session_id__in=sessions, stepped_out_at=None
            )
            taking_part.update(present.values_list("session_id", "dreamer_id"))
    return _Standing(offices, frozenset(taking_part))
