"""The socket of tonight: an id when somebody begins to keep, for those who belong, as long as they belong."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from colonies.rituals import belonging, observing
from colonies.rituals.models import Ritual
from guild.journal.selectors import reckoning_of
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import a_colony, every_night, inside
from tests.stack import Stack

Open = Callable[..., Any]


@pytest.fixture
def ritual(live_cast: Cast) -> Ritual:
    ritual = a_colony(live_cast)[1]
    every_night(live_cast.lara, ritual)
    return ritual


@pytest.fixture
def opened(stack: Stack) -> Open:
    """`with opened(member) as socket:` is the socket of that member's page."""

    @contextmanager
    def open_socket(member: Membership | None, *, origin: str = stack.url) -> Iterator[ClientConnection]:
        client = Client()
        if member is not None:
            client.force_login(member.dreamer)
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        headers = {"Cookie": f"{cookie.key}={cookie.value}"} if cookie else {}
        address = stack.url.replace("http", "ws") + "/ws/tonight/"
        with connect(address, origin=origin, additional_headers=headers) as socket:
            yield socket

    return open_socket


def keep(by: Membership, ritual: Ritual) -> None:
    now = timezone.now()
    with inside(by):
        night = reckoning_of(by.dreamer).night_of(now)
        observing.observe(by=by, ritual=ritual, night=night, keeping="kept", now=now)


def heard(socket: ClientConnection, by: Membership, ritual: Ritual) -> str:
    """What comes when somebody keeps it."""
    keep(by, ritual)
    return str(socket.recv(timeout=10))


def listening(socket: ClientConnection) -> bool:
    """Whether the first word is the one that names no ritual: what comes after it is heard."""
    return bool(json.loads(socket.recv(timeout=10)) == {"ritual": None})


def drained(socket: ClientConnection) -> str | None:
    """The last of what was under way; None for nothing."""
    last = None
    with suppress(TimeoutError):
        while True:
            last = str(socket.recv(timeout=0.3))
    return last


def closed_with(socket: ClientConnection) -> int | None:
    """The code, once everything that was under way has come."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=5)
    return socket.protocol.close_code


def test_whoever_belongs_hears_an_id_and_nothing_else(live_cast: Cast, ritual: Ritual, opened: Open):
    with opened(live_cast.mira) as socket, opened(live_cast.finn) as outside:
        assert listening(socket)
        assert json.loads(heard(socket, live_cast.lara, ritual)) == {"ritual": str(ritual.pk)}
        with pytest.raises(TimeoutError):
            outside.recv(timeout=0.05)


def test_whoever_leaves_hears_no_more(live_cast: Cast, ritual: Ritual, opened: Open):
    with opened(live_cast.mira) as socket, opened(live_cast.lara) as another:
        assert listening(socket)
        assert listening(another)
        assert heard(socket, live_cast.lara, ritual)
        drained(socket)
        drained(another)
        with inside(live_cast.mira):
            belonging.leave(by=live_cast.mira, colony=ritual.colony)
        assert heard(another, live_cast.lara, ritual)
        assert drained(socket) is None


def test_whoever_signs_out_is_closed_out_at_the_next_word(live_cast: Cast, ritual: Ritual, opened: Open):
    with opened(live_cast.mira) as socket:
        assert listening(socket)
        assert heard(socket, live_cast.lara, ritual)
        drained(socket)
        Session.objects.all().delete()
        keep(live_cast.lara, ritual)
        assert closed_with(socket) == 4401


@pytest.mark.parametrize("who", ["nobody", "from elsewhere"])
def test_nobody_and_no_page_of_another_house_is_let_in(live_cast: Cast, opened: Open, who: str):
    member = None if who == "nobody" else live_cast.mira
    options = {} if who == "nobody" else {"origin": "https://evil.example"}
    with pytest.raises(InvalidStatus), opened(member, **options):
        pytest.fail("the socket was opened")
