"""How the law decides: its sentences, its floor, and nothing that fails open."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import cedarpy
import pytest

from governance.policies import engine, entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.law import HOUSE_LAW, with_values
from governance.policies.reasons import RULES, UNDECIDED
from governance.policies.services import authorize, policy_set, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from tests.isolation.law_cast import (
    BEYOND,
    FROM_ELSEWHERE,
    FROM_HERE,
    HARBOUR,
    LANTERN,
    SOMEBODY,
    WITHIN,
    a_lounge,
    anothers_session,
    hostless_session,
    member,
    own_colony,
    own_session,
    the_guild,
)


def test_a_default_denial_names_the_office_that_may() -> None:
    actor = member()
    decision = authorize(actor=actor, action=Action.OPEN_SESSION, resource=a_lounge(actor))
    assert decision.reasons == ("Only a dream architect or a steward may schedule or open a session.",)


def test_a_rule_that_forbids_gives_its_own_sentence() -> None:
    actor = member(ended=True)
    decision = authorize(actor=actor, action=Action.VIEW_GUILD, resource=the_guild(actor))
    assert decision.reasons == (RULES["membership-has-ended"],)


def test_the_floor_of_the_guild_decides_the_blend() -> None:
    strict = Guild(id=LANTERN.id, slug="lantern", name="x", law=with_values(individuality_floor="0.75"))
    actor = member(Office.ARCHITECT, guild=strict)
    below = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.7499)
    at = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.75)
    assert (below.allowed, below.reasons) == (False, (RULES["individuality-floor"],))
    assert at.allowed


@pytest.mark.parametrize(
    ("reach", "partners", "may"),
    [
        ("none", [], (False, False, False, False)),
        ("guild", [], (True, False, True, False)),
        ("house", [], (True, True, True, True)),
        ("house", [HARBOUR.id], (True, True, True, True)),
        ("house", [SOMEBODY], (True, True, True, False)),
    ],
)
def test_the_guild_decides_with_whom_rituals_are_exchanged(
    reach: str, partners: list[UUID], may: tuple[bool, ...]
) -> None:
    guild = Guild(
        id=LANTERN.id,
        slug="lantern",
        law=with_values(exchange_reach=reach, exchange_partners=" ".join(map(str, partners))),
    )
    actor = member(guild=guild)
    asked = [(Action.OFFER_RITUAL, WITHIN), (Action.OFFER_RITUAL, BEYOND)]
    asked += [(Action.ADOPT_RITUAL, FROM_HERE), (Action.ADOPT_RITUAL, FROM_ELSEWHERE)]
    answers = [
        authorize(actor=actor, action=action, resource=own_colony(actor), **context)
        for action, context in asked
    ]
    assert tuple(map(bool, answers)) == may


def test_the_guild_itself_is_held_to_its_floor_and_to_its_walls() -> None:
    below = authorize(
        actor=LANTERN, action=Action.REMAKE, resource=hostless_session(member()), retention=0.59
    )
    elsewhere = authorize(
        actor=HARBOUR, action=Action.REMAKE, resource=hostless_session(member()), retention=0.9
    )
    assert (below.reasons, below.policy_set) == ((RULES["individuality-floor"],), policy_set(LANTERN))
    assert not elsewhere.allowed


def test_a_retention_is_never_rounded_up_to_the_floor() -> None:
    actor = member(Office.ARCHITECT)
    decision = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.5999999)
    assert not decision.allowed


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        (Action.SHARE_DREAM, "session", {}),
        (Action.SHARE_DREAM, "session", {"participating": "yes"}),
        (Action.SHARE_DREAM, "session", {"participating": uuid4()}),
        (Action.SHARE_DREAM, "session", {"participating": True, "invented": 1}),
        (Action.BLEND, "session", {"retention": float("nan")}),
        (Action.BLEND, "session", {"retention": float("inf")}),
        (Action.BLEND, "session", {"retention": 1}),
        (Action.OPEN_SESSION, "session", {}),
        (Action.VIEW_SESSION, "unknown type", {}),
        (Action.VIEW_SESSION, "no state", {}),
    ],
)
def test_a_question_that_does_not_fit_is_a_denial(action: Action, resource: str, context: dict) -> None:
    actor = member(Office.ARCHITECT)
    asked = {
        "session": own_session(actor),
        "unknown type": Resource("Spaceship", SOMEBODY, LANTERN.id),
        "no state": Resource("Session", SOMEBODY, LANTERN.id),
    }[resource]
    decision = authorize(actor=actor, action=action, resource=asked, **context)
    assert (decision.allowed, decision.reasons) == (False, (UNDECIDED,))


def test_an_unknown_action_is_a_denial() -> None:
    actor = member()
    decision = engine.decide(
        principal=replace(_principal_of(actor)), action="Fly", resource=the_guild(actor), context={}
    )
    assert decision == engine.UNDECIDED


def test_a_forbidding_rule_that_cannot_be_evaluated_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cedar skips a forbid whose attribute is missing and answers Allow with an error beside it."""
    actor = member(Office.ARCHITECT)
    nobody = cedarpy.Entities.from_json_str("[]")
    monkeypatch.setattr(engine, "_guild", lambda guild, law: nobody)
    decision = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.9)
    assert (decision.allowed, decision.reasons) == (False, (UNDECIDED,))


def test_require_raises_the_sentence() -> None:
    actor = member()
    with pytest.raises(Denied, match="Only the host of this session may ask for a blend"):
        require(actor=actor, action=Action.BLEND, resource=anothers_session(actor), retention=0.9)


def test_require_returns_the_decision_and_its_law() -> None:
    actor = member()
    decision = require(actor=actor, action=Action.VIEW_GUILD, resource=the_guild(actor))
    assert (bool(decision), decision.policy_set) == (True, policy_set(LANTERN))


def test_the_digest_of_the_law_changes_with_its_values_alone() -> None:
    others = [
        Guild(id=uuid4(), law=with_values(individuality_floor="0.61")),
        Guild(id=uuid4(), law=with_values(exchange_reach="house")),
        Guild(id=uuid4(), law=with_values(exchange_partners=str(SOMEBODY))),
        Guild(id=uuid4(), law=with_values(diversity_fall="0.30")),
    ]
    assert policy_set(LANTERN) == policy_set(HARBOUR)
    assert len({policy_set(guild) for guild in (LANTERN, *others)}) == 5
    assert re.fullmatch(r"[0-9a-f]{64}", policy_set(LANTERN))


def test_a_refused_question_is_logged_without_its_values(caplog: pytest.LogCaptureFixture) -> None:
    actor = member()
    authorize(actor=actor, action=Action.SHARE_DREAM, resource=own_session(actor), participating="yes")
    assert "ShareDream" in caplog.text
    assert str(actor.dreamer_id) not in caplog.text


def _principal_of(actor: Membership) -> entities.Principal:
    return entities.Principal(
        id=actor.id,
        dreamer=UUID(str(actor.dreamer_id)),
        guild=actor.guild_id,
        offices=tuple(actor.offices),
        live=True,
        law=HOUSE_LAW,
    )
