"""The broker on a real Valkey of its own, which is killed and started again."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest

from guild.embedded.valkey import ValkeyNode
from lounges.sessions.broker import Listener, tell
from tests import harness


@pytest.fixture
def node() -> Iterator[ValkeyNode]:
    with ValkeyNode(harness.FOLDER / f"valkey-{uuid4().hex[:8]}") as node:
        yield node


async def until(condition, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.02)


@pytest.mark.fault
async def test_listening_survives_the_loss_of_valkey(node):
    heard: list[tuple[str, bytes]] = []
    returns: list[bool] = []

    async def returned() -> None:
        returns.append(True)

    listener = Listener(node.url, heard=lambda topic, data: heard.append((topic, data)), returned=returned)
    running = asyncio.create_task(listener.run())
    try:
        await until(lambda: listener.listening)
        await listener.add("one")
        assert await asyncio.to_thread(tell, node.url, "one", b"first")
        await until(lambda: heard == [("one", b"first")])

        node.stop()
        await until(lambda: not listener.listening)
        await listener.add("two")
        assert not await asyncio.to_thread(tell, node.url, "one", b"lost")

        node.start()
        await until(lambda: len(returns) == 2)
        for topic in ("one", "two"):
            assert await asyncio.to_thread(tell, node.url, topic, b"again")
        await until(lambda: len(heard) == 3)
        assert heard[1:] == [("one", b"again"), ("two", b"again")]

        await listener.remove("one")
        await listener.add("three")
        assert await asyncio.to_thread(tell, node.url, "one", b"unheard")
        assert await asyncio.to_thread(tell, node.url, "three", b"last")
        await until(lambda: len(heard) == 4)
        assert heard[3] == ("three", b"last")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
