"""The socket over real rows: connecting, hearing, commanding, and being let go."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client
from django.utils import timezone

from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from lounges.sessions import switchboard
from lounges.sessions.commands import COMMANDS
from lounges.sessions.consumers import LiveConsumer
from lounges.sessions.protocol import CloseCode
from lounges.sessions.switchboard import Switchboard
from tests.lounges.sessions_stage import Stage, in_guild_of

HOST = "127.0.0.1:8000"
ORIGIN = f"http://{HOST}"


def cookie_of(member: Membership) -> str:
    client = Client()
    client.force_login(member.dreamer)
    return f"sessionid={client.cookies['sessionid'].value}"


class Talk:
    """One socket of a test: sends commands, and sorts what arrives into replies and pushes."""

    def __init__(self, cookie: str = "", *, origin: str | None = ORIGIN) -> None:
        headers = [(b"host", HOST.encode()), (b"cookie", cookie.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        scope = {"type": "websocket", "path": "/ws/", "headers": headers}
        self.socket = ApplicationCommunicator(LiveConsumer.as_asgi(), scope)
        self.pushes: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.identity = 0

    async def accepted(self) -> bool:
        await self.socket.send_input({"type": "websocket.connect"})
        return (await self.socket.receive_output(timeout=5))["type"] == "websocket.accept"

    async def put(self, frame: str | bytes) -> None:
        name = "bytes" if isinstance(frame, bytes) else "text"
        await self.socket.send_input({"type": "websocket.receive", name: frame})

    async def hang_up(self) -> None:
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.socket.wait(timeout=5)

    async def send(self, **request: Any) -> int:
        self.identity += 1
        await self.put(json.dumps({"id": self.identity, **request}))
        return self.identity

    async def ask(self, **request: Any) -> dict[str, Any]:
        identity = await self.send(**request)
        while True:
            message = await self.next()
            if message.get("id") == identity:
                return message
            if "push" in message:
                self.pushes.append(message["push"])

    async def next(self) -> dict[str, Any]:
        while not self.lines:
            output = await self.socket.receive_output(timeout=10)
            assert output["type"] == "websocket.send", output
            self.lines = [json.loads(line) for line in output["text"].split("\n")]
        return self.lines.pop(0)

    async def event(self) -> tuple[int, str]:
        """The next recorded event."""
        while True:
            push = self.pushes.pop(0) if self.pushes else (await self.next()).get("push", {})
            if "offset" in push.get("pub", {}):
                return push["pub"]["offset"], push["pub"]["data"]["type"]

    async def closed(self, seconds: float = 10) -> int:
        async with asyncio.timeout(seconds):
            while True:
                output = await self.socket.receive_output(timeout=seconds)
                if output["type"] == "websocket.close":
                    return output["code"]

    async def rpc(self, method: str, session: Any, **data: Any) -> dict[str, Any]:
        given = {"session": str(session), "key": str(uuid4()), **data}
        return await self.ask(rpc={"method": method, "data": given})


@pytest.fixture
async def talk() -> AsyncIterator[Callable[..., Talk]]:
    talks: list[Talk] = []

    async def begin(cookie: str = "", **options: Any) -> Talk:
        begun = Talk(cookie, **options)
        talks.append(begun)
        assert await begun.accepted()
        return begun

    yield begin
    for begun in talks:
        await begun.hang_up()
    await Switchboard.current().stop()


@pytest.fixture
def stage(live_cast) -> Stage:
    return Stage(live_cast.ayla)


@pytest.fixture
async def hearing(talk, stage, live_cast) -> Callable[..., Any]:
    """`await hearing(member)` is a socket of a member who joined and hears the session."""

    async def begin(member: Membership) -> Talk:
        await sync_to_async(stage.join)(member)
        begun = await talk(await sync_to_async(cookie_of)(member))
        await begun.ask(connect={})
        reply = await begun.ask(subscribe={"channel": f"session:{stage.id}"})
        assert "subscribe" in reply, reply
        return begun

    return begin


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1:9000", "file://"])
async def test_a_page_of_another_site_opens_no_socket(live_cast, origin):
    cookie = await sync_to_async(cookie_of)(live_cast.ayla)
    assert not await Talk(cookie, origin=origin).accepted()


async def test_nobody_connects_without_signing_in(live_cast, talk):
    for cookie in ("", "sessionid=invented", "sessionid"):
        stranger = await talk(cookie)
        assert (await stranger.ask(connect={}))["error"]["code"] == 101
        assert await stranger.closed() == CloseCode.SIGNED_OUT


async def test_connect_comes_first_and_once(live_cast, talk):
    socket = await talk(await sync_to_async(cookie_of)(live_cast.ayla))
    assert (await socket.ask(ping={}))["error"]["code"] == 101
    hello = (await socket.ask(connect={}))["connect"]
    assert (hello["ping"], hello["pong"], bool(hello["client"])) == (25, True, True)
    assert (await socket.ask(connect={}))["error"]["code"] == 107
    assert await socket.ask(ping={}) == {"id": socket.identity, "ping": {}}


async def test_a_command_is_answered_after_its_commit_and_heard_by_all(hearing, live_cast, stage):
    ayla, mira = await hearing(live_cast.ayla), await hearing(live_cast.mira)
    assert await ayla.event() == (3, "participant.joined")
    reply = await ayla.rpc("session.set_stage", stage.id, stage="sharing")
    assert reply == {"id": ayla.identity, "rpc": {"data": {"offset": 4}}}
    assert [await ayla.event(), await mira.event()] == [(4, "stage.changed")] * 2


async def test_the_same_command_twice_over_the_socket_is_one_event(hearing, live_cast, stage):
    ayla = await hearing(live_cast.ayla)
    key = str(uuid4())
    data = {"session": stage.id, "key": key, "stage": "sharing"}
    both = [await ayla.ask(rpc={"method": "session.set_stage", "data": data}) for _ in range(2)]
    assert both[0]["rpc"] == both[1]["rpc"]
    reused = await ayla.ask(rpc={"method": "session.close", "data": {"session": stage.id, "key": key}})
    assert reused["error"]["code"] == 107
    assert await ayla.event() == (3, "stage.changed")


async def test_the_same_command_at_the_same_time_is_one_event(hearing, talk, live_cast, stage):
    first = await hearing(live_cast.ayla)
    second = await talk(await sync_to_async(cookie_of)(live_cast.ayla))
    await second.ask(connect={})
    data = {"session": stage.id, "key": str(uuid4()), "stage": "sharing"}
    replies = await asyncio.gather(
        *(socket.ask(rpc={"method": "session.set_stage", "data": data}) for socket in (first, second))
    )
    assert [reply["rpc"]["data"] for reply in replies] == [{"offset": 3}] * 2


async def test_a_stranger_and_a_nonsense_session_get_the_same_answer(talk, live_cast, stage):
    zed = await talk(await sync_to_async(cookie_of)(live_cast.zed))
    await zed.ask(connect={})
    answers = []
    for session in (stage.id, str(uuid4())):
        answers.append((await zed.ask(subscribe={"channel": f"session:{session}"}))["error"])
        answers.append((await zed.rpc("session.join", session, terms=stage.terms))["error"])
    assert {(answer["code"], answer["message"]) for answer in answers} == {
        (103, "There is no such session, or it is not one of your guild's.")
    }


async def test_every_command_refuses_a_stranger(talk, live_cast, stage):
    zed = await talk(await sync_to_async(cookie_of)(live_cast.zed))
    await zed.ask(connect={})
    codes = {method: (await zed.rpc(method, stage.id))["error"]["code"] for method in COMMANDS}
    assert codes == dict.fromkeys(COMMANDS, 103)


async def test_hearing_needs_having_joined(talk, live_cast, stage):
    finn = await talk(await sync_to_async(cookie_of)(live_cast.finn))
    await finn.ask(connect={})
    refused = (await finn.ask(subscribe={"channel": f"session:{stage.id}"}))["error"]
    assert refused["code"] == 103
    assert "joined" in refused["message"]
    assert "rpc" in await finn.rpc("session.join", stage.id, terms=stage.terms)
    assert "subscribe" in await finn.ask(subscribe={"channel": f"session:{stage.id}"})
    assert (await finn.ask(subscribe={"channel": f"session:{stage.id}"}))["error"]["code"] == 105


async def test_resuming_replays_all_or_nothing(hearing, talk, live_cast, stage):
    mira = await hearing(live_cast.mira)
    await sync_to_async(stage.join)(live_cast.ayla, live_cast.finn)
    with_epoch = await mira.ask(unsubscribe={"channel": f"session:{stage.id}"})
    assert "unsubscribe" in with_epoch

    async def resume(epoch: str, offset: int) -> dict[str, Any]:
        channel = f"session:{stage.id}"
        asked = {"channel": channel, "recover": True, "epoch": epoch, "offset": offset}
        reply = (await mira.ask(subscribe=asked))["subscribe"]
        await mira.ask(unsubscribe={"channel": channel})
        return reply

    epoch = stage.session.epoch
    replay = await resume(epoch, 1)
    assert [item["offset"] for item in replay["publications"]] == [2, 3, 4]
    assert (replay["recovered"], replay["offset"], replay["epoch"]) == (True, 4, epoch)
    assert (await resume(epoch, 4))["recovered"] is True
    assert (await resume(epoch, 5))["recovered"] is False
    assert (await resume("another", 2))["recovered"] is False


@pytest.mark.parametrize(
    ("frame", "code"),
    [("nonsense", CloseCode.MALFORMED), ('{"rpc":{}}', CloseCode.MALFORMED), (b"\x00", CloseCode.MALFORMED)],
)
async def test_nonsense_is_closed_for_good(live_cast, talk, frame, code):
    socket = await talk(await sync_to_async(cookie_of)(live_cast.ayla))
    await socket.put(frame)
    assert await socket.closed() == code


async def test_wrong_fields_name_themselves_and_change_nothing(hearing, live_cast, stage):
    ayla = await hearing(live_cast.ayla)
    for method, data in (
        ("session.set_stage", {}),
        ("session.set_stage", {"stage": 3}),
        ("session.set_stage", {"stage": "sharing", "colour": "green"}),
        ("session.set_stage", {"stage": "sharing", "key": "x"}),
        ("session.associate", {"contribution": str(uuid4()), "text": ["x"]}),
        ("session.share", {"dream": None}),
    ):
        refused = (await ayla.rpc(method, stage.id, **data))["error"]
        assert (method, refused["code"]) == (method, 107)
    assert (await ayla.rpc("session.dance", stage.id))["error"]["code"] == 104
    assert (await ayla.rpc("session.close", "nonsense"))["error"]["code"] == 107


async def test_an_ended_membership_ends_the_socket_within_five_seconds(hearing, live_cast):
    mira = await hearing(live_cast.mira)

    def leave() -> None:
        with in_guild_of(live_cast.mira):
            end_membership(membership=live_cast.mira)

    await sync_to_async(leave)()
    assert await mira.closed(5) == CloseCode.MEMBERSHIP_ENDED


async def test_an_ended_membership_refuses_the_very_next_command(hearing, live_cast, stage):
    mira = await hearing(live_cast.mira)

    def leave() -> None:
        with in_guild_of(live_cast.mira):
            end_membership(membership=live_cast.mira)

    await sync_to_async(leave)()
    assert (await mira.rpc("session.step_out", stage.id))["error"]["code"] == 103


async def test_signing_out_ends_the_socket_within_five_seconds(hearing, live_cast):
    ayla = await hearing(live_cast.ayla)
    await sync_to_async(BrowserSession.objects.all().delete)()
    assert await ayla.closed(5) == CloseCode.SIGNED_OUT


async def test_a_changed_password_and_a_closed_account_end_the_socket(hearing, live_cast):
    ayla, mira = await hearing(live_cast.ayla), await hearing(live_cast.mira)

    def change() -> None:
        live_cast.ayla.dreamer.set_password("another long walk by the sea")
        live_cast.ayla.dreamer.save(update_fields=["password"])
        live_cast.mira.dreamer.is_active = False
        live_cast.mira.dreamer.save(update_fields=["is_active"])

    await sync_to_async(change)()
    assert [await ayla.closed(5), await mira.closed(5)] == [CloseCode.SIGNED_OUT] * 2


async def test_an_expired_session_ends_the_socket(hearing, live_cast):
    ayla = await hearing(live_cast.ayla)
    past = timezone.now() - timedelta(seconds=1)
    await sync_to_async(BrowserSession.objects.update)(expire_date=past)
    assert await ayla.closed(5) == CloseCode.EXPIRED


async def test_a_lost_office_makes_the_client_come_back_to_its_rights(hearing, live_cast):
    ayla = await hearing(live_cast.ayla)

    def lose() -> None:
        with in_guild_of(live_cast.ayla):
            Membership.objects.filter(pk=live_cast.ayla.pk).update(offices=["dreamer"])

    await sync_to_async(lose)()
    assert await ayla.closed(5) == CloseCode.OFFICES_CHANGED


async def test_stepping_out_stops_the_hearing_in_every_tab(hearing, talk, live_cast, stage):
    first = await hearing(live_cast.mira)
    second = await hearing(live_cast.mira)
    await first.rpc("session.step_out", stage.id)
    for tab in (first, second):
        async with asyncio.timeout(5):
            while not any("unsubscribe" in push for push in tab.pushes):
                tab.pushes.append((await tab.next()).get("push", {}))
    assert Switchboard.current().hub.streams == []


async def test_rights_that_cannot_be_checked_are_rights_that_ended(hearing, live_cast, monkeypatch):
    ayla = await hearing(live_cast.ayla)

    def broken(watched: Any) -> Any:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(switchboard, "judge", broken)
    assert await ayla.closed(5) == CloseCode.SERVER_ERROR


async def test_a_flood_of_commands_is_slowed_and_not_ended(live_cast, talk):
    socket = await talk(await sync_to_async(cookie_of)(live_cast.ayla))
    await socket.ask(connect={})
    replies = [await socket.ask(ping={}) for _ in range(60)]
    refused = [reply["error"] for reply in replies if "error" in reply]
    assert refused
    assert {error["code"] for error in refused} == {111}
    assert all(error["temporary"] for error in refused)


async def test_silence_is_answered_with_a_close(hearing, live_cast, monkeypatch):
    ayla = await hearing(live_cast.ayla)
    monkeypatch.setattr(switchboard, "PONG_SECONDS", 0.5)
    for connection in Switchboard.current().connections:
        connection.ping_at = 0
    assert await ayla.closed(8) == CloseCode.NO_PONG


async def test_presence_counts_people_and_is_told_when_they_arrive(hearing, live_cast, stage):
    ayla = await hearing(live_cast.ayla)
    await hearing(live_cast.mira)
    tabs = [await hearing(live_cast.mira) for _ in range(2)]
    for tab in tabs:
        reply = await tab.rpc("presence.beat", stage.id)
        assert sorted(reply["rpc"]["data"]["people"]) == sorted(
            str(member.pk) for member in (live_cast.ayla, live_cast.mira)
        )
    await tabs[0].rpc("session.step_out", stage.id)
    async with asyncio.timeout(5):
        while ayla.pushes[-1:] == [] or ayla.pushes[-1]["pub"]["data"] != {
            "type": "presence",
            "people": [str(live_cast.ayla.pk)],
        }:
            ayla.pushes.append((await ayla.next())["push"])


async def test_draining_sends_everybody_elsewhere(hearing, live_cast, talk):
    ayla, mira = await hearing(live_cast.ayla), await hearing(live_cast.mira)
    await Switchboard.current().drain()
    late = await talk(await sync_to_async(cookie_of)(live_cast.ayla))
    assert [await socket.closed() for socket in (ayla, mira, late)] == [CloseCode.SHUTDOWN] * 3
