"""One web process's part in live sessions: its hub, its one connection to Valkey, and what it does on time.

There is one switchboard for each event loop, started by the first socket. It looks after all sockets
together, so that a socket costs no timer and no query of its own while nothing happens.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings

from lounges.sessions import attendance, draining, protocol
from lounges.sessions.access import EventTable, in_thread
from lounges.sessions.attendance import PRESENCE
from lounges.sessions.broker import Listener
from lounges.sessions.connections import Connection
from lounges.sessions.hub import Hub
from lounges.sessions.outbox import Closing, Frame
from lounges.sessions.protocol import CloseCode
from lounges.sessions.warden import Verdict, Watched, judge

logger = logging.getLogger(__name__)

PING_SECONDS = 25
PONG_SECONDS = 10
TURN_SECONDS = 1.0
WATCH_SECONDS = 3.0  # an ended right closes its sockets within 5 s
PRESENCE_SECONDS = 10.0
DRAIN_BATCH = 100
DRAIN_PAUSE_SECONDS = 0.1
UNHEARD_CODE = 2000

PING = Frame.of(protocol.PING)
UNCERTAIN = Closing(CloseCode.SERVER_ERROR, "Your rights could not be checked; reconnect.")
SHUTDOWN = Closing(CloseCode.SHUTDOWN, "The server restarts; reconnect.")
NO_PONG = Closing(CloseCode.NO_PONG, "You did not answer; reconnect.")

_switchboards: "WeakKeyDictionary[asyncio.AbstractEventLoop, Switchboard]" = WeakKeyDictionary()


class Switchboard:
    """Where the sockets of one process are known. Use `current()`; the methods belong to its event loop."""

    def __init__(self) -> None:
        self.listener = Listener(settings.REDIS_URL, heard=self._heard, returned=self._returned)
        self.hub = Hub(topics=self.listener, reader=EventTable())
        self.connections: set[Connection] = set()
        self.is_draining = False
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def current(cls) -> "Switchboard":
        """The running loop's switchboard, started when it is asked for the first time."""
        loop = asyncio.get_running_loop()
        switchboard = _switchboards.get(loop)
        if switchboard is None:
            switchboard = _switchboards[loop] = cls()
            switchboard.start()
        return switchboard

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(work)
            for work in (
                self.listener.run(),
                self.hub.run(),
                self._every(TURN_SECONDS, self._ping_all),
                self._every(WATCH_SECONDS, self._watch),
                self._every(PRESENCE_SECONDS, self._state_presence),
            )
        ]
        draining.drain_before_exit(self.drain)

    async def stop(self) -> None:
        """Ends what runs in the background; for tests, since a process simply ends."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        _switchboards.pop(asyncio.get_running_loop(), None)

    def add(self, connection: Connection) -> None:
        """Looks after a socket from now on; the first ping comes at a moment of its own."""
        now = asyncio.get_running_loop().time()
        connection.ping_at = now + PING_SECONDS * (0.5 + (hash(connection.id) % 512) / 1024)
        self.connections.add(connection)
        if self.is_draining:
            _close(connection, SHUTDOWN)

    async def remove(self, connection: Connection) -> None:
        self.connections.discard(connection)
        for stream in tuple(connection.streams.values()):
            await self.hub.leave(stream, connection.outbox)
        connection.streams.clear()

    async def drain(self) -> None:
        """Sends every client elsewhere, some at a time, so that they do not all come back at once."""
        self.is_draining = True
        remaining = iter(tuple(self.connections))
        while batch := list(islice(remaining, DRAIN_BATCH)):
            for connection in batch:
                _close(connection, SHUTDOWN)
            await asyncio.sleep(DRAIN_PAUSE_SECONDS)

    def _heard(self, topic: str, payload: bytes) -> None:
        self.hub.heard(topic, payload)

    async def _returned(self) -> None:
        await self.hub.fill_all()

    async def _every(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Exception:
                logger.exception("A turn of the live sessions failed; the next one comes in %s s.", seconds)

    async def _ping_all(self) -> None:
        now = asyncio.get_running_loop().time()
        for connection in tuple(self.connections):
            if connection.pong_by is not None and now >= connection.pong_by:
                _close(connection, NO_PONG, at_once=True)
            elif now >= connection.ping_at:
                connection.ping_at = now + PING_SECONDS
                connection.pong_by = now + PONG_SECONDS
                connection.outbox.offer(PING)

    async def _watch(self) -> None:
        """Closes every socket whose right to be there has ended. A look that fails closes them all."""
        connections = [connection for connection in self.connections if connection.dreamer is not None]
        if not connections:
            return
        watched = [_watched(connection) for connection in connections]
        try:
            verdicts = await in_thread(lambda: judge(watched))
        except Exception:
            logger.exception("The rights of open sockets could not be checked, so they are closed.")
            verdicts = [Verdict(UNCERTAIN)] * len(connections)
        for connection, verdict in zip(connections, verdicts, strict=True):
            await self._apply(connection, verdict)

    async def _apply(self, connection: Connection, verdict: Verdict) -> None:
        if verdict.closing is not None:
            _close(connection, verdict.closing, at_once=True)
            return
        for stream in verdict.unheard:
            await self.unsubscribe(connection, stream.channel, "You stepped out of this session.")

    async def unsubscribe(self, connection: Connection, channel: str, reason: str) -> None:
        """Lets a socket no longer hear a session, and tells its client."""
        stream = connection.streams.pop(channel, None)
        if stream is not None:
            await self.hub.leave(stream, connection.outbox)
            frame = protocol.unsubscribed_by_server(channel, code=UNHEARD_CODE, reason=reason)
            connection.outbox.offer(Frame.of(frame))

    async def _state_presence(self) -> None:
        streams = self.hub.streams
        if not streams:
            return
        present = await asyncio.to_thread(attendance.people_in, [stream.session for stream in streams])
        for stream in streams:
            if stream.session in present:
                people = [str(person) for person in present[stream.session]]
                self.hub.say(stream, {"type": PRESENCE, "people": people})


def _watched(connection: Connection) -> Watched:
    return Watched(
        session_key=connection.session_key,
        dreamer=connection.owner,
        streams=frozenset(connection.streams.values()),
        offices=tuple(connection.offices.items()),
    )


def _close(connection: Connection, closing: Closing, *, at_once: bool = False) -> None:
    connection.outbox.close(closing.code, closing.reason, at_once=at_once)
