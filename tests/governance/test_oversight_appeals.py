"""Appeals: by whom a ruling touches, within its time, to an enforcer who had no part in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.audits import deadlines
from governance.audits.enums import FindingState, Severity
from governance.audits.models import Finding
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices.models import Suspension
from governance.oversight import appealing, ruling
from governance.oversight.cases import case_of
from governance.oversight.enums import Outcome, RemedyKind, RemedyState, RulingState, Verdict
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Appeal, Remedy, Ruling
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, comes_back, found
from tests.governance.lending import lend

Within = Callable[[Membership], AbstractContextManager[Any]]
REASONS = "The leaf and the row do not say the same."
OBJECTION = "I never changed it; somebody else had the keys that night."
ANSWER = "Both accounts were read again, leaf by leaf."


@pytest.fixture
def lara(cast: Cast) -> Membership:
    """A second enforcer."""
    return appoint_enforcer(cast.lara)


def fresh(row: Any) -> Any:
    with tenant(guild=row.guild_id):
        return type(row).objects.get(pk=row.pk)


def ruled_on(cast: Cast, **about: Any) -> tuple[Finding, Ruling]:
    """A finding about Mira's lent dream that Ezra dismissed."""
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution, **about)
    with tenant(guild=cast.lantern.pk, dreamer=cast.ezra.dreamer_id):
        made = ruling.rule(finding=finding, by=cast.ezra, draft=Draft(Verdict.DISMISSED, REASONS))
    return finding, fresh(made)


def appealed(cast: Cast) -> tuple[Finding, Ruling, Appeal]:
    finding, made = ruled_on(cast)
    with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id):
        return finding, made, appealing.appeal(ruling=made, by=cast.mira, reasons=OBJECTION)


def newest(cast: Cast) -> str:
    with tenant(guild=cast.lantern.pk):
        return Leaf.objects.order_by("-index")[0].kind


def test_the_dreamer_of_a_lent_dream_appeals_the_ruling_on_it(cast: Cast) -> None:
    finding, _, appeal = appealed(cast)
    assert (fresh(finding).state, newest(cast)) == (FindingState.APPEALED, LeafKind.APPEAL_MADE)
    assert (appeal.made_by_id, appeal.outcome) == (cast.mira.pk, "")
    assert appeal.due_at == deadlines.due(Severity.CRITICAL, since=appeal.at)


def test_whoever_a_ruling_does_not_touch_may_not_appeal(cast: Cast, within: Within) -> None:
    _, made = ruled_on(cast)
    with within(cast.finn), pytest.raises(Denied, match="whom the ruling touches"):
        appealing.appeal(ruling=made, by=cast.finn, reasons=OBJECTION)


def test_whom_a_ruling_names_may_appeal(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern)
    with within(cast.ezra):
        draft = Draft(Verdict.UPHELD, REASONS, names=cast.finn)
        made = ruling.rule(finding=finding, by=cast.ezra, draft=draft)
    with within(cast.finn):
        appealing.appeal(ruling=fresh(made), by=cast.finn, reasons=OBJECTION)
    assert fresh(finding).state == FindingState.APPEALED


def test_appealing_twice_is_appealing_once(cast: Cast, within: Within) -> None:
    _, made, appeal = appealed(cast)
    with within(cast.mira):
        again = appealing.appeal(ruling=fresh(made), by=cast.mira, reasons=OBJECTION)
        assert (again.pk, Appeal.objects.count()) == (appeal.pk, 1)


def test_an_appeal_without_a_reason_is_not_made(cast: Cast, within: Within) -> None:
    finding, made = ruled_on(cast)
    with within(cast.mira), pytest.raises(Unfit, match="Say in a sentence"):
        appealing.appeal(ruling=made, by=cast.mira, reasons="no!")
    assert fresh(finding).state == FindingState.RULED


