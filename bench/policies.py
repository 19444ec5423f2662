"""What a decision costs: inside a request, beside the same request without it, and alone, beside cedarpy's.

    python bench/policies.py [rounds]     100 unless another number is given

A guild has changed values of its law and added five rules of its own. Two requests are asked over and over,
each once with its decisions and once with a ready yes in their place, one after the other: a list in the API,
which one decision opens, and the guild's home, which asks several. Alone, each question is about a resource
that was not asked about before. `first` is a member's first question: nothing of them is known yet. The peer
is `cedarpy.is_authorized` as its README shows it, with texts. Microseconds are medians; `cpu` is what the
asking thread itself took, without waiting for others. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.made_up.house import house

SLUG, ROUNDS, WARM_UP = "lantern", 100, 10
PEER_EVERY = 10
"""In which rounds the peer is asked too: it takes as long as all else."""
REQUESTS = {"list": f"/api/v1/g/{SLUG}/lounges/", "home": f"/g/{SLUG}/"}
VALUES = {"individuality_floor": "0.65", "hosts": "members", "exchange_reach": "house", "sponsors": "1"}
FORBIDS = {
    "nobody-very-deep": 'forbid (principal, action == Action::"ShareDream", resource) '
    'when { context has depth && context.depth.greaterThan(decimal("0.9")) };',
    "no-crowds": 'forbid (principal, action == Action::"Blend", resource) '
    "when { context has voices && context.voices > 12 };",
    "not-before-dawn": 'forbid (principal, action == Action::"OpenSession", resource) '
    "when { context has minute && context.minute < 300 };",
    "leaders-do-not-invite": 'forbid (principal in Office::"leader", action == Action::"InviteMember", '
    "resource);",
    "figures-of-nine": 'forbid (principal, action == Action::"ViewColonyFigures", resource) '
    "when { context.people < 9 };",
}

Spans = dict[str, list[tuple[float, float]]]
"""By what was done: the microseconds that passed, and those of the thread."""


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - wall) / 1e3, (time.thread_time_ns() - cpu) / 1e3


# --- a guild with a law of its own ----------------------------------------------------------------


def settle() -> tuple[Any, Any]:
    """The guild under its law, and the account of a member who holds every office in it."""
    from governance.policies.drafts import applied, read
    from governance.policies.law import HOUSE_LAW
    from guild.dreamers.models import Dreamer
    from guild.tenancy.context import tenant
    from guild.tenancy.enums import Office
    from guild.tenancy.services import add_member, found_guild

    rules = [{"name": name, "text": text} for name, text in FORBIDS.items()]
    law = applied(HOUSE_LAW, read({"values": VALUES, "forbids": rules}))
    guild = found_guild(name="The Lantern Guild", slug=SLUG, law=law.document)
    ayla = Dreamer.objects.create(email="ayla@example.org", name="Ayla")
    ayla.emailaddress_set.create(email=ayla.email, verified=True, primary=True)
    with tenant(guild=guild.pk):
        add_member(guild=guild.pk, dreamer=ayla.pk, display_name="Ayla", offices=list(Office))
    return guild, ayla


def somebody(guild: Any) -> Any:
    """A member of the guild whom no row stands for."""
    from guild.tenancy.enums import Office
    from guild.tenancy.models import Membership

    offices = [Office.DREAMER.value, Office.ARCHITECT.value]
    return Membership(id=uuid4(), guild=guild, dreamer_id=uuid4(), offices=offices)


# --- decisions alone ------------------------------------------------------------------------------


def questions(member: Any) -> dict[str, Callable[[], dict[str, Any]]]:
    """What each question is made of; another resource every time, but where it is the guild."""
    from governance.policies import entities
    from governance.policies.enums import Action

    mine = {"guild": member.guild_id}
    asked: dict[str, tuple[Action, Callable[[], Any], dict[str, Any]]] = {
        "view_guild": (Action.VIEW_GUILD, lambda: entities.guild(member.guild_id), {}),
        "view_session": (
            Action.VIEW_SESSION,
            lambda: entities.session(id=uuid4(), host=uuid4(), state="open", **mine),
            {},
        ),
        "open_session": (
            Action.OPEN_SESSION,
            lambda: entities.lounge(id=uuid4(), **mine),
            {"minute": 1200},
        ),
        "share": (
            Action.SHARE_DREAM,
            lambda: entities.session(id=uuid4(), host=uuid4(), state="open", **mine),
            {"participating": True, "depth": 0.8},
        ),
        "blend": (
            Action.BLEND,
            lambda: entities.session(id=uuid4(), host=member.pk, state="open", **mine),
            {"retention": 0.7, "voices": 4},
        ),
        "publish": (
            Action.VIEW_COLONY_FIGURES,
            lambda: entities.colony(
                id=uuid4(), leaders=[member.pk], admission="open", archived=False, **mine
            ),
            {"people": 12},
        ),
        "vote": (
            Action.CAST_BALLOT,
            lambda: entities.proposal(id=uuid4(), author=uuid4(), **mine),
            {"eligible": True, "open": True},
        ),
        "lead_another_colony": (
            Action.LEAD_COLONY,
            lambda: entities.colony(id=uuid4(), leaders=[uuid4()], admission="open", archived=False, **mine),
            {},
        ),
    }

    def made(action: Action, resource: Callable[[], Any], context: dict[str, Any]) -> Callable[[], Any]:
        return lambda: {"action": action, "resource": resource(), **context}

    return {name: made(*each) for name, each in asked.items()}


def decisions_alone(member: Any, *, rounds: int) -> Spans:
    """Our decisions beside cedarpy's, on the same questions: `<name>`, `first <name>`, `strings <name>`."""
    from governance.policies.services import authorize

    spans: Spans = {}
    asked = questions(member)
    for number in range(WARM_UP + rounds):
        for name, question in asked.items():
            given, newcomer = question(), somebody(member.guild)
            works: dict[str, Callable[[], Any]] = {
                name: partial(authorize, actor=member, **given),
                f"first {name}": partial(authorize, actor=newcomer, **given),
            }
            if number % PEER_EVERY == 0:
                works[f"strings {name}"] = theirs = as_shown(member, **given)
                assert theirs() == works[name]().allowed, f"{name}: cedarpy with texts decides otherwise"
            for label, work in works.items():
                span = timed(work)
                if number >= WARM_UP:
                    spans.setdefault(label, []).append(span)
    return spans


