"""Presence in a real Valkey: people, not tabs, gone after a minute."""

from uuid import UUID, uuid4

import pytest
import redis
from django.conf import settings

from lounges.sessions.presence import Presence

AYLA, MIRA = UUID(int=1), UUID(int=2)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def presence(clock: Clock):
    client = redis.Redis.from_url(settings.REDIS_URL)
    yield Presence(client, clock=clock)
    client.close()


def test_two_tabs_are_one_person(presence):
    session = uuid4()
    assert [presence.beat(session, AYLA), presence.beat(session, AYLA)] == [True, False]
    assert presence.people(session) == [AYLA]


def test_a_person_is_gone_after_a_minute_of_silence(presence, clock):
    session = uuid4()
    presence.beat(session, AYLA)
    clock.now += 25
    presence.beat(session, MIRA)
    clock.now += 34.9
    assert presence.people(session) == [AYLA, MIRA]
    clock.now += 0.2
    assert presence.people(session) == [MIRA]
    assert presence.beat(session, AYLA) is True


def test_stepping_out_is_immediate_and_counts_once(presence):
    session = uuid4()
    presence.beat(session, AYLA)
    assert [presence.leave(session, AYLA), presence.leave(session, AYLA)] == [True, False]
    assert presence.people(session) == []


def test_sessions_are_apart_and_read_together(presence):
    first, second, empty = uuid4(), uuid4(), uuid4()
    presence.beat(first, AYLA)
    presence.beat(second, MIRA)
    assert presence.people_in([first, second, empty]) == {first: [AYLA], second: [MIRA], empty: []}
    assert presence.people_in([]) == {}