def test_when_its_time_is_over_a_ruling_is_not_appealed(cast: Cast, within: Within) -> None:
    finding, made = ruled_on(cast)
    with within(cast.mira):
        Ruling.objects.filter(pk=made.pk).update(in_force_at=timezone.now() - deadlines.APPEAL_PERIOD)
        with pytest.raises(NotNow, match="its time is over"):
            appealing.appeal(ruling=fresh(made), by=cast.mira, reasons=OBJECTION)
    assert fresh(finding).state == FindingState.RULED


def test_whoever_ruled_does_not_decide_the_appeal(cast: Cast, within: Within) -> None:
    _, _, appeal = appealed(cast)
    with within(cast.ezra), pytest.raises(Denied, match="a different enforcer must decide"):
        appealing.decide(appeal=appeal, by=cast.ezra, outcome=Outcome.UPHELD, answer=ANSWER)
    assert fresh(appeal).outcome == ""


def test_whoever_confirmed_or_appealed_does_not_decide_either(
    cast: Cast, lara: Membership, within: Within
) -> None:
    appoint_enforcer(cast.mira)
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    draft = Draft(Verdict.UPHELD, REASONS, {RemedyKind.SUSPEND}, names=cast.finn, office=Office.TECHNICIAN)
    with within(cast.ezra):
        made = ruling.rule(finding=finding, by=cast.ezra, draft=draft)
    with within(lara):
        ruling.confirm(ruling=fresh(made), by=lara)
    with within(cast.mira):
        appeal = appealing.appeal(ruling=fresh(made), by=cast.mira, reasons=OBJECTION)
    for by in (cast.ezra, lara, cast.mira):
        with within(by), pytest.raises(Denied, match="must decide it"):
            appealing.decide(appeal=appeal, by=by, outcome=Outcome.UPHELD, answer=ANSWER)
    third = appoint_enforcer(cast.ayla)
    with within(third):
        appealing.decide(appeal=appeal, by=third, outcome=Outcome.UPHELD, answer=ANSWER)
    assert fresh(finding).state == FindingState.CLOSED


def test_whoever_had_a_part_and_came_back_does_not_decide_either(cast: Cast, within: Within) -> None:
    """Whoever ruled, whoever appealed, and whom the ruling names: each by another membership than then."""
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution)
    with within(cast.ezra):
        draft = Draft(Verdict.UPHELD, REASONS, names=cast.finn)
        made = ruling.rule(finding=finding, by=cast.ezra, draft=draft)
    with within(cast.mira):
        appeal = appealing.appeal(ruling=fresh(made), by=cast.mira, reasons=OBJECTION)
    back = [comes_back(who, by=cast.ayla) for who in (cast.ezra, cast.mira, cast.finn)]
    for by in back:
        with within(by), pytest.raises(Denied, match="must decide it"):
            appealing.decide(appeal=appeal, by=by, outcome=Outcome.OVERTURNED, answer=ANSWER)
    with within(back[0]):
        case = case_of(fresh(finding), reader=back[0])
        assert (case.may_answer, case.somebody_may_answer) == (False, False)
    third = appoint_enforcer(cast.lara)
    with within(third):
        assert case_of(fresh(finding), reader=third).somebody_may_answer
        decided = appealing.decide(appeal=appeal, by=third, outcome=Outcome.UPHELD, answer=ANSWER)
    assert decided.decided_by_id == third.pk


def test_whom_a_ruling_named_may_appeal_once_after_coming_back(
    cast: Cast, within: Within, client_of: Callable[[Membership], Client]
) -> None:
    with within(cast.ezra):
        draft = Draft(Verdict.UPHELD, REASONS, names=cast.finn)
        made = ruling.rule(finding=found(cast.lantern), by=cast.ezra, draft=draft)
    back = comes_back(cast.finn, by=cast.ayla)
    address = reverse("transparency:ruling", args=[cast.lantern.slug, made.pk])
    assert "It names you." in client_of(back).get(address).content.decode()
    with within(back):
        first = appealing.appeal(ruling=fresh(made), by=back, reasons=OBJECTION)
    again = comes_back(back, by=cast.ayla)
    with within(again):
        assert appealing.appeal(ruling=fresh(made), by=again, reasons=OBJECTION).pk == first.pk


