"""Every address x everybody: one table of expected answers. An address that is not in the table fails."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from governance.policies.reasons import UNDECIDED
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from tests.cast import Cast
from tests.isolation.asked import questions
from tests.isolation.overseen import overseen
from tests.isolation.routes import ROUTES, Route
from tests.isolation.unasked import UNASKED
from tests.isolation.unwalled import PERSONAL, PUBLIC
from tests.isolation.world import World, make_world

PEOPLE = ("nobody", "zed", "mira", "finn", "ezra", "ayla")


@pytest.fixture
def world(cast: Cast) -> World:
    return overseen(make_world(cast))


def named_patterns(patterns: list[Any], namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespaces, pattern) of every address below `patterns`."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from named_patterns(pattern.url_patterns, inner)
        else:
            yield ":".join((*namespaces, pattern.name or repr(pattern.pattern))), pattern


def every_name() -> set[str]:
    return {name for name, _ in named_patterns(get_resolver().url_patterns)}


def test_every_address_is_in_the_table() -> None:
    listed = {route.name for route in ROUTES} | set(PUBLIC) | set(PERSONAL)
    assert every_name() - listed == set()
    assert listed - every_name() == set()


def answer_of(client: Client, route: Route, arguments: dict[str, Any], body: dict[str, Any]) -> Any:
    address = reverse(route.name, kwargs=arguments)
    if route.method == "GET":
        return client.get(address)
    if address.startswith("/api/"):
        return client.generic(route.method, address, data=json.dumps(body), content_type="application/json")
    return client.post(address, data=body)


def ask(client: Client, route: Route, arguments: dict[str, Any], body: dict[str, Any]) -> int:
    status: int = answer_of(client, route, arguments, body).status_code
    return status


@contextmanager
def undone() -> Iterator[None]:
    """What one person's request did is taken back before the next one asks."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def client_for(world: World, person: str, client_of: Callable[[Membership], Client]) -> Client:
    return Client() if person == "nobody" else client_of(getattr(world.cast, person))


@dataclass(frozen=True)
class Answer:
    """What one person was answered, and how often the law was asked for it."""

    status: int
    asked: int


def walked(world: World, client_of: Callable[[Membership], Client]) -> dict[Route, dict[str, Answer]]:
    """Every route of the table, asked by everybody in turn."""
    answers: dict[Route, dict[str, Answer]] = {}
    clients = {person: client_for(world, person, client_of) for person in PEOPLE}
    cookies = {person: client.cookies.copy() for person, client in clients.items()}
    with questions() as heard:
        for route in ROUTES:
            arguments, body, told = world.arguments(route), world.body(route), {}
            for person, client in clients.items():
                client.cookies = cookies[person].copy()  # whatever the last address made of them
                with undone():
                    heard.clear()
                    status = ask(client, route, arguments, body)
                    told[person] = Answer(status, len(heard))
            answers[route] = told
    return answers


def is_unasked(answers: dict[str, Answer]) -> bool:
    """Whether a member was answered without a question to the law. Who is told that something is not there,
    or that it is too late, need not have been asked about; but somebody must have been.
    """
    members = [answers[person] for person in PEOPLE[2:]]
    said = [one for one in members if one.status not in {404, 409}]
    return any(one.asked == 0 for one in said) or not any(one.asked for one in members)


def test_everybody_gets_the_answer_of_the_table_and_for_each_the_law_is_asked(
    world: World, client_of: Callable[[Membership], Client]
) -> None:
    answers = walked(world, client_of)
    statuses = {str(route): tuple(one.status for one in told.values()) for route, told in answers.items()}
    assert statuses == {str(route): route.expected for route in ROUTES}
    unasked = {str(route) for route, told in answers.items() if route.is_of_a_guild and is_unasked(told)}
    assert unasked == set(UNASKED)


@pytest.mark.parametrize(
    ("mira", "others", "unasked"),
    [
        (Answer(200, 1), Answer(403, 1), False),
        (Answer(200, 0), Answer(403, 1), True),  # shown without a question
        (Answer(200, 1), Answer(403, 0), True),  # refused by something else
        (Answer(200, 1), Answer(404, 0), False),
        (Answer(404, 0), Answer(404, 0), True),  # never tried
    ],
)
def test_an_answer_without_a_question_is_seen(mira: Answer, others: Answer, unasked: bool) -> None:
    outside = dict.fromkeys(PEOPLE[:2], Answer(404, 0))
    assert is_unasked(outside | dict.fromkeys(PEOPLE[2:], others) | {"mira": mira}) is unasked


