"""An experience that a ruling let stay suspended has a way back: two enforcers, neither of whom wrote it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from lounges.experiences import auditing, lifting, services
from lounges.experiences.errors import NotNow
from lounges.experiences.models import Experience
from tests.cast import Cast, join
from tests.governance.deliberating import inside
from tests.governance.findings import comes_back

SignIn = Callable[[Membership], Client]


@pytest.fixture
def second(cast: Cast) -> Membership:
    """A second enforcer, who is an architect too."""
    return join(cast.lantern, "Nora", Office.DREAMER, Office.ENFORCER, Office.ARCHITECT)


@pytest.fixture
def experience(cast: Cast) -> Experience:
    """Ayla's, suspended by a halt whose finding was ruled on without a word about it."""
    return suspended(cast, by=cast.ayla, name="Slow water")


def suspended(cast: Cast, *, by: Membership, name: str) -> Experience:
    """By a halt that nothing is left to rule on."""
    with inside(by):
        version = services.write(by=by, name=name, description="", numbers={"atoms": 8})
        services.try_out(by=by, version=version)
    with tenant(guild=cast.lantern.pk):
        ledger.hold(guild=cast.lantern.pk)
        return services.suspend(guild=cast.lantern, version=version, halt=uuid4(), at=timezone.now())


def again(experience: Experience) -> Experience:
    with tenant(guild=experience.guild_id):
        return Experience.objects.get(pk=experience.pk)


def ask(by: Membership, experience: Experience) -> None:
    with inside(by):
        lifting.ask_to_lift(by=by, experience=experience.pk)


def lift(by: Membership, experience: Experience) -> None:
    with inside(by):
        lifting.lift(by=by, experience=experience.pk)


def told(experience: Experience) -> list[tuple[str, Any, dict[str, Any]]]:
    with tenant(guild=experience.guild_id):
        rows = Leaf.objects.filter(kind__in=["experience.lifting_asked", "experience.lifted"])
        entries = [decode(bytes(row.entry)) for row in rows.order_by("index")]
    return [(str(entry.kind), entry.actor, dict(entry.detail)) for entry in entries]


def test_two_enforcers_let_it_be_used_again(cast: Cast, second: Membership, experience: Experience) -> None:
    for _ in range(2):
        ask(cast.ezra, experience)
    assert again(experience).is_suspended
    lift(second, experience)
    with tenant(guild=cast.lantern.pk):
        asked, lifted = Leaf.objects.filter(
            kind__in=["experience.lifting_asked", "experience.lifted"]
        ).order_by("index")
    held = again(experience)
    assert (held.is_suspended, held.suspended_leaf) == (False, lifted.index)
    assert told(experience) == [
        ("experience.lifting_asked", cast.ezra.pseudonym, {}),
        ("experience.lifted", second.pseudonym, {"asked": asked.index}),
    ]
    with pytest.raises(NotNow, match="not suspended"):
        lift(second, experience)


def test_one_alone_lifts_nothing_and_nobody_else_does(
    cast: Cast, second: Membership, experience: Experience
) -> None:
    for member in (cast.ezra, second, cast.ayla, cast.mira):
        with pytest.raises(Denied):
            lift(member, experience)  # nobody asked
    for member in (cast.ayla, cast.mira, cast.finn):
        with pytest.raises(Denied):
            ask(member, experience)
    ask(cast.ezra, experience)
    for member in (cast.ezra, cast.ayla, cast.mira):
        with pytest.raises(Denied):
            lift(member, experience)
    with pytest.raises(Http404):
        ask(cast.zed, experience)
    assert again(experience).is_suspended


def test_whoever_wrote_it_neither_asks_nor_lifts(cast: Cast, second: Membership) -> None:
    own = suspended(cast, by=second, name="Fast water")
    with pytest.raises(Denied, match="other enforcers must lift it"):
        ask(second, own)
    ask(cast.ezra, own)
    with pytest.raises(Denied, match="other enforcers must lift it"):
        lift(second, own)


