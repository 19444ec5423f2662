"""The hub: one order, nothing twice, nothing lost, whatever the broker does."""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest

from lounges.sessions import announcements, protocol
from lounges.sessions.announcements import EventAnnouncement, LatestAnnouncement
from lounges.sessions.hub import RECOVERY_LIMIT, Hub, Joined, Passage, Position, Stream, StreamGone
from lounges.sessions.outbox import Closing, Outbox
from lounges.sessions.protocol import CloseCode

STREAM = Stream(guild=UUID(int=1), session=UUID(int=2))


class Table:
    """An events table in memory, whose reads take a turn of the loop, as real ones do."""

    def __init__(self) -> None:
        self.epoch = "k3"
        self.events: list[tuple[int, dict]] = []
        self.broken = False

    def commit(self, count: int = 1) -> int:
        for _ in range(count):
            offset = len(self.events) + 1
            self.events.append((offset, {"type": "association.added", "n": offset}))
        return len(self.events)

    @property
    def top(self) -> Position:
        return Position(self.epoch, len(self.events))

    async def passage(self, stream: Stream, *, after: int, limit: int) -> Passage:
        await asyncio.sleep(0)
        if self.broken:
            raise ConnectionError("the database is away")
        read = Passage(self.top, [event for event in self.events if event[0] > after][:limit])
        await asyncio.sleep(0)
        return read

    async def tops(self, streams: Sequence[Stream]) -> Mapping[Stream, Position]:
        await asyncio.sleep(0)
        if self.broken:
            raise ConnectionError("the database is away")
        return {stream: self.top for stream in streams if stream == STREAM}


class Quiet:
    """A broker that keeps the topics and says nothing."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.listening = True

    async def add(self, topic: str) -> None:
        self.topics.append(topic)

    async def remove(self, topic: str) -> None:
        self.topics.remove(topic)


class Socket:
    """One socket that remembers what it was sent."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.outbox = Outbox(max_messages=5000, max_bytes=1 << 24)

    async def join(self, since: Position | None = None) -> Joined:
        return await self.hub.join(STREAM, self.outbox, since=since, reply=lambda joined: '{"id":1}')

    async def received(self) -> list[dict]:
        await settle()
        lines: list[str] = []
        while self.outbox.waiting:
            taken = await self.outbox.take()
            lines += taken.split("\n")
        return [json.loads(line) for line in lines]

    async def offsets(self) -> list[int]:
        return [
            message["push"]["pub"]["offset"]
            for message in await self.received()
            if "push" in message and "offset" in message["push"]["pub"]
        ]


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def announce(hub: Hub, table: Table, offset: int, epoch: str | None = None) -> None:
    text = protocol.publication(STREAM.channel, offset=offset, data=table.events[offset - 1][1])
    event = EventAnnouncement(epoch=epoch or table.epoch, offset=offset, frame=text)
    hub.heard(STREAM.topic, announcements.encode(event))


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def topics() -> Quiet:
    return Quiet()


@pytest.fixture
def hub(table: Table, topics: Quiet) -> Hub:
    return Hub(topics=topics, reader=table)


async def test_announced_events_arrive_in_order_and_once(hub, table):
    socket = Socket(hub)
    await socket.join()
    table.commit(3)
    for offset in (1, 2, 2, 1, 3):
        announce(hub, table, offset)
    assert await socket.offsets() == [1, 2, 3]


async def test_events_announced_out_of_order_are_put_in_order(hub, table):
    socket = Socket(hub)
    await socket.join()
    table.commit(5)
    for offset in (3, 5, 1, 4, 2):
        announce(hub, table, offset)
    assert await socket.offsets() == [1, 2, 3, 4, 5]


async def test_a_lost_announcement_is_read_from_the_table(hub, table):
    socket = Socket(hub)
    await socket.join()
    table.commit(4)
    announce(hub, table, 4)
    assert await socket.offsets() == [1, 2, 3, 4]


async def test_silence_of_the_broker_is_noticed_when_positions_are_stated(hub, table):
    socket = Socket(hub)
    await socket.join()
    table.commit(2)
    await hub.state_positions()
    messages = (await socket.received())[1:]
    stated = {"type": "position", "epoch": "k3", "offset": 2}
    assert [message["push"]["pub"] for message in messages] == [
        {"data": stated},
        {"offset": 1, "data": table.events[0][1]},
        {"offset": 2, "data": table.events[1][1]},
    ]


async def test_resuming_gets_all_that_was_missed_and_then_the_rest(hub, table):
    table.commit(5)
    socket = Socket(hub)
    joined = await socket.join(Position("k3", 2))
    assert joined == Joined(Position("k3", 5), True, True, table.events[2:])
    table.commit()
    announce(hub, table, 6)
    assert await socket.offsets() == [6]


async def test_resuming_at_the_top_misses_nothing(hub, table):
    table.commit(2)
    assert await Socket(hub).join(Position("k3", 2)) == Joined(Position("k3", 2), True, True, [])


@pytest.mark.parametrize(
    "since", [Position("k3", 9), Position("other", 1)], ids=["ahead of us", "another epoch"]
)
async def test_resuming_is_all_or_nothing(hub, table, since):
    table.commit(3)
    assert await Socket(hub).join(since) == Joined(Position("k3", 3), True, False)