def as_shown(member: Any, *, action: Any, resource: Any, **context: Any) -> Callable[[], bool]:
    """The same question as cedarpy's README asks it: policies, schema and entities are texts and lists."""
    import cedarpy

    from governance.policies import engine, entities
    from governance.policies.law import law_of

    schema = (engine.FOLDER / "schema.cedarschema").read_text()
    rules = [path.read_text() for path in engine.policy_files()]
    policies = "\n".join([*rules, *(forbid.text for forbid in law_of(member.guild).forbids)])
    principal = entities.Principal(
        id=member.pk,
        dreamer=member.dreamer_id,
        guild=member.guild_id,
        offices=tuple(member.offices),
        live=True,
        law=law_of(member.guild),
    )
    documents = [
        entities.guild_document(principal.guild, principal.law),
        entities.principal_document(principal),
    ]
    if not entities.is_at_hand(principal, resource):
        documents.append(entities.resource_document(resource))
    request = {
        "principal": f'Member::"{member.pk}"',
        "action": f'Action::"{action.value}"',
        "resource": f'{resource.type}::"{resource.id}"',
        "context": entities.context_document(context),
    }
    return lambda: bool(cedarpy.is_authorized(request, policies, documents, schema=schema).allowed)


# --- decisions inside a request -------------------------------------------------------------------


class Doors:
    """Stands where our code asks `authorize`: passes questions on, or has a yes ready where it `is_ready`."""

    def __init__(self) -> None:
        from governance.policies import services

        self.is_ready, self.count = False, 0
        self._ours = services.authorize
        self._yes = services.Decision(True, (), "ready", ("ready",))
        for module in list(sys.modules.values()):
            if vars(module).get("authorize") is self._ours:
                module.authorize = self  # type: ignore[attr-defined]

    def __call__(self, **question: Any) -> Any:
        self.count += 1
        return self._yes if self.is_ready else self._ours(**question)


