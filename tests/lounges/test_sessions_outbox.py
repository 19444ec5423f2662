"""The queue of one socket: bounded, in order, and the latest of what passes."""

import asyncio

import pytest

from lounges.sessions.outbox import BATCH_MESSAGES, Closing, Frame, Outbox
from lounges.sessions.protocol import CloseCode


def frame(text: str) -> Frame:
    return Frame.of(text)


async def test_what_waits_is_taken_together_and_in_order():
    outbox = Outbox()
    for text in ("a", "b", "c"):
        assert outbox.offer(frame(text))
    assert await outbox.take() == "a\nb\nc"
    assert outbox.waiting == 0


async def test_take_waits_for_the_first_frame():
    outbox = Outbox()
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    assert not taking.done()
    outbox.offer(frame("late"))
    assert await taking == "late"


async def test_a_batch_is_bounded():
    outbox = Outbox()
    for number in range(BATCH_MESSAGES + 1):
        outbox.offer(frame(str(number)))
    first = await outbox.take()
    assert (len(first.split("\n")), outbox.waiting) == (BATCH_MESSAGES, 1)


@pytest.mark.parametrize(
    "frames",
    [["x"] * 257, ["x" * 1024 * 512] * 3, ["夢" * 400_000]],
    ids=["messages", "bytes", "one too large"],
)
async def test_slow_reader_is_closed_and_holds_no_memory(frames):
    interrupted: list[bool] = []
    outbox = Outbox(at_once=lambda: interrupted.append(True))
    accepted = [outbox.offer(frame(text)) for text in frames]
    assert accepted == [True] * (len(frames) - 1) + [False]
    assert outbox.waiting == 0
    closing = await outbox.take()
    assert isinstance(closing, Closing)
    assert closing.code == CloseCode.SLOW
    assert interrupted == [True]
    assert not outbox.offer(frame("more"))


async def test_limits_are_free_again_after_taking():
    outbox = Outbox(max_messages=2, max_bytes=4)
    for _ in range(5):
        assert outbox.offer(frame("ab"))
        assert outbox.offer(frame("cd"))
        assert await outbox.take() == "ab\ncd"


async def test_latest_takes_the_place_of_the_one_that_waits():
    outbox = Outbox()
    outbox.offer_latest("progress", frame("10 %"))
    outbox.offer(frame("event"))
    outbox.offer_latest("progress", frame("20 %"))
    outbox.offer_latest("presence", frame("Ayla"))
    assert await outbox.take() == "20 %\nevent\nAyla"
    outbox.offer_latest("progress", frame("30 %"))
    assert await outbox.take() == "30 %"


async def test_a_flood_of_what_passes_never_closes():
    outbox = Outbox()
    for number in range(10_000):
        assert outbox.offer_latest("progress", frame(str(number)))
    assert await outbox.take() == "9999"


async def test_closing_sends_what_was_queued_first_and_keeps_its_first_reason():
    outbox = Outbox()
    outbox.offer(frame("last"))
    outbox.close(CloseCode.SHUTDOWN, "The server restarts.")
    outbox.close(CloseCode.SIGNED_OUT, "You signed out.")
    assert not outbox.offer(frame("too late"))
    assert await outbox.take() == "last"
    assert await outbox.take() == Closing(CloseCode.SHUTDOWN, "The server restarts.")
    assert await outbox.take() == Closing(CloseCode.SHUTDOWN, "The server restarts.")
