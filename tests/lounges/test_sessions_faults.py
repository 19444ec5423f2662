"""Live sessions when something breaks: real web processes, real sockets, a real Valkey that goes away."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from guild.tenancy.models import Membership
from lounges.sessions import announcements, broker, protocol
from lounges.sessions.announcements import EventAnnouncement
from lounges.sessions.client import Ended, LiveClient
from lounges.sessions.hub import Position
from lounges.sessions.protocol import CloseCode
from tests import harness
from tests.lounges.sessions_stage import Stage
from tests.stack import Stack

pytestmark = pytest.mark.fault
PATIENCE = 60
"""Seconds that another process may take on a busy machine."""


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[Stack]:
    """A web server of this module's own; a test that stops it starts it again."""
    folder = harness.FOLDER / f"web-{uuid4().hex[:8]}"
    folder.mkdir()
    stack = Stack(folder)
    stack.start("web")
    yield stack
    stack.stop()


@pytest.fixture
def stage(live_cast) -> Stage:
    stage = Stage(live_cast.ayla)
    stage.join(live_cast.ayla, live_cast.mira)
    return stage


@pytest.fixture
async def listen(web, stage) -> AsyncIterator[Callable[[Membership], Any]]:
    """`await listen(member)` is a client that keeps itself connected, as a page does."""
    clients: list[tuple[LiveClient, asyncio.Task[None]]] = []

    async def begin(member: Membership) -> LiveClient:
        cookie = await sync_to_async(cookie_of)(member)
        client = LiveClient(web.url, cookie, stage.id, position=Position(stage.session.epoch, 0))
        clients.append((client, asyncio.create_task(client.stay())))
        await client.until(lambda client: len(client.events) >= 3, seconds=PATIENCE)
        return client

    yield begin
    for client, staying in clients:
        staying.cancel()
        await asyncio.gather(staying, return_exceptions=True)
        await client.close()


def cookie_of(member: Membership) -> str:
    client = Client()
    client.force_login(member.dreamer)
    return f"sessionid={client.cookies['sessionid'].value}"


async def toggle(stage: Stage, times: int) -> None:
    """Events, one by one: the host goes forward and back, an even number of times."""
    for number in range(times):
        name = "sharing" if number % 2 == 0 else "arriving"
        await sync_to_async(stage.do)(stage.host, "session.set_stage", stage=name)


def offsets(client: LiveClient) -> list[int]:
    return [offset for offset, _ in client.events]


async def test_killing_the_web_process_loses_no_event(web, stage, listen, live_cast):
    mira = await listen(live_cast.mira)
    await toggle(stage, 2)
    await mira.until(lambda client: len(client.events) == 5, seconds=PATIENCE)
    await asyncio.to_thread(web.kill, "web")
    await toggle(stage, 4)
    await asyncio.to_thread(web.start, "web")
    await toggle(stage, 2)
    await mira.until(lambda client: len(client.events) == 11, seconds=PATIENCE)
    assert offsets(mira) == list(range(1, 12))
    assert mira.snapshots == 0


async def test_a_stopping_server_sends_its_clients_elsewhere(web, stage, live_cast):
    cookie = await sync_to_async(cookie_of)(live_cast.mira)
    client = LiveClient(web.url, cookie, stage.id)
    await client.open()
    await client.subscribe()
    await asyncio.to_thread(web.stop, "web")
    await client.until(lambda client: client.ended is not None, seconds=PATIENCE)
    assert client.ended is not None
    assert client.ended.code == CloseCode.SHUTDOWN
    await asyncio.to_thread(web.start, "web")


async def test_events_arrive_without_valkey_and_after_it_returns(stage, listen, live_cast):
    mira = await listen(live_cast.mira)
    harness.valkey.stop()
    try:
        await toggle(stage, 4)
        await mira.until(lambda client: len(client.events) == 7, seconds=PATIENCE)
    finally:
        harness.valkey.start()
    await toggle(stage, 2)
    await mira.until(lambda client: len(client.events) == 9, seconds=PATIENCE)
    assert offsets(mira) == list(range(1, 10))
    assert (mira.snapshots, mira.ended) == (0, None)


async def test_a_command_lost_with_its_connection_is_done_once(web, stage, live_cast):
    cookie = await sync_to_async(cookie_of)(live_cast.ayla)
    key = str(uuid4())
    client = LiveClient(web.url, cookie, stage.id)
    await client.open()
    asking = asyncio.create_task(client.rpc("session.set_stage", key=key, stage="sharing"))
    await asyncio.sleep(0.01)
    await asyncio.to_thread(web.kill, "web")
    first = (await asyncio.gather(asking, return_exceptions=True))[0]
    assert isinstance(first, Ended | dict)
    await asyncio.to_thread(web.start, "web")
    await client.open()
    again = await client.rpc("session.set_stage", key=key, stage="sharing")
    assert again == {"offset": 4}
    assert isinstance(first, Ended) or first == again
    await client.close()


async def test_a_slow_reader_is_closed_and_catches_up(web, stage, live_cast):
    """It stops reading while megabytes are announced; the others hear everything meanwhile."""
    cookie = await sync_to_async(cookie_of)(live_cast.mira)
    slow = await connect(
        f"ws://{urlsplit(web.url).netloc}/ws/",
        origin=web.url,
        additional_headers={"Cookie": cookie},
        compression=None,
        max_queue=1,
        ping_interval=None,
    )
    await slow.send(json.dumps({"id": 1, "connect": {}}))
    channel = announcements.channel_of(stage.session.pk)
    await slow.send(json.dumps({"id": 2, "subscribe": {"channel": channel}}))
    for _ in range(2):
        await slow.recv()
    await asyncio.to_thread(flood, stage, first=4, count=900)
    await asyncio.sleep(1)
    async with slow, asyncio.timeout(PATIENCE):
        received = [frame async for frame in tolerant(slow)]
    assert slow.close_code == CloseCode.SLOW
    assert len(received) < 900
    mira = LiveClient(web.url, cookie, stage.id, position=Position(stage.session.epoch, 1))
    await mira.open()
    assert (await mira.subscribe())["recovered"] is True
    assert offsets(mira) == [2, 3]
    await mira.close()


def flood(stage: Stage, *, first: int, count: int) -> None:
    """Announcements of a size that no event has, to fill a socket: what the table holds stays as it is."""
    channel, topic = announcements.channel_of(stage.session.pk), announcements.topic_of(stage.session.pk)
    for offset in range(first, first + count):
        frame = protocol.publication(channel, offset=offset, data={"filler": "x" * 20_000})
        event = EventAnnouncement(epoch=stage.session.epoch, offset=offset, frame=frame)
        broker.tell(settings.REDIS_URL, topic, announcements.encode(event))
        time.sleep(0.001)


async def tolerant(connection: Any) -> AsyncIterator[str]:
    """What still arrives, until the connection is closed, in whichever way."""
    try:
        async for frame in connection:
            yield frame
    except ConnectionClosed:
        return
