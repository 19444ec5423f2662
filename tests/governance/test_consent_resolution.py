"""Which statement is in force: the narrowest, then the newest, then the no; against a plain reading of the
rules.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.consent.enums import ConsentState, Refusal, Scope
from governance.consent.resolution import (
    GIVING,
    NARROWEST_FIRST,
    NEVER_STATED,
    Place,
    Register,
    Stated,
    Verdict,
    reason_shut,
    stated_in,
)

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HERE = Place("c1", "s1", "l1", "g1", "mira")
WHERE = {"contribution": "c1", "session": "s1", "lounge": "l1", "guild": "g1"}


def said(
    order: int,
    state: str = "given",
    *,
    scope: str = "contribution",
    about: str = "",
    owner: str = "mira",
    expires_at: datetime | None = None,
) -> Stated:
    return Stated(
        order, scope, about or WHERE[scope], owner, "blend", state, 0.5, expires_at, f"notice-{order}"
    )


def verdict(*statements: Stated, at: datetime = NOON, place: Place = HERE) -> Verdict:
    return Register(statements).verdict(place, purpose="blend", at=at)


def test_what_was_never_stated_opens_nothing() -> None:
    assert verdict() == NEVER_STATED == Verdict(None, "unstated")
    assert not NEVER_STATED.opens


@pytest.mark.parametrize("narrow", range(3))
@pytest.mark.parametrize("states", [("given", "refused"), ("refused", "given"), ("requested", "given")])
def test_the_narrowest_statement_wins_whatever_it_says(narrow: int, states: tuple[str, str]) -> None:
    inner, outer = states
    for broad in range(narrow + 1, 4):
        narrower = said(1, inner, scope=NARROWEST_FIRST[narrow])
        broader = said(2, outer, scope=NARROWEST_FIRST[broad])
        assert verdict(narrower, broader) == Verdict(narrower, "" if inner == "given" else inner)


@pytest.mark.parametrize("scope", NARROWEST_FIRST)
def test_the_newest_statement_wins_at_one_level(scope: str) -> None:
    old, new = said(1, "refused", scope=scope), said(2, "given", scope=scope)
    assert verdict(new, old) == verdict(old, new) == Verdict(new, "")
    again = said(3, "withdrawn", scope=scope)
    assert verdict(again, new, old) == Verdict(again, "withdrawn")


@pytest.mark.parametrize("scope", NARROWEST_FIRST)
def test_a_refusal_beats_a_grant_of_the_same_moment(scope: str) -> None:
    yes, no = said(1, "given", scope=scope), said(1, "refused", scope=scope)
    assert verdict(yes, no) == verdict(no, yes) == Verdict(no, "refused")


@pytest.mark.parametrize("state", list(ConsentState))
def test_every_state_opens_or_says_why_not(state: ConsentState) -> None:
    opens = state in (ConsentState.GIVEN, ConsentState.RENEWED)
    assert verdict(said(1, state)).reason == ("" if opens else state.value)
    assert opens or Refusal(state.value)


def test_a_consent_ends_at_its_expiry_exactly() -> None:
    limited = said(1, expires_at=NOON)
    assert verdict(limited, at=NOON - timedelta(microseconds=1)).opens
    assert verdict(limited, at=NOON) == Verdict(limited, "expired")
    assert reason_shut(limited, at=NOON) == "expired"


def test_an_expired_narrow_consent_does_not_fall_back_to_a_broader_one() -> None:
    narrow, broad = said(1, expires_at=NOON), said(2, scope="guild")
    assert verdict(narrow, broad) == Verdict(narrow, "expired")


@pytest.mark.parametrize("scope", ["session", "lounge", "guild"])
def test_a_broader_word_holds_for_its_own_place_and_owner_alone(scope: str) -> None:
    assert verdict(said(1, scope=scope)).opens
    assert verdict(said(1, scope=scope, about="elsewhere")) == NEVER_STATED
    assert verdict(said(1, scope=scope, owner="finn")) == NEVER_STATED
    assert verdict(said(1, scope=scope), place=HERE._replace(owner="finn")) == NEVER_STATED


def test_another_purpose_is_another_matter() -> None:
    assert Register([said(1)]).verdict(HERE, purpose="quote", at=NOON) == NEVER_STATED


def test_what_is_restricted_opens_for_nothing_until_it_is_lifted() -> None:
    register = Register([said(1)])
    register.restrict("c1")
    assert register.verdict(HERE, purpose="blend", at=NOON) == Verdict(said(1), "restricted")
    register.lift("c1")
    assert register.verdict(HERE, purpose="blend", at=NOON).opens


def test_what_was_taken_back_whole_never_opens_again() -> None:
    register = Register([said(1), said(2, scope="guild")])
    register.withdraw("c1")
    register.restrict("c1")
    register.state(said(3))
    assert register.verdict(HERE, purpose="blend", at=NOON) == Verdict(said(3), "withdrawn")


MOMENTS = st.integers(0, 6).map(lambda hours: NOON + timedelta(hours=hours - 3))
STATEMENTS = st.builds(
    Stated,
    order=st.integers(0, 8),
    scope=st.sampled_from(NARROWEST_FIRST),
    scope_id=st.sampled_from(["c1", "s1", "l1", "g1", "c2"]),
    owner=st.sampled_from(["mira", "finn"]),
    purpose=st.sampled_from(["blend", "quote"]),
    state=st.sampled_from([state.value for state in ConsentState]),
    depth=st.just(0.5),
    expires_at=st.none() | MOMENTS,
    notice=st.just("n"),
)


def naively(statements: Sequence[Stated], purpose: str, at: datetime) -> tuple[bool, str | None]:
    """Whether it opens, and the state that decides, by reading the rules aloud."""
    for scope in ("contribution", "session", "lounge", "guild"):
        level = [
            one
            for one in statements
            if one.scope == scope
            and one.scope_id == WHERE[scope]
            and one.purpose == purpose
            and (scope == "contribution" or one.owner == "mira")
        ]
        if level:
            newest = [one for one in level if one.order == max(one.order for one in level)]
            if any(one.state not in GIVING for one in newest):
                return False, max(one.state for one in newest if one.state not in GIVING)
            winner = max(newest, key=lambda one: one.state)
            return all(one.expires_at is None or at < one.expires_at for one in [winner]), winner.state
    return False, None


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, max_size=12, unique_by=lambda one: one[:6]), MOMENTS, st.randoms())
def test_it_agrees_with_a_plain_reading_in_any_order(
    statements: list[Stated], at: datetime, chance: object
) -> None:
    for purpose in ("blend", "quote"):
        found = Register(statements).verdict(HERE, purpose=purpose, at=at)
        state = None if found.stated is None else found.stated.state
        assert (found.opens, state) == naively(statements, purpose, at)
        chance.shuffle(statements)  # type: ignore[attr-defined]
        assert Register(statements).verdict(HERE, purpose=purpose, at=at) == found


def leaf(kind: str, *subjects: str, **detail: object) -> dict[str, object]:
    basis = {"purpose": "blend", "depth": 0.5, "expires_at": None, "notice": "n"}
    return json.loads(json.dumps({"kind": kind, "subjects": subjects, "detail": {**basis, **detail}}))


def test_the_leaves_alone_say_what_stands() -> None:
    register, place = Register(), Place("c1", "s1", "l1", "g1", "mira")
    guild = {"scope": "guild", "scope_id": "g1", "pseudonym": "mira"}
    steps = [
        (leaf("consent.given", **guild), ""),
        (leaf("consent.refused", "c1"), "refused"),
        (leaf("consent.renewed", "c1", expires_at="2026-11-01T12:00:00+00:00"), "expired"),
        (leaf("consent.given", "c1", expires_at="2026-11-01T14:00:00+02:00"), "expired"),
        (leaf("consent.given", "c1", expires_at="2026-11-01T14:00:00+01:00"), ""),
        (leaf("consent.restricted", "c1"), "restricted"),
        (leaf("consent.unrestricted", "c1"), ""),
        (leaf("consent.revoked", "c1"), "revoked"),
        (leaf("contribution.withdrawn", "c1"), "withdrawn"),
    ]
    for index, (entry, reason) in enumerate(steps):
        assert register.hear(index, entry)
        assert register.verdict(place, purpose="blend", at=NOON).reason == reason
    assert not register.hear(9, leaf("use", "root"))
    assert not register.hear(10, leaf("contribution.lent", "c1"))


def test_a_leaf_of_consent_reads_as_the_statement_it_records() -> None:
    detail = {"scope": "lounge", "scope_id": "l1", "pseudonym": "mira"}
    assert stated_in(7, leaf("consent.deferred", **detail)) == Stated(
        7, "lounge", "l1", "mira", "blend", "deferred", 0.5, None, "n"
    )
    assert stated_in(8, leaf("consent.given", "c1")) == Stated(
        8, "contribution", "c1", None, "blend", "given", 0.5, None, "n"
    )
    with pytest.raises(ValueError, match="scope"):
        stated_in(9, leaf("consent.given", "c1", scope="planet"))
    with pytest.raises(IndexError):
        stated_in(9, leaf("consent.given"))


def test_scopes_and_levels_have_the_same_names() -> None:
    assert tuple(Scope.values) == NARROWEST_FIRST
