"""What is recorded of what a check found, and when it counts as new."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from governance.audits import rules
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import FindingState, Severity
from governance.audits.findings import let_go, record
from governance.audits.models import AuditRun, Finding
from governance.audits.rules import Advice, Rule
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from tests.cast import Cast

ALTERED = Discrepancy("consent.row", 3, "consent_statement", "a row", "depth=0.2", "depth=0.9")
LOST = Discrepancy("consent.lost", 4, "consent_statement")


def recorded(cast: Cast, *found: Discrepancy, hours: int = 0) -> list[Finding]:
    """What one audit, so many hours from now, makes of these."""
    with tenant(guild=cast.lantern.pk):
        audit = AuditRun.objects.create(guild_id=cast.lantern.pk, state="finished")
        at = timezone.now() + timedelta(hours=hours)
        ledger.hold(guild=cast.lantern.pk)
        new = record(audit=audit, found=found, at=at)
        let_go(audit=audit, rules=["consent.row", "consent.lost"], at=at)
    return new


def rows(cast: Cast) -> list[tuple[str, str, bool]]:
    with tenant(guild=cast.lantern.pk):
        found = Finding.objects.filter(guild_id=cast.lantern.pk).order_by("made_leaf")
        return [(row.rule, row.state, row.gone_at is None) for row in found]


def test_each_new_finding_has_a_leaf_with_its_mark_and_no_words(cast: Cast) -> None:
    first, second = recorded(cast, ALTERED, LOST, ALTERED)
    with tenant(guild=cast.lantern.pk):
        leaves = list(Leaf.objects.filter(guild_id=cast.lantern.pk).order_by("index"))
    assert [leaf.kind for leaf in leaves] == [LeafKind.FINDING_MADE] * 2
    assert [(row.rule, row.severity, row.made_leaf, row.mark) for row in (first, second)] == [
        ("consent.row", Severity.CRITICAL, 0, ALTERED.mark),
        ("consent.lost", Severity.CRITICAL, 1, LOST.mark),
    ]
    assert (first.expected, first.actual, first.due_at - first.found_at) == (
        "depth=0.2",
        "depth=0.9",
        timedelta(days=1),
    )


def test_the_same_thing_found_again_is_the_same_finding(cast: Cast) -> None:
    (first,) = recorded(cast, ALTERED)
    again = Discrepancy("consent.row", 3, "consent_statement", "a row", "depth=0.2", "depth=1")
    assert recorded(cast, again, hours=1) == []
    with tenant(guild=cast.lantern.pk):
        seen = Finding.objects.get(pk=first.pk)
    assert (seen.actual, seen.last_audit_id != seen.audit_id, seen.seen_at > seen.found_at) == (
        "depth=1",
        True,
        True,
    )


def test_what_is_no_longer_there_is_gone_and_comes_back_as_itself(cast: Cast) -> None:
    recorded(cast, ALTERED, LOST)
    recorded(cast, LOST, hours=1)
    assert rows(cast) == [("consent.row", "open", False), ("consent.lost", "open", True)]
    assert recorded(cast, ALTERED, LOST, hours=2) == []
    assert rows(cast) == [("consent.row", "open", True), ("consent.lost", "open", True)]


def test_what_was_ruled_on_and_comes_back_is_a_new_finding(cast: Cast) -> None:
    (first,) = recorded(cast, ALTERED)
    with tenant(guild=cast.lantern.pk):
        Finding.objects.filter(pk=first.pk).update(state=FindingState.CLOSED)
    assert recorded(cast, ALTERED, hours=1) == []
    recorded(cast, hours=2)
    (second,) = recorded(cast, ALTERED, hours=3)
    assert second.pk != first.pk
    assert rows(cast) == [("consent.row", "closed", False), ("consent.row", "open", True)]


def test_the_place_is_what_makes_two_findings_one() -> None:
    places = [
        Discrepancy("log.hash", 1),
        Discrepancy("log.hash", 2),
        Discrepancy("log.gap", 1),
        Discrepancy("log.hash", 1, "ledger_leaf"),
        Discrepancy("log.hash", 1, "ledger_leaf", "1"),
        Discrepancy("log.hash", 1, expected="something else"),
    ]
    assert len({place.mark for place in places}) == 5
    assert [place.place for place in places[:1] + places[4:5]] == ["leaf 1", "leaf 1, ledger_leaf 1"]
    assert Discrepancy("wall.role").place == "the guild"


def test_only_what_differs_is_told() -> None:
    at = timezone.now()
    ledger = {"depth": 0.5, "at": at, "told": True, "offices": {"enforcer", "steward"}, "owner": None}
    row = {"depth": Decimal("0.5000"), "at": at, "told": False, "offices": ["steward"], "more": 1}
    assert differing(ledger, ledger) is None
    assert differing(ledger, row) == (
        "told=yes offices=enforcer,steward",
        "told=no offices=steward",
    )


def test_two_rules_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="are called"):
        rules.register(Rule("log.gap", Severity.MINOR, "Another.", "", "", (Advice.NONE,)))


def test_every_rule_says_what_it_means_and_what_to_do() -> None:
    for code, rule in rules.every_rule().items():
        assert rule.code == code
        assert len(code) <= 60
        assert all(text.endswith(".") for text in (rule.title, rule.meaning, rule.remedy)), code
        assert rule.advice, code
