"""The client of live sessions, against a server that loses, repeats, hangs up and starts over."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browser.wire_double import CHANNEL, Wire, running
from tests.guild.embedded_scratch import until

pytestmark = pytest.mark.browser

START = """async ({ address, channel, position, whole }) => {
  const { LiveClient } = await import("/js/live.js");
  Object.assign(window, { seen: [], latest: [], states: [], snapshots: 0, whole });
  window.client = new LiveClient({
    url: address, channel, position,
    snapshot: async () => { window.snapshots += 1; return { ...window.whole }; },
  });
  client.addEventListener("event", ({ detail }) => seen.push(detail.offset));
  client.addEventListener("latest", ({ detail }) => latest.push(detail.type));
  client.addEventListener("state", ({ detail }) => states.push(detail.state));
  Math.random = () => 0.05;  // come back at once
  client.open();
}"""


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def start(page: Page, wire: Wire) -> Iterator[Callable[..., Page]]:
    """`start(offset=…)` opens a page whose client stands at that place of the wire's first epoch."""
    with running(wire, Path(settings.BASE_DIR) / "static") as address:

        def open_page(*, offset: int | None = 0, whole: dict[str, Any] | None = None) -> Page:
            page.goto(address)
            position = None if offset is None else {"epoch": "k1", "offset": offset}
            arguments = {
                "address": wire.address,
                "channel": CHANNEL,
                "position": position,
                "whole": whole or {},
            }
            page.evaluate(START, arguments)
            page.wait_for_function("client.state === 'live' || client.state === 'closed'")
            return page

        yield open_page


def test_events_after_the_page_arrive_once_and_in_order(start: Callable[..., Page], wire: Wire) -> None:
    for kind in ("session.opened", "participant.joined", "dream.shared"):
        wire.record(kind)
    page = start(offset=1)
    wire.record("association.added")
    wire.push(wire.events[2])
    wire.say(*({"push": {"channel": CHANNEL, "pub": event}} for event in wire.events))
    wire.record("session.closed")
    page.wait_for_function("seen.length >= 4")
    assert page.evaluate("seen") == [2, 3, 4, 5]


def test_an_event_lost_on_its_way_is_noticed_and_fetched(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    wire.record("dream.shared", announce=False)
    wire.record("association.added")
    page.wait_for_function("seen.length === 2")
    assert page.evaluate("seen") == [1, 2]
    assert page.evaluate("states") == ["connecting", "live", "reconnecting", "caught-up"]


def test_a_stated_position_reveals_a_lost_last_event(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    wire.record("dream.shared", announce=False)
    wire.push({"data": {"type": "position", "epoch": "k1", "offset": 1}})
    page.wait_for_function("seen.length === 1")
    assert page.evaluate("latest") == []


@pytest.mark.parametrize("code", [3001, 3005, 3008, 3010, 3012, 4000])
def test_a_passing_close_is_followed_by_a_resume(start: Callable[..., Page], wire: Wire, code: int) -> None:
    page = start()
    wire.record("participant.joined")
    page.wait_for_function("seen.length === 1")
    wire.hang_up(code)
    wire.record("dream.shared")
    page.wait_for_function("seen.length === 2")
    assert wire.subscriptions[-1] == {"channel": CHANNEL, "recover": True, "epoch": "k1", "offset": 1}
    assert page.evaluate("[seen, snapshots]") == [[1, 2], 0]


@pytest.mark.parametrize("code", [4500, 4501, 3500])
def test_a_terminal_close_is_the_end(start: Callable[..., Page], wire: Wire, code: int) -> None:
    page = start()
    wire.hang_up(code, "You signed out.")
    page.wait_for_function("client.state === 'closed'")
    refusal = page.evaluate("client.rpc('session.associate', {}).catch((error) => error.message)")
    page.wait_for_timeout(300)
    assert "closed" in refusal
    assert len(wire.subscriptions) == 1


def test_what_cannot_be_replayed_is_taken_as_a_snapshot(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    wire.epoch, wire.events = "k2", []
    for _ in range(3):
        wire.record("dream.shared", announce=False)
    page.evaluate("whole = { epoch: 'k2', offset: 3 }")
    wire.hang_up(3010)
    page.wait_for_function("client.state === 'caught-up'")
    wire.record("association.added")
    page.wait_for_function("seen.length === 1")
    assert page.evaluate("[seen, snapshots, client.position]") == [[4], 1, {"epoch": "k2", "offset": 4}]


def test_a_page_that_leaves_during_a_snapshot_stays_away(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    wire.epoch, wire.events = "k2", []
    page.evaluate("Object.defineProperty(window, 'whole', { get() { client.close('Left.'); return null; } })")
    wire.hang_up(3010)
    page.wait_for_function("client.state === 'closed'")
    page.wait_for_timeout(400)
    assert page.evaluate("client.state") == "closed"


def test_a_page_without_a_position_begins_with_a_snapshot(start: Callable[..., Page], wire: Wire) -> None:
    wire.record("session.opened")
    page = start(offset=None, whole={"epoch": "k1", "offset": 1})
    wire.record("dream.shared")
    page.wait_for_function("seen.length === 1")
    assert page.evaluate("[seen, snapshots]") == [[2], 1]


def test_a_command_without_an_answer_is_sent_again_and_happens_once(
    start: Callable[..., Page], wire: Wire
) -> None:
    wire.silent_commands = 2
    page = start()
    answer = page.evaluate("client.rpc('session.associate', { text: 'the orchard' })")
    assert answer == {"offset": 1}
    assert len(wire.commands) == 3
    assert len({command["data"]["key"] for command in wire.commands}) == len(wire.done) == 1
    assert page.evaluate("seen") == [1]


def test_a_busy_server_is_asked_again(start: Callable[..., Page], wire: Wire) -> None:
    wire.busy_commands = 2
    page = start()
    assert page.evaluate("client.rpc('session.associate', {}, { key: 'k' })") == {"offset": 1}
    assert [command["data"] for command in wire.commands] == [{"key": "k"}] * 3


def test_a_refused_command_says_why_and_is_not_sent_again(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    refusal = page.evaluate("client.rpc('forbidden').catch(({ code, message }) => [code, message])")
    assert refusal == [103, "Only the host may."]
    assert len(wire.commands) == 1


def test_a_ping_is_answered_and_passing_things_pass(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    wire.say({}, {"push": {"channel": CHANNEL, "pub": {"data": {"type": "blend.progress", "done": 2}}}})
    page.wait_for_function("latest.length === 1")
    assert until(lambda: wire.pongs)
    assert wire.pongs == 1
    assert page.evaluate("[latest, seen]") == [["blend.progress"], []]


def test_events_of_another_channel_are_not_ours(start: Callable[..., Page], wire: Wire) -> None:
    page = start()
    wire.say(
        {"push": {"channel": "session:elsewhere", "pub": {"offset": 1, "data": {"type": "dream.shared"}}}}
    )
    wire.record("dream.shared")
    page.wait_for_function("seen.length === 1")
    assert page.evaluate("states") == ["connecting", "live"]
