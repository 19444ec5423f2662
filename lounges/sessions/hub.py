"""The hub of one web process: every live session in it, each frame encoded once, every socket's queue
bounded.

The events table is the truth. Valkey only says that something happened, and may lose it, double it or say
it out of order, so each feed lets frames through strictly by offset and reads whatever is missing through
the injected reader. A hub belongs to one event loop; between two `await`s nothing else moves, and joining
relies on that.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from lounges.sessions import announcements, protocol
from lounges.sessions.announcements import EventAnnouncement, LatestAnnouncement
from lounges.sessions.outbox import Frame, Outbox
from lounges.sessions.protocol import CloseCode

logger = logging.getLogger(__name__)

RECOVERY_LIMIT = 500  # events replayed to one returning client; past this a snapshot is cheaper
PASSAGE_LIMIT = 500
AHEAD_LIMIT = 1024
STATE_EVERY_SECONDS = 8.0  # the top offset is stated at least every 10 s
STATE_EVERY_SECONDS_WITHOUT_VALKEY = 1.0


@dataclass(frozen=True, slots=True)
class Stream:
    """One session's events, and the guild in whose tenancy they are read."""

    guild: UUID
    session: UUID

    @property
    def channel(self) -> str:
        return announcements.channel_of(self.session)

    @property
    def topic(self) -> str:
        return announcements.topic_of(self.session)


@dataclass(frozen=True, slots=True)
class Position:
    epoch: str
    offset: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Events after an offset, in order and without a gap, and where the stream stands."""

    top: Position
    events: Sequence[tuple[int, Mapping[str, Any]]]


class StreamGone(Exception):
    """The session a socket asked for does not exist in its guild any more."""


class EventReader(Protocol):
    """The events table, read inside the guild's tenancy."""

    async def passage(self, stream: Stream, *, after: int, limit: int) -> Passage:
        """At most `limit` events with an offset greater than `after`."""
        ...

    async def tops(self, streams: Sequence[Stream]) -> Mapping[Stream, Position]:
        """Where each stream stands; a stream that is gone is left out."""
        ...