OFFERED = {"POST-membership:answer", "POST-api-handover"}
"""Where Mira accepts the office that Ezra offers to her in this world."""


def standing(guild: UUID) -> list[tuple[UUID, list[str]]]:
    """Who is a member of a guild, and with which offices."""
    rows = Membership.objects.filter(guild_id=guild, ended_at=None).order_by("pk")
    return list(rows.values_list("pk", "offices"))


def test_nobody_raises_their_own_rights_through_any_address(
    world: World, client_of: Callable[[Membership], Client]
) -> None:
    """Every address that writes, sent what it takes and whatever could name an office of one's own."""
    cast, raised = world.cast, []
    with tenant(guild=cast.lantern.pk):
        law = Guild.objects.get(pk=cast.lantern.pk).law
        before = dict(standing(cast.lantern.pk))
    for person in (cast.mira, cast.zed):
        client = client_of(person)
        for route in (one for one in ROUTES if one.method != "GET"):
            with undone():
                answer_of(client, route, world.arguments(route), world.body(route) | seizing(person))
                with tenant(guild=cast.lantern.pk):
                    now = dict(standing(cast.lantern.pk))
                    is_same = Guild.objects.get(pk=cast.lantern.pk).law == law
                mine, had = set(now.get(person.pk, [])), set(before.get(person.pk, []))
                if not is_same or not mine <= had or not set(now) <= set(before):
                    raised.append(f"{person.display_name} {route}")
    assert sorted(raised) == sorted(f"Mira {name}" for name in OFFERED)


def seizing(person: Membership) -> dict[str, Any]:
    """What somebody would send who wants to be steward."""
    me = str(person.pk)
    named = dict.fromkeys(("member", "successor", "to", "by", "names", "actor", "membership"), me)
    return named | {"office": "steward", "offices": ["steward"], "role": "steward", "is_staff": True}


def test_where_the_law_cannot_be_read_everything_of_the_guild_is_refused_and_nothing_breaks(
    world: World, client_of: Callable[[Membership], Client]
) -> None:
    """Each address once, as the steward and host: refused with the sentence for it, or not there."""
    with tenant(guild=world.cast.lantern.pk):
        Guild.objects.filter(pk=world.cast.lantern.pk).update(law={"values": {"sponsors": "many"}})
    client = client_of(world.cast.ayla)
    answers: dict[str, int] = {}
    for route in (one for one in ROUTES if one.is_of_a_guild and str(one) not in UNASKED):
        with undone():
            reply = answer_of(client, route, world.arguments(route), world.body(route))
        refused = reply.status_code == 403 and UNDECIDED in unescape(reply.content.decode())
        if reply.status_code != 404 and not refused:
            answers[str(route)] = reply.status_code
    assert answers == {}


def test_a_row_of_another_guild_is_not_found_in_ones_own(
    world: World, client_of: Callable[[Membership], Client]
) -> None:
    routes = [route for route in ROUTES if route.is_guilds_row]
    answers = {}
    for route in routes:
        arguments = world.arguments(route) | {"guild_slug": world.cast.harbour.slug}
        with undone():
            answers[str(route)] = ask(client_of(world.cast.zed), route, arguments, world.body(route))
    assert answers == dict.fromkeys(map(str, routes), 404)


def test_log_of_a_guild_that_is_none_is_not_found_by_anybody(
    world: World, client_of: Callable[[Membership], Client]
) -> None:
    routes = [route for route in ROUTES if route.name.startswith("log:")]
    answers = {}
    for route in routes:
        arguments = world.arguments(route) | {"guild_id": uuid4()}
        for person in ("nobody", "ayla"):
            answers[f"{route} {person}"] = ask(client_for(world, person, client_of), route, arguments, {})
    assert len(routes) == 6
    assert answers == dict.fromkeys(answers, 404)


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_addresses_send_nobody_to_sign_in(name: str, db: None) -> None:
    reply = Client().get(reverse(name, kwargs=PERSONAL[name]))
    assert reply.status_code in {302, 403}
    if reply.status_code == 302:
        assert reply["Location"].startswith("/accounts/")