async def test_too_far_behind_takes_a_snapshot(hub, table):
    table.commit(RECOVERY_LIMIT + 2)
    assert (await Socket(hub).join(Position("k3", 1))).recovered is False
    assert (await Socket(hub).join(Position("k3", 2))).recovered is True


async def test_joining_while_events_arrive_neither_loses_nor_doubles(hub, table):
    """Every interleaving of commits, announcements and joins that a seeded run finds."""
    sequence = random.Random(7)
    watchers: list[tuple[Socket, int, asyncio.Task[Joined]]] = []
    for _ in range(300):
        action = sequence.random()
        if action < 0.4:
            table.commit()
        elif action < 0.7 and table.events:
            announce(hub, table, sequence.randint(1, len(table.events)))
        elif action < 0.8:
            socket, since = Socket(hub), sequence.randint(0, len(table.events))
            watchers.append((socket, since, asyncio.create_task(socket.join(Position("k3", since)))))
        for _ in range(sequence.randint(0, 3)):
            await asyncio.sleep(0)
    await settle()
    await hub.state_positions()
    assert len(watchers) > 10
    for socket, since, joining in watchers:
        joined = await joining
        seen = [offset for offset, _ in joined.publications] + await socket.offsets()
        assert seen == list(range(since + 1, len(table.events) + 1))


async def test_passing_things_carry_no_offset_and_only_the_latest_is_kept(hub, table):
    socket = Socket(hub)
    await socket.join()
    for done in range(3):
        frame = protocol.ephemeral(STREAM.channel, {"type": "blend.progress", "done": done})
        hub.heard(STREAM.topic, announcements.encode(LatestAnnouncement("blend.progress", frame)))
    hub.say(STREAM, {"type": "presence", "people": []})
    assert [message["push"]["pub"] for message in (await socket.received())[1:]] == [
        {"data": {"type": "blend.progress", "done": 2}},
        {"data": {"type": "presence", "people": []}},
    ]


async def test_a_broken_table_is_read_again_later(hub, table):
    socket = Socket(hub)
    await socket.join()
    table.commit(3)
    table.broken = True
    announce(hub, table, 3)
    assert await socket.offsets() == []
    table.broken = False
    await hub.fill_all()
    assert await socket.offsets() == [1, 2, 3]


async def test_joining_fails_cleanly_while_the_table_is_away(hub, table):
    socket = Socket(hub)
    await socket.join()
    await hub.leave(STREAM, socket.outbox)
    table.broken = True
    with pytest.raises(ConnectionError):
        await Socket(hub).join(Position("k3", 0))
    assert hub.streams == []
    table.broken = False
    with pytest.raises(StreamGone, match="no longer there"):
        await hub.join(Stream(STREAM.guild, UUID(int=9)), Outbox(), since=None, reply=lambda joined: "unsaid")
    assert hub.streams == []


async def test_a_replaced_history_sends_everyone_back_to_a_snapshot(hub, table):
    table.commit(4)
    socket = Socket(hub)
    await socket.join(Position("k3", 4))
    table.epoch, table.events = "k4", []
    await hub.state_positions()
    await socket.received()
    assert await socket.outbox.take() == Closing(
        CloseCode.INSUFFICIENT_STATE, "The session starts over from here; reconnect."
    )


async def test_the_last_socket_takes_the_session_along(hub, table, topics):
    first, second = Socket(hub), Socket(hub)
    await first.join()
    await second.join()
    assert (hub.sockets_of(STREAM), topics.topics) == (2, [STREAM.topic])
    await hub.leave(STREAM, first.outbox)
    assert (hub.sockets_of(STREAM), topics.topics) == (1, [STREAM.topic])
    await hub.leave(STREAM, second.outbox)
    await hub.leave(STREAM, second.outbox)
    assert (hub.streams, topics.topics) == ([], [])


async def test_a_slow_socket_does_not_hold_up_the_others(hub, table):
    slow, quick = Outbox(max_messages=2), Socket(hub)
    await hub.join(STREAM, slow, since=None, reply=lambda joined: '{"id":1}')
    await quick.join()
    for offset in range(1, 6):
        table.commit()
        announce(hub, table, offset)
    assert await quick.offsets() == [1, 2, 3, 4, 5]
    closing = await slow.take()
    assert isinstance(closing, Closing)
    assert closing.code == CloseCode.SLOW


@pytest.mark.parametrize("payload", [b"", b"\xff", b"event k3 x\n{}", b"event k3\n{}", b"hello\nworld"])
async def test_nonsense_from_the_broker_is_left_alone(hub, table, payload):
    socket = Socket(hub)
    await socket.join()
    hub.heard(STREAM.topic, payload)
    hub.heard("another topic", payload)
    assert (await socket.received())[1:] == []


@pytest.mark.parametrize(
    "channel", ["", "session:", "session:nonsense", f"session:{UUID(int=2).hex}", f"other:{UUID(int=2)}"]
)
def test_only_the_exact_name_of_a_channel_is_one(channel):
    assert announcements.session_of(channel) is None
    assert announcements.session_of(STREAM.channel) == STREAM.session