class Topics(Protocol):
    """The listening side of the broker."""

    @property
    def listening(self) -> bool: ...

    async def add(self, topic: str) -> None: ...

    async def remove(self, topic: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Joined:
    """What a client is told when it joins: everything it missed, or that it must take a snapshot."""

    top: Position
    was_recovering: bool
    recovered: bool
    publications: Sequence[tuple[int, Mapping[str, Any]]] = ()


@dataclass(eq=False)
class _Feed:
    stream: Stream
    top: Position
    sockets: set[Outbox] = field(default_factory=set)
    # Sockets that read further from the table than this feed has heard, and how far.
    beyond: dict[Outbox, int] = field(default_factory=dict)
    # Frames heard before one of an earlier offset.
    ahead: dict[int, str] = field(default_factory=dict)
    filling: asyncio.Task[None] | None = None


class Hub:
    """Joins sockets to sessions and keeps each of them in order. See the module for the promises."""

    def __init__(
        self, *, topics: Topics, reader: EventReader, state_every: float = STATE_EVERY_SECONDS
    ) -> None:
        self._topics = topics
        self._reader = reader
        self._state_every = state_every
        self._feeds: dict[Stream, _Feed] = {}
        self._by_topic: dict[str, _Feed] = {}
        self._opening = asyncio.Lock()

    @property
    def streams(self) -> list[Stream]:
        return list(self._feeds)

    def sockets_of(self, stream: Stream) -> int:
        feed = self._feeds.get(stream)
        return len(feed.sockets) if feed else 0

    async def join(
        self, stream: Stream, outbox: Outbox, *, since: Position | None, reply: Callable[[Joined], str]
    ) -> Joined:
        """Queues `reply(...)` for the socket, and from then on every later event, each exactly once
        and in order.
        """
        while True:
            feed = await self._feed(stream)
            try:
                joined = await self._catch_up(feed, since)
            except BaseException:
                await self._close_if_empty(feed)
                raise
            if self._feeds.get(stream) is not feed:
                continue  # the last other socket left while this one was reading, and took the feed along
            outbox.offer(Frame.of(reply(joined)))
            feed.sockets.add(outbox)
            if joined.top.offset > feed.top.offset:
                feed.beyond[outbox] = joined.top.offset
            return joined

    async def leave(self, stream: Stream, outbox: Outbox) -> None:
        """Lets a socket go, and the session too when it was the last one of this process."""
        feed = self._feeds.get(stream)
        if feed is not None:
            feed.sockets.discard(outbox)
            feed.beyond.pop(outbox, None)
            await self._close_if_empty(feed)

    def heard(self, topic: str, payload: bytes) -> None:
        """Takes one message of the broker. Never raises: what cannot be read is left to the next reading."""
        feed = self._by_topic.get(topic)
        announcement = announcements.decode(payload) if feed else None
        if feed is None or announcement is None:
            return
        if isinstance(announcement, LatestAnnouncement):
            self._pass_on(feed, announcement.slot, Frame.of(announcement.frame))
        else:
            self._heard_event(feed, announcement)

    def say(self, stream: Stream, data: Mapping[str, Any]) -> None:
        """Pushes something passing to this process's sockets of one session; `data["type"]` is its slot."""
        feed = self._feeds.get(stream)
        if feed is not None:
            self._pass_on(feed, data["type"], Frame.of(protocol.ephemeral(stream.channel, data)))

    async def fill_all(self) -> None:
        """Reads whatever any session missed, for a broker that came back."""
        await self.state_positions()

    async def run(self) -> None:
        """States every session's top offset, for ever; oftener while Valkey is away, because then
        nothing else does.
        """
        while True:
            pause = self._state_every
            if not self._topics.listening:
                pause = min(pause, STATE_EVERY_SECONDS_WITHOUT_VALKEY)
            await asyncio.sleep(pause)
            await self.state_positions()

    async def state_positions(self) -> None:
        """Compares every feed with the table, fills what is missing, and tells each socket where
        the session stands.
        """
        streams = self.streams
        if not streams:
            return
        try:
            tops = await self._reader.tops(streams)
        except Exception:
            logger.exception("The sessions' positions could not be read; trying again at the next turn.")
            return
        for stream, top in tops.items():
            feed = self._feeds.get(stream)
            if feed is None:
                continue
            if top.epoch != feed.top.epoch:
                self._start_over(feed, top)
            elif top.offset > feed.top.offset:
                self._fill(feed)
            self.say(stream, {"type": "position", "epoch": top.epoch, "offset": top.offset})

    async def _feed(self, stream: Stream) -> _Feed:
        """The session's feed, opened when this is the process's first socket in it."""
        async with self._opening:
            if stream not in self._feeds:
                await self._topics.add(stream.topic)
                tops = await self._reader.tops([stream])
                if stream not in tops:
                    await self._topics.remove(stream.topic)
                    raise StreamGone(f"The session {stream.session} is no longer there; leave its page.")
                self._feeds[stream] = self._by_topic[stream.topic] = _Feed(stream, tops[stream])
            return self._feeds[stream]

    async def _close_if_empty(self, feed: _Feed) -> None:
        async with self._opening:
            stream = feed.stream
            if feed.sockets or self._feeds.get(stream) is not feed:
                return
            del self._feeds[stream], self._by_topic[stream.topic]
            if feed.filling is not None:
                feed.filling.cancel()
            await self._topics.remove(stream.topic)

    async def _catch_up(self, feed: _Feed, since: Position | None) -> Joined:
        """Reads until it stands where the feed stands at the moment of returning, with no `await`
        after the check.
        """
        if since is None:
            return Joined(feed.top, was_recovering=False, recovered=False)
        events: list[tuple[int, Mapping[str, Any]]] = []
        reached = since.offset
        while True:
            passage = await self._reader.passage(
                feed.stream, after=reached, limit=RECOVERY_LIMIT + 1 - len(events)
            )
            events.extend(passage.events)
            if (
                passage.top.epoch != since.epoch
                or since.offset > passage.top.offset
                or len(events) > RECOVERY_LIMIT
            ):
                return Joined(feed.top, was_recovering=True, recovered=False)
            reached = events[-1][0] if events else since.offset
            if reached >= feed.top.offset:
                return Joined(Position(since.epoch, reached), True, True, events)

    def _heard_event(self, feed: _Feed, event: EventAnnouncement) -> None:
        if event.epoch != feed.top.epoch:
            self._fill(feed)
        elif event.offset == feed.top.offset + 1:
            self._advance(feed, event.offset, event.frame)
            self._drain(feed)
        elif event.offset > feed.top.offset:
            if len(feed.ahead) < AHEAD_LIMIT:
                feed.ahead[event.offset] = event.frame
            self._fill(feed)

    def _drain(self, feed: _Feed) -> None:
        while feed.ahead and (frame := feed.ahead.pop(feed.top.offset + 1, None)) is not None:
            self._advance(feed, feed.top.offset + 1, frame)

    def _advance(self, feed: _Feed, offset: int, text: str) -> None:
        feed.top = Position(feed.top.epoch, offset)
        frame = Frame.of(text)
        if feed.beyond:
            self._deliver(frame, (outbox for outbox in feed.sockets if feed.beyond.get(outbox, 0) < offset))
            feed.beyond = {outbox: reached for outbox, reached in feed.beyond.items() if reached > offset}
        else:
            self._deliver(frame, feed.sockets)

    @staticmethod
    def _deliver(frame: Frame, sockets: Iterable[Outbox]) -> None:
        for outbox in sockets:
            outbox.offer(frame)

    @staticmethod
    def _pass_on(feed: _Feed, slot: str, frame: Frame) -> None:
        for outbox in feed.sockets:
            outbox.offer_latest(f"{feed.stream.session}:{slot}", frame)

    def _fill(self, feed: _Feed) -> None:
        if feed.filling is None or feed.filling.done():
            feed.filling = asyncio.create_task(self._fill_from_table(feed))

    async def _fill_from_table(self, feed: _Feed) -> None:
        try:
            while True:
                passage = await self._reader.passage(feed.stream, after=feed.top.offset, limit=PASSAGE_LIMIT)
                if passage.top.epoch != feed.top.epoch:
                    self._start_over(feed, passage.top)
                    return
                for offset, data in passage.events:
                    if offset == feed.top.offset + 1:
                        text = protocol.publication(feed.stream.channel, offset=offset, data=data)
                        self._advance(feed, offset, text)
                self._drain(feed)
                feed.ahead = {offset: text for offset, text in feed.ahead.items() if offset > feed.top.offset}
                if not passage.events or (feed.top.offset >= passage.top.offset and not feed.ahead):
                    return
        except Exception:
            logger.exception("Missing events of a session could not be read; trying again at the next turn.")

    @staticmethod
    def _start_over(feed: _Feed, top: Position) -> None:
        """The session's history was replaced, so no socket's place in it means anything."""
        feed.top = top
        feed.ahead.clear()
        feed.beyond.clear()
        for outbox in feed.sockets:
            outbox.close(CloseCode.INSUFFICIENT_STATE, "The session starts over from here; reconnect.")