def decisions_inside(client: Any, *, rounds: int) -> tuple[Spans, dict[str, dict[str, int]]]:
    """Both requests as they are and bare, in turn; and how many decisions and queries each of them holds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spans: Spans = {}
    held: dict[str, dict[str, int]] = {}
    for path in REQUESTS.values():
        client.get(path)  # loads what asks
    doors = Doors()
    for request, path in REQUESTS.items():

        def get(path: str = path) -> None:
            answer = client.get(path)
            assert answer.status_code == 200, f"{path} answered {answer.status_code}"

        kinds = {request: False, f"{request} bare": True}
        for number in range(WARM_UP + rounds):
            for kind in sorted(kinds, reverse=bool(number % 2)):
                doors.is_ready = kinds[kind]
                span = timed(get)
                if number >= WARM_UP:
                    spans.setdefault(kind, []).append(span)
        held[request] = {}
        for name, doors.is_ready in (("queries", False), ("queries_bare", True)):
            doors.count = 0
            with CaptureQueriesContext(connection) as queries:
                get()
            held[request] |= {name: len(queries), "decisions": doors.count}
    return spans, held


def measure(guild: Any, dreamer: Any, *, rounds: int) -> tuple[Spans, Spans, dict[str, dict[str, int]]]:
    """Decisions alone, inside requests, and what these hold."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    member, client = somebody(guild), Client()
    with CaptureQueriesContext(connection) as queries:
        alone = decisions_alone(member, rounds=rounds)
    assert not queries.captured_queries, "a decision alone asked the database"
    client.force_login(dreamer)
    inside, held = decisions_inside(client, rounds=rounds)
    return alone, inside, held


def disconnect() -> None:
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()


# --- what came of it ------------------------------------------------------------------------------


def p50(spans: Spans, *, prefix: str = "", cpu: bool = False) -> float:
    """The median over all questions whose label begins so; none of another kind without a prefix."""
    chosen = [each for name, each in spans.items() if name.startswith(prefix) and (prefix or " " not in name)]
    return statistics.median(span[cpu] for each in chosen for span in each)


def figures(alone: Spans, inside: Spans, held: dict[str, dict[str, int]]) -> dict[str, Any]:
    ours = p50(alone)
    result: dict[str, Any] = {
        "decision_us": {name: round(wall(alone[name]), 1) for name in alone if " " not in name},
        "decision_p50_us": round(ours, 1),
        "decision_p50_cpu_us": round(p50(alone, cpu=True), 1),
        "decision_first_us": round(p50(alone, prefix="first "), 1),
        "strings_us": round(p50(alone, prefix="strings "), 1),
        "strings_ratio": round(p50(alone, prefix="strings ") / ours, 1),
    }
    for name, prefix in (("list", "request"), ("home", "page")):
        whole, bare, counts = inside[name], inside[f"{name} bare"], held[name]
        result |= {
            f"{prefix}_decisions": counts["decisions"],
            f"{prefix}_bare_us": round(wall(bare), 1),
            f"{prefix}_us": round(wall(whole), 1),
            f"{prefix}_ratio": round(ratio(whole, bare), 3),
            f"{prefix}_extra_us": round(extra(whole, bare), 1),
        }
    result["queries_extra"] = sum(each["queries"] - each["queries_bare"] for each in held.values())
    return result


def wall(spans: list[tuple[float, float]]) -> float:
    return statistics.median(span[0] for span in spans)


def ratio(whole: list[tuple[float, float]], bare: list[tuple[float, float]]) -> float:
    """How long a request takes beside its bare twin: the median of all pairs."""
    return statistics.median(one[0] / other[0] for one, other in zip(whole, bare, strict=True))


def extra(whole: list[tuple[float, float]], bare: list[tuple[float, float]]) -> float:
    """What the decisions took of the thread: the median of each request beside its bare twin."""
    return statistics.median(one[1] - other[1] for one, other in zip(whole, bare, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with house(
        durable=False,
        ALLOWED_HOSTS="testserver",
        API_RATE="1000000/min",
        STATICFILES_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
    ):
        try:
            alone, inside, held = measure(*settle(), rounds=rounds)
        finally:
            disconnect()
    print({"load": os.getloadavg()[0], "held": held}, flush=True)
    print(json.dumps(figures(alone, inside, held)))


if __name__ == "__main__":
    main()
