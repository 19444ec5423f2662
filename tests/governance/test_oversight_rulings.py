"""Rulings: every step by a human, each a leaf, and nothing that needs two persons before the second."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices.services import dismiss
from governance.oversight import ruling
from governance.oversight.cases import case_of
from governance.oversight.enums import RemedyKind, RemedyState, RulingState, Verdict
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Remedy, Ruling, Telling
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.vault import services as vault
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, comes_back, found
from tests.governance.lending import lend

Within = Callable[[Membership], AbstractContextManager[Any]]
REASONS = "The sealed text is not the one that was lent; the leaf says so."
NOTHING = Draft(Verdict.DISMISSED, REASONS)
SHRED = Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SHRED, RemedyKind.NOTIFY}))


@pytest.fixture
def lara(cast: Cast) -> Membership:
    """A second enforcer."""
    return appoint_enforcer(cast.lara)


def kinds(cast: Cast) -> list[str]:
    """The kinds of all leaves of the guild, in order."""
    with tenant(guild=cast.lantern.pk):
        return [leaf.kind for leaf in Leaf.objects.order_by("index")]


def rule(finding: Finding, by: Membership, draft: Draft = NOTHING) -> Ruling:
    with tenant(guild=by.guild_id, dreamer=by.dreamer_id):
        return ruling.rule(finding=finding, by=by, draft=draft)


def fresh(row: Any) -> Any:
    with tenant(guild=row.guild_id):
        return type(row).objects.get(pk=row.pk)


def test_a_finding_is_given_to_an_enforcer_and_back_to_all(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern)
    with within(cast.ezra):
        ruling.assign(finding=finding, by=cast.ezra, to=cast.ezra)
        ruling.assign(finding=finding, by=cast.ezra, to=cast.ezra)
    assert (fresh(finding).state, fresh(finding).assigned_to_id) == (FindingState.ASSIGNED, cast.ezra.pk)
    with within(cast.ezra):
        ruling.assign(finding=finding, by=cast.ezra, to=None)
    assert (fresh(finding).state, fresh(finding).assigned_to_id) == (FindingState.OPEN, None)
    assert kinds(cast) == [LeafKind.FINDING_ASSIGNED] * 2


def test_a_finding_goes_to_enforcers_alone(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern)
    with within(cast.ezra), pytest.raises(Unfit, match="Choose an enforcer"):
        ruling.assign(finding=finding, by=cast.ezra, to=cast.mira)
    with within(cast.mira), pytest.raises(Denied, match="Only an enforcer"):
        ruling.assign(finding=finding, by=cast.mira, to=cast.ezra)
    assert kinds(cast) == []


@pytest.mark.parametrize("verdict", [Verdict.EXPLAINED, Verdict.DISMISSED, Verdict.UPHELD])
def test_a_ruling_without_a_grave_remedy_takes_effect_at_once(cast: Cast, verdict: Verdict) -> None:
    finding = found(cast.lantern)
    made = fresh(rule(finding, cast.ezra, Draft(verdict, REASONS)))
    assert (made.state, made.verdict, made.in_force_at) == (RulingState.IN_FORCE, verdict, made.at)
    assert fresh(finding).state == FindingState.RULED
    assert kinds(cast) == [LeafKind.RULING_MADE]


def test_the_leaf_of_a_ruling_holds_a_digest_and_no_word_of_its_reasons(cast: Cast) -> None:
    finding = found(cast.lantern)
    made = rule(finding, cast.ezra)
    with tenant(guild=cast.lantern.pk):
        entry = decode(bytes(Leaf.objects.get(index=made.leaf).entry))
    assert (entry.actor, entry.subjects) == (cast.ezra.pseudonym, (str(finding.pk), str(made.pk)))
    assert entry.detail == {
        "verdict": "dismissed",
        "reasons": hashlib.sha256(REASONS.encode()).hexdigest(),
        "remedies": [],
        "names": None,
        "office": None,
        "needs_two": False,
    }


@pytest.mark.parametrize("who", ["mira", "finn", "lara", "ayla"])
def test_nobody_but_an_enforcer_rules(cast: Cast, who: str) -> None:
    finding = found(cast.lantern)
    with pytest.raises(Denied, match="Only an enforcer may rule"):
        rule(finding, getattr(cast, who))
    assert (fresh(finding).state, kinds(cast)) == (FindingState.OPEN, [])


def test_a_stranger_cannot_rule_even_with_the_finding_in_hand(cast: Cast) -> None:
    finding = found(cast.lantern)
    appoint_enforcer(cast.zed)
    with pytest.raises(Denied):
        rule(finding, cast.zed)
    assert fresh(finding).state == FindingState.OPEN


def test_a_second_press_does_not_rule_twice(cast: Cast) -> None:
    finding = found(cast.lantern)
    rule(finding, cast.ezra)
    with pytest.raises(NotNow, match="ruled on already"):
        rule(finding, cast.ezra)
    assert kinds(cast) == [LeafKind.RULING_MADE]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(Verdict.UPHELD, "no"), "reasons"),
        (Draft(Verdict.UPHELD, "x" * 2001), "reasons"),
        (Draft(Verdict.UPHELD, "a bell\a rings in it"), "reasons"),
        (Draft(Verdict.DISMISSED, REASONS, frozenset({RemedyKind.SUSPEND})), "remedies"),
        (Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SHRED})), "remedies"),
        (Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SUSPEND})), "office"),
    ],
)
def test_a_ruling_that_could_not_take_effect_is_not_made(cast: Cast, draft: Draft, field: str) -> None:
    finding = found(cast.lantern, contribution=None)
    with pytest.raises(Unfit) as refused:
        rule(finding, cast.ezra, draft)
    assert (refused.value.field, fresh(finding).state, kinds(cast)) == (field, FindingState.OPEN, [])


def test_a_grave_remedy_waits_for_a_second_enforcer(cast: Cast, lara: Membership) -> None:
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    proposed = fresh(rule(finding, cast.ezra, SHRED))
    assert (proposed.state, proposed.in_force_at) == (RulingState.PROPOSED, None)
    assert fresh(finding).state == FindingState.OPEN
    with tenant(guild=cast.lantern.pk):
        assert {row.state for row in Remedy.objects.all()} == {RemedyState.WAITING}
        assert Telling.objects.count() == 0
        assert not vault.is_destroyed(key_id=lent.key_id)


def test_nobody_confirms_a_ruling_of_their_own(cast: Cast, lara: Membership, within: Within) -> None:
    lent = lend(cast.mira)
    proposed = rule(found(cast.lantern, contribution=lent.contribution), cast.ezra, SHRED)
    with within(cast.ezra), pytest.raises(Denied, match="a different enforcer must decide"):
        ruling.confirm(ruling=proposed, by=cast.ezra)
    with within(cast.finn), pytest.raises(Denied, match="Only a second enforcer"):
        ruling.confirm(ruling=proposed, by=cast.finn)
    assert fresh(proposed).state == RulingState.PROPOSED


def test_a_confirmed_ruling_destroys_the_lent_dream_and_tells_its_dreamer(
    cast: Cast, lara: Membership, within: Within
) -> None:
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    proposed = rule(finding, cast.ezra, SHRED)
    before = len(kinds(cast))
    with within(lara):
        ruling.confirm(ruling=fresh(proposed), by=lara)
        ruling.confirm(ruling=fresh(proposed), by=lara)
    settled = fresh(proposed)
    assert (settled.state, settled.second_id) == (RulingState.IN_FORCE, lara.pk)
    assert fresh(finding).state == FindingState.RULED
    with tenant(guild=cast.lantern.pk):
        done = {row.kind: (row.state, row.touched) for row in Remedy.objects.all()}
    assert done == {"shred": (RemedyState.DONE, 1), "notify": (RemedyState.DONE, 1)}
    steps = kinds(cast)[before:]
    assert steps[0] == LeafKind.RULING_CONFIRMED
    assert steps.count(LeafKind.CONSENT_REVOKED) == 3
    assert steps.count(LeafKind.REMEDY_DONE) == 2
    with tenant(dreamer=cast.mira.dreamer_id):
        assert [row.contribution for row in Telling.objects.all()] == [lent.contribution]
    with tenant(dreamer=cast.finn.dreamer_id):
        assert Telling.objects.count() == 0


@pytest.mark.parametrize("who", ["ezra", "lara"])
def test_a_declined_ruling_has_no_effect_and_another_may_be_made(
    cast: Cast, lara: Membership, within: Within, who: str
) -> None:
    lent, by = lend(cast.mira), getattr(cast, who)
    finding = found(cast.lantern, contribution=lent.contribution)
    proposed = rule(finding, cast.ezra, SHRED)
    with within(by):
        ruling.decline(ruling=fresh(proposed), by=by)
        ruling.decline(ruling=fresh(proposed), by=by)
    with within(lara), pytest.raises(NotNow, match="not confirmed"):
        ruling.confirm(ruling=fresh(proposed), by=lara)
    assert (fresh(proposed).state, fresh(finding).state) == (RulingState.DECLINED, FindingState.OPEN)
    with tenant(guild=cast.lantern.pk):
        assert {row.state for row in Remedy.objects.all()} == {RemedyState.FALLEN}
    assert kinds(cast)[-2:] == [LeafKind.RULING_MADE, LeafKind.RULING_DECLINED]
    assert rule(finding, lara).state == RulingState.IN_FORCE


def test_while_one_ruling_waits_no_other_is_made(cast: Cast, lara: Membership) -> None:
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    rule(finding, cast.ezra, SHRED)
    with pytest.raises(NotNow, match="waits for a second enforcer"):
        rule(finding, lara)


def test_a_ruling_in_force_is_not_declined(cast: Cast, lara: Membership, within: Within) -> None:
    made = rule(found(cast.lantern), cast.ezra)
    with within(lara), pytest.raises(NotNow, match="may appeal"):
        ruling.decline(ruling=made, by=lara)


def test_what_is_ruled_on_is_given_to_nobody(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern)
    rule(finding, cast.ezra)
    with within(cast.ezra), pytest.raises(NotNow, match="ruled on already"):
        ruling.assign(finding=finding, by=cast.ezra, to=cast.ezra)


def suspending(member: Membership) -> Draft:
    remedies = frozenset({RemedyKind.SUSPEND})
    return Draft(Verdict.UPHELD, REASONS, remedies, member, Office.ENFORCER)


@pytest.mark.parametrize("act", [ruling.confirm, ruling.decline])
def test_whom_a_ruling_names_neither_confirms_it_nor_lets_it_fall(
    cast: Cast, lara: Membership, within: Within, act: Any
) -> None:
    proposed = rule(found(cast.lantern), cast.ezra, suspending(lara))
    with within(lara), pytest.raises(Denied, match="You had a part in this"):
        act(ruling=proposed, by=lara)
    assert fresh(proposed).state == RulingState.PROPOSED
    with within(cast.ezra):
        assert ruling.decline(ruling=proposed, by=cast.ezra).state == RulingState.DECLINED


def test_whom_a_waiting_ruling_names_does_not_take_the_finding_up(
    cast: Cast, lara: Membership, within: Within
) -> None:
    finding = found(cast.lantern)
    rule(finding, cast.ezra, suspending(lara))
    back = comes_back(lara, by=cast.ayla)
    with within(cast.ezra), pytest.raises(Unfit, match="names this enforcer"):
        ruling.assign(finding=finding, by=cast.ezra, to=back)
    with within(cast.ezra):
        assert ruling.assign(finding=finding, by=cast.ezra, to=cast.ezra).assigned_to_id == cast.ezra.pk


def test_whoever_left_and_came_back_confirms_nothing_of_their_own(
    cast: Cast, lara: Membership, within: Within
) -> None:
    """Neither a ruling that they made before, nor one that names who they were."""
    own = rule(found(cast.lantern, contribution=lend(cast.mira).contribution), lara, SHRED)
    naming = rule(found(cast.lantern), cast.ezra, suspending(lara))
    back = comes_back(lara, by=cast.ayla)
    with within(back), pytest.raises(Denied, match="a different enforcer must decide"):
        ruling.confirm(ruling=fresh(own), by=back)
    for act in (ruling.confirm, ruling.decline):
        with within(back), pytest.raises(Denied, match="You had a part in this"):
            act(ruling=fresh(naming), by=back)
    assert {fresh(own).state, fresh(naming).state} == {RulingState.PROPOSED}
    with within(back):
        assert not case_of(naming.finding, reader=back).may_decline
        assert ruling.decline(ruling=fresh(own), by=back).state == RulingState.DECLINED


@pytest.mark.parametrize("how", ["dismissed", "came back"])
def test_what_somebody_proposed_who_is_no_enforcer_any_more_takes_no_effect(
    cast: Cast, lara: Membership, within: Within, client_of: Callable[[Membership], Client], how: str
) -> None:
    """Who came back is another enforcer than they were. The proposal stays until somebody lets it fall."""
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    proposed = rule(finding, cast.ezra, SHRED)
    if how == "dismissed":
        with within(cast.ayla):
            dismiss(by=cast.ayla, member=cast.ezra, office=Office.ENFORCER)
    else:
        comes_back(cast.ezra, by=cast.ayla)
    with within(lara), pytest.raises(NotNow, match="no enforcer any more"):
        ruling.confirm(ruling=proposed, by=lara)
    assert (fresh(proposed).state, fresh(proposed).second_id) == (RulingState.PROPOSED, None)
    client, names = client_of(lara), [cast.lantern.slug, proposed.pk]
    page = client.post(reverse("oversight:confirm", args=names), follow=True).content.decode()
    assert "rule on the finding anew" in page
    assert ("Let it fall" in page, "Confirm the ruling" in page) == (True, False)
    assert client.post(reverse("api-ruling-confirm", args=names)).status_code == 409
    with tenant(guild=cast.lantern.pk):
        assert not vault.is_destroyed(key_id=lent.key_id)
    with within(lara):
        ruling.decline(ruling=fresh(proposed), by=lara)
    assert rule(finding, lara, SHRED).state == RulingState.PROPOSED


def test_what_took_effect_stays_when_its_maker_is_no_enforcer_any_more(
    cast: Cast, lara: Membership, within: Within
) -> None:
    proposed = rule(found(cast.lantern, contribution=lend(cast.mira).contribution), cast.ezra, SHRED)
    with within(lara):
        ruling.confirm(ruling=fresh(proposed), by=lara)
    with within(cast.ayla):
        dismiss(by=cast.ayla, member=cast.ezra, office=Office.ENFORCER)
    with within(lara):
        assert ruling.confirm(ruling=proposed, by=lara).state == RulingState.IN_FORCE


def test_whose_office_ended_meanwhile_decides_nothing(cast: Cast, lara: Membership, within: Within) -> None:
    """The request read them as an enforcer, and waited for the ledger."""
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution)
    proposed = rule(finding, cast.ezra, SHRED)
    with within(cast.ayla):
        dismiss(by=cast.ayla, member=lara, office=Office.ENFORCER)
    assert Office.ENFORCER in lara.offices
    acts: list[Callable[[], Any]] = [
        lambda: ruling.confirm(ruling=proposed, by=lara),
        lambda: ruling.decline(ruling=proposed, by=lara),
        lambda: ruling.rule(finding=found(cast.lantern), by=lara, draft=NOTHING),
        lambda: ruling.assign(finding=finding, by=lara, to=None),
    ]
    for act in acts:
        with within(lara), pytest.raises(Denied):
            act()
    assert (fresh(proposed).state, fresh(finding).state) == (RulingState.PROPOSED, FindingState.OPEN)
