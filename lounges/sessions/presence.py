"""Who is in a session now: people, not tabs.

Each person's last heartbeat is a score in a Valkey sorted set, so any number of tabs is one person, and a
person is gone when no tab of theirs has spoken for a minute. Only ids are kept here, and only for that
long.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

HEARTBEAT_SECONDS = 25
GONE_AFTER_SECONDS = 60


class _Client(Protocol):
    """What presence needs of a Valkey client."""

    def pipeline(self, transaction: bool = True) -> Any: ...

    def zrem(self, name: str, *values: str) -> Any: ...


def _key(session: UUID) -> str:
    return f"dreamscape:presence:{session}"


class Presence:
    """Heartbeats of people in sessions. The clock gives seconds and is shared by all processes (wall time).

    Every method lets the client's connection errors through: presence is lost while Valkey is away, nothing
    else.
    """

    def __init__(self, client: _Client, *, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock

    def beat(self, session: UUID, person: UUID) -> bool:
        """Notes that `person` is there; true when they had not been."""
        now = self._clock()
        pipe = self._client.pipeline(transaction=True)
        pipe.zremrangebyscore(_key(session), "-inf", now - GONE_AFTER_SECONDS)
        pipe.zadd(_key(session), {str(person): now})
        pipe.expire(_key(session), GONE_AFTER_SECONDS * 2)
        _, added, _ = pipe.execute()
        return bool(added)

    def leave(self, session: UUID, person: UUID) -> bool:
        """Forgets `person` at once, in all their tabs; true when they had been there."""
        return bool(self._client.zrem(_key(session), str(person)))

    def people(self, session: UUID) -> list[UUID]:
        """The people there now, in the order of their ids."""
        return self.people_in([session])[session]

    def people_in(self, sessions: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
        """The people in each of `sessions`, in one round trip."""
        since = self._clock() - GONE_AFTER_SECONDS
        pipe = self._client.pipeline(transaction=False)
        for session in sessions:
            pipe.zrangebyscore(_key(session), f"({since}", "+inf")
        answers: Iterable[Iterable[bytes]] = pipe.execute()
        return {
            session: sorted(UUID(member.decode()) for member in members)
            for session, members in zip(sessions, answers, strict=True)
        }
