"""The bounded queue between the hub and one socket.

Memory for a slow reader is bounded: past the limits the queue is dropped and the socket is closed with
3008, after which its client resumes from the last offset it saw. An outbox belongs to one event loop and is
not thread-safe.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from lounges.sessions.protocol import CloseCode

MAX_MESSAGES = 256
MAX_BYTES = 1024 * 1024
BATCH_MESSAGES = 64
BATCH_BYTES = 64 * 1024


class Frame(NamedTuple):
    """A text encoded once for every socket, with its size in bytes."""

    text: str
    size: int

    @classmethod
    def of(cls, text: str) -> "Frame":
        return cls(text, len(text.encode()))


@dataclass(frozen=True, slots=True)
class Closing:
    code: CloseCode
    reason: str


class _Slot:
    """A place in the queue whose frame may be replaced by a later one until it is taken."""

    __slots__ = ("frame", "name")

    def __init__(self, frame: Frame, name: str = "") -> None:
        self.frame = frame
        self.name = name


class Outbox:
    """What waits to be sent to one socket. `offer` never waits; `take` waits for something to send.

    `at_once` is called when the socket must end without what is under way, so that its sender can stop
    waiting.
    """

    def __init__(
        self,
        *,
        max_messages: int = MAX_MESSAGES,
        max_bytes: int = MAX_BYTES,
        at_once: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue: deque[_Slot] = deque()
        self._latest: dict[str, _Slot] = {}
        self._bytes = 0
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._wake = asyncio.Event()
        self._at_once = at_once
        self.closing: Closing | None = None

    def offer(self, frame: Frame) -> bool:
        """Queues `frame`; false when the socket is closing, or is closed now because it reads too slowly."""
        if self.closing is not None:
            return False
        if len(self._queue) >= self._max_messages or self._bytes + frame.size > self._max_bytes:
            self.close(CloseCode.SLOW, "You were reading too slowly; reconnect to catch up.", at_once=True)
            return False
        self._queue.append(_Slot(frame))
        self._bytes += frame.size
        self._wake.set()
        return True

    def offer_latest(self, name: str, frame: Frame) -> bool:
        """Queues an ephemeral frame, in the place of one of the same name that still waits."""
        waiting = self._latest.get(name)
        if waiting is None:
            if not self.offer(frame):
                return False
            waiting = self._queue[-1]
            waiting.name = name
            self._latest[name] = waiting
            return True
        self._bytes += frame.size - waiting.frame.size
        waiting.frame = frame
        return self.closing is None

    def close(self, code: CloseCode, reason: str, *, at_once: bool = False) -> None:
        """Ends the socket after what is queued, or `at_once` without it. Only the first reason counts."""
        if self.closing is not None:
            return
        self.closing = Closing(code, reason)
        if at_once:
            self._queue.clear()
            self._latest.clear()
            self._bytes = 0
        self._wake.set()
        if at_once:
            self._at_once()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def take(self) -> str | Closing:
        """Waits for frames and returns as many as one message may hold, one a line; then the
        closing, for ever.
        """
        while not self._queue:
            if self.closing is not None:
                return self.closing
            self._wake.clear()
            await self._wake.wait()
        return self._batch()

    def _batch(self) -> str:
        texts: list[str] = []
        size = 0
        while self._queue and len(texts) < BATCH_MESSAGES and size < BATCH_BYTES:
            slot = self._queue.popleft()
            if slot.name:
                del self._latest[slot.name]
            size += slot.frame.size
            texts.append(slot.frame.text)
        self._bytes -= size
        return texts[0] if len(texts) == 1 else "\n".join(texts)
