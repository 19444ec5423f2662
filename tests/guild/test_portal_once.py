"""A form that is sent twice is done once, and nothing that was written is lost by that."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as ValkeyIsAway

from governance.deliberation.models import Argument, Proposal
from guild.portal import once
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import proposed

WORDS = {
    "kind": "free",
    "method": "majority",
    "title": "Quiet after ten",
    "text": "So that everybody sleeps.",
}
Enter = Callable[[Membership], Client]


def shown(client: Client, address: str) -> dict[str, str]:
    """What a page's form holds by itself."""
    page = client.get(address).content.decode()
    names = re.findall(r'name="once" value="([0-9a-f-]{36})"', page)
    assert names, f"{address} has no form that is done once"
    return {"once": names[0]}


def made(member: Membership, model: Any) -> int:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        return int(model.objects.count())


def new() -> str:
    return reverse("deliberation:new", args=["lantern"])


def test_a_second_press_leads_to_what_the_first_one_made(cast: Cast, client_of: Enter) -> None:
    client = client_of(cast.mira)
    form = WORDS | shown(client, f"{new()}?kind=free")
    replies = [client.post(new(), form) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [302, 302]
    assert replies[0]["Location"] == replies[1]["Location"]
    assert made(cast.mira, Proposal) == 1


def test_other_words_and_another_showing_are_another_thing(cast: Cast, client_of: Enter) -> None:
    client = client_of(cast.mira)
    form = WORDS | shown(client, f"{new()}?kind=free")
    for sent in (form, form | {"title": "Quiet after nine"}, WORDS | shown(client, f"{new()}?kind=free")):
        assert client.post(new(), sent).status_code == 302
    assert made(cast.mira, Proposal) == 3


def test_what_was_refused_may_be_sent_again(cast: Cast, client_of: Enter) -> None:
    client = client_of(cast.mira)
    form = WORDS | shown(client, f"{new()}?kind=free") | {"title": ""}
    assert [client.post(new(), form).status_code for _ in range(2)] == [422, 422]


def test_a_reason_is_said_once(cast: Cast, client_of: Enter) -> None:
    client, proposal = client_of(cast.mira), proposed(cast.mira)
    reason = {"stance": "for", "text": "I would sleep."}
    place = reverse("deliberation:proposal", args=["lantern", proposal.pk])
    reason |= shown(client, place)
    argue = reverse("deliberation:argue", args=["lantern", proposal.pk])
    for _ in range(2):
        assert client.post(argue, reason).status_code == 302
    assert made(cast.mira, Argument) == 1


def test_nothing_of_what_was_written_stands_in_the_cache(
    cast: Cast, client_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    monkeypatch.setattr(once.cache, "add", lambda name, *_, **__: names.append(name) or True)
    client = client_of(cast.mira)
    client.post(new(), WORDS | shown(client, f"{new()}?kind=free"))
    assert [re.fullmatch("once:[0-9a-f]{64}", name) is not None for name in names] == [True]


def test_without_the_cache_it_is_done_all_the_same(
    cast: Cast, client_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ValkeyIsAway

    client = client_of(cast.mira)
    form = WORDS | shown(client, f"{new()}?kind=free")
    for name in ("add", "set", "delete"):
        monkeypatch.setattr(once.cache, name, away)
    assert client.post(new(), form).status_code == 302
    assert made(cast.mira, Proposal) == 1


def test_two_presses_at_the_same_moment_are_one(live_cast: Cast, client_of: Enter) -> None:
    clients = [client_of(live_cast.mira) for _ in range(2)]
    form = WORDS | shown(clients[0], f"{new()}?kind=free")
    led: list[str] = []

    def press(client: Client) -> None:
        led.append(client.post(new(), form)["Location"])
        connections.close_all()

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(led)) == 1
    assert made(live_cast.mira, Proposal) == 1


def test_one_that_takes_too_long_is_not_done_again(
    cast: Cast, client_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "PATIENCE", 0.0)
    client = client_of(cast.mira)
    form = WORDS | shown(client, f"{new()}?kind=free")
    monkeypatch.setattr(once, "_is_first", lambda name: cache.set(name, once.ON_ITS_WAY) or False)
    reply = client.post(new(), form, follow=True)
    assert "This was sent already" in reply.content.decode()
    assert made(cast.mira, Proposal) == 0
