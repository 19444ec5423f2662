"""What a decision costs beside a request: under a guild's law, and with five rules of its members besides.

    python bench/policies.py [decisions]     2000 unless another number is given

It starts a Postgres of its own in a temporary folder. Decisions and requests take turns in one run,
so that both meet the same machine. A decision asks the database nothing, which is asserted. The last line is
JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger import found_guilds, house

REQUESTS, ROUNDS = 20, 5


def microseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long each of so many took."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1e6)
    return taken


def forbids() -> list[dict[str, str]]:
    """Five rules as members write them, each about the action that is measured and with a condition."""
    head = 'forbid (principal, action == Action::"OpenSession", resource)'
    return [
        {"name": f"rule-{hour}", "text": f"{head} when {{ context has minute && context.minute == {hour} }};"}
        for hour in range(5)
    ]


def host_of(guild: Any) -> Any:
    """A dream architect of the guild, with an account."""
    from guild.dreamers.models import Dreamer
    from guild.tenancy.context import tenant
    from guild.tenancy.enums import Office
    from guild.tenancy.services import add_member

    dreamer = Dreamer.objects.create(email=f"{uuid4().hex}@example.org", name="Host")
    with tenant(guild=guild.pk):
        member = add_member(
            guild=guild.pk,
            dreamer=dreamer.pk,
            display_name="Host",
            offices=(Office.DREAMER, Office.ARCHITECT),
        )
    member.guild, member.dreamer = guild, dreamer
    return member


def decision_of(member: Any) -> Callable[[], None]:
    """Ask whether the member may open a session; it may, after every rule was looked at."""
    from governance.policies import entities
    from governance.policies.enums import Action
    from governance.policies.services import authorize

    lounge = entities.lounge(id=uuid4(), guild=member.guild_id)

    def decide() -> None:
        assert authorize(actor=member, action=Action.OPEN_SESSION, resource=lounge, minute=600).allowed

    return decide


def request_of(member: Any) -> Callable[[], None]:
    """The page of the laws that the guild has had: who asks, the tenant, one read, one template."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    settings.ALLOWED_HOSTS = ["testserver"]
    client, place = Client(), reverse("policies:history", args=[member.guild.slug])
    client.force_login(member.dreamer, backend=settings.AUTHENTICATION_BACKENDS[0])

    def ask() -> None:
        answer = client.get(place, secure=True)
        assert answer.status_code == 200, answer.status_code

    return ask


def measure(decisions: int) -> dict[str, float]:
    """Medians over all rounds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from guild.tenancy.models import Guild

    plain, strict = (
        host_of(Guild(pk=pk, slug=slug, law=law))
        for (pk, slug), law in zip(guilds(2), ({}, {"forbids": forbids()}), strict=True)
    )
    works = {"plain": decision_of(plain), "strict": decision_of(strict), "request": request_of(plain)}
    with CaptureQueriesContext(connection) as queries:
        works["plain"](), works["strict"]()
    assert len(queries) == 0, "a decision asked the database"
    taken: dict[str, list[float]] = {name: [] for name in works}
    works["request"]()
    for _ in range(ROUNDS):
        for name, work in works.items():
            taken[name] += microseconds(work, REQUESTS if name == "request" else decisions // ROUNDS)
    return {name: statistics.median(each) for name, each in taken.items()}


def guilds(count: int) -> list[tuple[Any, str]]:
    """Founded guilds, with the addresses that they have."""
    from guild.tenancy.context import tenant
    from guild.tenancy.models import Guild

    found = []
    for pk in found_guilds(count):
        with tenant(guild=pk):
            found.append((pk, Guild.objects.get(pk=pk).slug))
    return found


def main() -> None:
    decisions = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with house():
        found = measure(decisions)
    told = {
        "decision_us": round(found["plain"], 1),
        "with_forbids_us": round(found["strict"], 1),
        "request_ms": round(found["request"] / 1000, 2),
        "share_of_request": round(found["plain"] / found["request"], 4),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
