"""Stopping letters from a letter: one press, by whoever holds it, and nothing by looking."""

from uuid import UUID

from django.core import mail as outbox
from django.test import Client

from guild.notifications import letters, selectors
from guild.notifications.enums import Channel, Group, Kind, When
from guild.notifications.letters import Stop
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.guild.notified import NOON, SIX, choose, send, tell


def stop_address() -> str:
    stop = outbox.outbox[-1].extra_headers["List-Unsubscribe"]
    return stop.strip("<>").removeprefix("http://127.0.0.1:8000")


def wish(member: Membership, group: Group) -> When:
    with tenant(dreamer=member.dreamer_id):
        return selectors.wishes_of(member.dreamer_id)[group, Channel.EMAIL]


def test_letters_are_stopped_with_one_press_from_the_letter_and_not_by_looking(cast: Cast) -> None:
    tell(cast.mira)
    send(NOON)
    stranger, address = Client(enforce_csrf_checks=True), stop_address()
    assert outbox.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "My dreams and consents" in stranger.get(address).content.decode()
    assert wish(cast.mira, Group.MINE) == When.AT_ONCE
    replies = [stranger.post(address, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert [wish(cast.mira, group) for group in (Group.MINE, Group.OFFICES)] == [When.NEVER, When.AT_ONCE]
    tell(cast.mira, key="two", at=SIX)
    assert send(SIX) == [0]
    assert [b"undo" in reply.content for reply in replies] == [True, False]
    before = replies[0].context["undo"]
    assert stranger.post(address, {"undo": before}).status_code == 200
    assert wish(cast.mira, Group.MINE) == When.AT_ONCE


def test_a_letter_that_outlived_its_account_stops_nothing_and_breaks_nothing(cast: Cast) -> None:
    gone, undo = UUID(int=7), letters.undo_token({Group.MINE: When.AT_ONCE})
    address = f"/notifications/stop/{letters.stop_token(Stop(gone, (Group.MINE,), None))}/"
    replies = [Client().post(address), Client().post(address, {"undo": undo})]
    assert [reply.status_code for reply in replies] == [200, 200]
    closed = cast.mira.dreamer
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    assert Client().post(f"/notifications/stop/{letters.stop_token(Stop(closed.pk, (Group.MINE,), None))}/")
    assert wish(cast.mira, Group.MINE) == When.AT_ONCE


def test_a_gathered_letter_stops_gathered_letters_alone(cast: Cast) -> None:
    tell(cast.mira, Kind.THANKS)
    tell(cast.mira, Kind.BLEND_READY, key="two")
    send(NOON, SIX)
    choose(cast.mira, Group.RITUALS, Channel.EMAIL, When.AT_ONCE)
    assert Client().post(stop_address()).status_code == 200
    assert [wish(cast.mira, group) for group in (Group.RITUALS, Group.DREAMSCAPES)] == [
        When.AT_ONCE,
        When.NEVER,
    ]


def test_an_address_that_was_never_given_stops_nothing(cast: Cast) -> None:
    mine = letters.stop_token(Stop(cast.mira.dreamer_id, (Group.MINE,), None))
    other = letters.stop_token(Stop(cast.mira.dreamer_id, (Group.MINE, Group.VOTES), None))
    body, _, signature = other.rpartition(":")
    forged = [mine + "x", mine.rpartition(":")[0] + ":" + signature, body, "abc", letters.undo_token({})]
    assert [Client().post(f"/notifications/stop/{token}/").status_code for token in forged] == [404] * 5
    undo = letters.undo_token({Group.VOTES: When.DIGEST})
    for wrong in (undo, undo + "x", mine):
        assert Client().post(f"/notifications/stop/{mine}/", {"undo": wrong}).status_code == 404
    assert [wish(cast.mira, group) for group in (Group.MINE, Group.VOTES)] == [When.AT_ONCE, When.AT_ONCE]