def test_an_appeal_that_is_not_granted_closes_the_finding(
    cast: Cast, lara: Membership, within: Within
) -> None:
    finding, made, appeal = appealed(cast)
    with within(lara):
        for _ in range(2):
            appealing.decide(appeal=fresh(appeal), by=lara, outcome=Outcome.UPHELD, answer=ANSWER)
        assert Leaf.objects.filter(kind=LeafKind.APPEAL_DECIDED).count() == 1
    decided = fresh(appeal)
    assert (decided.outcome, decided.decided_by_id, decided.answer) == (Outcome.UPHELD, lara.pk, ANSWER)
    assert (fresh(finding).state, fresh(made).state) == (FindingState.CLOSED, RulingState.IN_FORCE)


def test_an_overturned_ruling_lets_the_finding_wait_anew(
    cast: Cast, lara: Membership, within: Within
) -> None:
    finding, made, appeal = appealed(cast)
    with within(lara):
        appealing.decide(appeal=appeal, by=lara, outcome=Outcome.OVERTURNED, answer=ANSWER)
        with pytest.raises(NotNow, match="answered already"):
            appealing.decide(appeal=appeal, by=lara, outcome=Outcome.UPHELD, answer=ANSWER)
    waiting = fresh(finding)
    assert (waiting.state, waiting.assigned_to_id) == (FindingState.OPEN, None)
    assert waiting.due_at > finding.due_at
    assert fresh(made).state == RulingState.OVERTURNED
    with within(lara):
        again = ruling.rule(finding=waiting, by=lara, draft=Draft(Verdict.UPHELD, REASONS))
    assert fresh(again).state == RulingState.IN_FORCE


def test_an_overturned_ruling_gives_a_suspended_office_back(
    cast: Cast, lara: Membership, within: Within
) -> None:
    third = appoint_enforcer(cast.mira)
    finding = found(cast.lantern)
    draft = Draft(Verdict.UPHELD, REASONS, {RemedyKind.SUSPEND}, names=cast.finn, office=Office.TECHNICIAN)
    with within(cast.ezra):
        made = ruling.rule(finding=finding, by=cast.ezra, draft=draft)
    assert Office.TECHNICIAN in fresh(cast.finn).offices
    with within(lara):
        ruling.confirm(ruling=fresh(made), by=lara)
    assert Office.TECHNICIAN not in fresh(cast.finn).offices
    with within(cast.finn):
        appeal = appealing.appeal(ruling=fresh(made), by=fresh(cast.finn), reasons=OBJECTION)
    with within(third):
        appealing.decide(appeal=appeal, by=third, outcome=Outcome.OVERTURNED, answer=ANSWER)
        assert [row.state for row in Remedy.objects.all()] == [RemedyState.LIFTED]
        assert Suspension.objects.get().lifted_at is not None
    assert Office.TECHNICIAN in fresh(cast.finn).offices
    assert newest(cast) == LeafKind.OFFICE_GRANTED


def test_what_is_not_appealed_in_time_is_closed(cast: Cast) -> None:
    finding, made = ruled_on(cast)
    before = made.in_force_at + deadlines.APPEAL_PERIOD - timedelta(seconds=1)
    after = before + timedelta(seconds=1)
    assert appealing.close_settled(guild=cast.lantern.pk, now=before) == 0
    assert appealing.close_settled(guild=cast.harbour.pk, now=after) == 0
    assert appealing.close_settled(guild=cast.lantern.pk, now=after) == 1
    assert appealing.close_settled(guild=cast.lantern.pk, now=after) == 0
    assert (fresh(finding).state, newest(cast)) == (FindingState.CLOSED, LeafKind.FINDING_CLOSED)


def test_what_is_appealed_is_not_closed_by_the_clock(cast: Cast) -> None:
    finding, made, _ = appealed(cast)
    after = made.in_force_at + deadlines.APPEAL_PERIOD + timedelta(days=1)
    assert appealing.close_settled(guild=cast.lantern.pk, now=after) == 0
    assert fresh(finding).state == FindingState.APPEALED