def test_whoever_left_and_came_back_lifts_nothing_they_wrote_or_asked_for(
    cast: Cast, second: Membership, experience: Experience
) -> None:
    own = suspended(cast, by=second, name="Still water")
    ask(second, experience)
    ask(cast.ezra, own)
    back = comes_back(second, by=cast.ayla)
    with pytest.raises(Denied, match="It takes two enforcers"):
        lift(back, experience)
    with pytest.raises(Denied, match="other enforcers must lift it"):
        lift(back, own)
    lift(cast.ezra, experience)
    assert (again(experience).is_suspended, again(own).is_suspended) == (False, True)


def test_an_earlier_asking_lifts_no_later_suspension(
    cast: Cast, second: Membership, experience: Experience
) -> None:
    ask(cast.ezra, experience)
    lift(second, experience)
    with tenant(guild=cast.lantern.pk):
        ledger.hold(guild=cast.lantern.pk)
        version = experience.versions.get()
        services.suspend(guild=cast.lantern, version=version, halt=experience.pk, at=timezone.now())
    with pytest.raises(Denied, match="It takes two enforcers"):
        lift(second, experience)


def test_while_a_halt_waits_for_a_ruling_that_ruling_decides(
    cast: Cast, second: Membership, experience: Experience, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "A halt of it waits for a ruling of the enforcers, which can lift this too."
    monkeypatch.setattr(lifting, "_hindrances", [lambda one: said])
    with pytest.raises(NotNow, match="waits for a ruling"):
        ask(cast.ezra, experience)
    with inside(second):
        assert lifting.way_for(second, again(experience)) == lifting.Way(hindrance=said)


def test_it_is_asked_and_lifted_on_its_page(
    cast: Cast, second: Membership, experience: Experience, client_of: SignIn
) -> None:
    page = reverse("experiences:detail", args=["lantern", experience.pk])
    asking, lifting_ = (
        reverse(f"experiences:{name}", args=["lantern", experience.pk]) for name in ("ask-to-lift", "lift")
    )
    ezra, nora, mira = client_of(cast.ezra), client_of(second), client_of(cast.mira)
    assert f'action="{asking}"' in ezra.get(page).text
    assert f'action="{asking}"' not in mira.get(page).text
    assert "Another enforcer can lift it now" in ezra.post(asking, follow=True).text
    assert f'action="{lifting_}"' not in ezra.get(page).text
    assert f'action="{lifting_}"' in nora.get(page).text
    assert "The suspension is lifted." in nora.post(lifting_, follow=True).text
    assert not again(experience).is_suspended


def test_an_audit_does_not_take_one_enforcers_word_for_two() -> None:
    """Told from the log alone: who asks and lifts, or lifts what nobody asked for, has lifted nothing."""
    asked = {"kind": "experience.lifting_asked", "actor": "ezra", "subjects": ["e"], "detail": {}}
    stopped = {"kind": "experience.suspended", "actor": "system", "subjects": ["e"], "detail": {"halt": "h"}}

    def lifted(by: str, **detail: Any) -> dict[str, Any]:
        return {"kind": "experience.lifted", "actor": by, "subjects": ["e"], "detail": detail}

    def is_suspended(*leaves: dict[str, Any]) -> bool:
        story = auditing._Story()
        for index, leaf in enumerate(leaves):
            story.hear(index, leaf)
        return "e" in story.suspended

    assert not is_suspended(stopped, asked, lifted("nora", asked=1))
    assert not is_suspended(stopped, lifted("system", ruling="r"))
    assert is_suspended(stopped, asked, lifted("ezra", asked=1))
    assert is_suspended(stopped, lifted("nora", asked=None))
    assert is_suspended(stopped, asked, lifted("nora", asked=0))
    assert is_suspended(stopped, asked, stopped, lifted("nora", asked=1))
