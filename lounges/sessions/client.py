"""A client of the live protocol in Python: for the demonstration, for measuring, and for tests.

It keeps the protocol's promises on its side: it drops what it has seen, notices a gap, answers pings, and
comes back from where it was. It holds one session's channel.
"""

import asyncio
import contextlib
import itertools
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from lounges.sessions.hub import Position

ANSWER_SECONDS = 20.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
FIRST_TERMINAL_CLOSE = 4500


class LiveError(Exception):
    """An error reply; `code` is the protocol's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Ended(Exception):
    """The server ended the connection for good, or for now; `code` is the close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason or f"The connection ended with {code}.")
        self.code = code


Event = tuple[int, Mapping[str, Any]]


@dataclass(eq=False)
class LiveClient:
    """One browser's worth of a session. `site` is http(s)://host; `cookie` is the Cookie header of a
    signed-in one.

    `events` holds every recorded event once and in order, `passing` the latest of each ephemeral kind,
    `snapshots` the times at which the server could not replay what was missed.
    """

    site: str
    cookie: str
    session: str
    position: Position | None = None
    events: list[Event] = field(default_factory=list)
    passing: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    snapshots: int = 0
    ended: Ended | None = None
    _socket: ClientConnection | None = None
    _reader: asyncio.Task[None] | None = None
    _waiting: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def channel(self) -> str:
        return f"session:{self.session}"

    async def open(self) -> None:
        """Connects without hearing a session yet: enough to join one. Raises LiveError, Ended, OSError."""
        parts = urlsplit(self.site)
        address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/ws/"
        headers = {"Cookie": self.cookie}
        try:
            self._socket = await connect(
                address, origin=Origin(self.site), additional_headers=headers, compression=None
            )
        except InvalidStatus as error:
            raise Ended(error.response.status_code, "The server refused the connection.") from error
        self.ended = None
        self._reader = asyncio.create_task(self._read(self._socket))
        await self.ask({"connect": {}})

    async def subscribe(self) -> Mapping[str, Any]:
        """Hears the session from where this client stands. Raises LiveError."""
        asked: dict[str, Any] = {"channel": self.channel}
        if self.position is not None:
            asked |= {"recover": True, "epoch": self.position.epoch, "offset": self.position.offset}
        reply: dict[str, Any] = (await self.ask({"subscribe": asked}))["subscribe"]
        if reply.get("was_recovering") and not reply.get("recovered"):
            self.snapshots += 1
        elif self.position is not None:
            for publication in reply.get("publications", ()):
                self._happened(publication)
        top = Position(reply["epoch"], reply["offset"])
        self.position = top if self.position is None or not reply.get("recovered") else self.position
        return reply

    async def rpc(self, method: str, *, key: str = "", **data: Any) -> Mapping[str, Any]:
        """One command, answered after its commit. Raises LiveError, or Ended when the connection was lost."""
        sent = {"session": self.session, "key": key or str(uuid4()), **data}
        reply = await self.ask({"rpc": {"method": method, "data": sent}})
        answer: Mapping[str, Any] = reply["rpc"]["data"]
        return answer

    async def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One request and its reply. Raises LiveError, Ended, TimeoutError."""
        if self._socket is None or self.ended is not None:
            raise self.ended or Ended(0, "The client is not connected.")
        identity = next(self._ids)
        future = asyncio.get_running_loop().create_future()
        self._waiting[identity] = future
        with contextlib.suppress(ConnectionClosed):  # the reader ends the future, with the reason
            await self._socket.send(json.dumps({"id": identity, **request}))
        reply: dict[str, Any] = await asyncio.wait_for(future, ANSWER_SECONDS)
        if "error" in reply:
            raise LiveError(reply["error"]["code"], reply["error"]["message"])
        return reply

    async def until(self, condition: Callable[["LiveClient"], bool], *, seconds: float = 20.0) -> None:
        """Waits until something is so, looking at every message. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    async def stay(self) -> None:
        """Keeps connected and subscribed until cancelled, coming back with jitter. Raises Ended
        when it is for good.
        """
        pause = FIRST_PAUSE_SECONDS
        while True:
            # looked at below; gone for now, or for good
            with contextlib.suppress(OSError, TimeoutError, Ended):
                await self.open()
                await self.subscribe()
                pause = FIRST_PAUSE_SECONDS
                await self._gone()
            if self.ended is not None and self.ended.code >= FIRST_TERMINAL_CLOSE:
                raise self.ended
            await asyncio.sleep(pause * random.random())  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _gone(self) -> None:
        if self._reader is not None:
            await asyncio.wait([self._reader])

    async def _read(self, socket: ClientConnection) -> None:
        try:
            with contextlib.suppress(ConnectionClosed):  # how it closed is what `_end` is told
                async for frame in socket:
                    for line in str(frame).split("\n"):
                        await self._take(socket, json.loads(line))
        finally:
            self._end(Ended(socket.close_code or 1006, socket.close_reason or ""))

    def _end(self, ended: Ended) -> None:
        self.ended = ended
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ended)
        self._waiting.clear()
        self._changed.set()

    async def _take(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        if not message:
            await socket.send("{}")
        elif "id" in message:
            future = self._waiting.pop(message["id"], None)
            if future is not None and not future.done():
                future.set_result(message)
        else:
            await self._pushed(socket, message["push"])
        self._changed.set()

    async def _pushed(self, socket: ClientConnection, push: Mapping[str, Any]) -> None:
        publication = push.get("pub")
        if publication is None:
            self.passing["unsubscribe"] = push
        elif "offset" in publication:
            if not self._happened(publication):
                await socket.close(code=4000, reason="Something was missed.")
        else:
            self.passing[publication["data"]["type"]] = publication["data"]

    def _happened(self, publication: Mapping[str, Any]) -> bool:
        """Takes an event in its turn; false when one before it is missing."""
        if self.position is None:
            return True
        offset = publication["offset"]
        if offset > self.position.offset + 1:
            return False
        if offset == self.position.offset + 1:
            self.position = Position(self.position.epoch, offset)
            self.events.append((offset, publication["data"]))
        return True
