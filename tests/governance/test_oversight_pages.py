"""The pages of oversight: what enforcers see and do, what members read, and never a word of a dream."""

import csv
import io
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.audits.enums import AuditState, Severity
from governance.audits.models import AuditRun, Finding
from governance.consent.enums import Purpose
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.oversight import ruling
from governance.oversight.ruling_models import Visit
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import RULE, appoint_enforcer, found
from tests.governance.lending import lend
from tests.governance.overseen_pages import (
    CANARY,
    MOST_QUERIES,
    REASONS,
    SHRED,
    ClientOf,
    Within,
    fresh,
    page,
    post,
    ruled,
    use,
)


@pytest.fixture
def lara(cast: Cast) -> Membership:
    """A second enforcer."""
    return appoint_enforcer(cast.lara)


@pytest.mark.parametrize("name", ["oversight:home", "oversight:findings", "oversight:audits"])
def test_who_is_no_enforcer_is_told_so(cast: Cast, client_of: ClientOf, name: str) -> None:
    answer = client_of(cast.mira).get(reverse(name, args=["lantern"]))
    assert (answer.status_code, "Only enforcers see the dashboards" in answer.text) == (403, True)


def test_an_enforcer_sees_on_their_first_page_what_waits(cast: Cast, client_of: ClientOf) -> None:
    found(cast.lantern)
    ezra, mira = client_of(cast.ezra), client_of(cast.mira)
    for address in ("/", "/g/lantern/"):
        assert "1 critical finding waits for a decision" in ezra.get(address).text
        assert "waits for a decision" not in mira.get(address).text
    assert reverse("oversight:home", args=["lantern"]) in ezra.get("/g/lantern/").text
    assert reverse("oversight:home", args=["lantern"]) not in mira.get("/g/lantern/").text


def test_the_empty_dashboard_says_what_to_do_first(cast: Cast, client_of: ClientOf) -> None:
    said = page(client_of(cast.ezra), "oversight:home")
    assert "No audit yet" in said
    assert "You are the only enforcer" in said
    assert "No consent was asked for yet" in said


def test_the_dashboard_shows_what_waits_and_what_changed(
    cast: Cast, lara: Membership, client_of: ClientOf, within: Within
) -> None:
    client = client_of(cast.ezra)
    assert "Your first visit" in page(client, "oversight:home")
    with within(cast.ezra):
        Visit.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    lent = lend(cast.mira, words=CANARY)
    finding = found(cast.lantern, contribution=lent.contribution)
    proposed = ruled(cast, finding, SHRED)
    said = page(client, "oversight:home")
    assert "Since you were last here" in said
    assert re.search(r"<dt>a dreamer gave consent</dt><dd>3</dd>", said)
    assert "A ruling waits for a second enforcer" in said
    assert "You are the only enforcer" not in said
    assert CANARY not in said
    assert "Since you were last here" in page(client, "oversight:home")  # a page loaded again is no new visit
    assert fresh(proposed).state == "proposed"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"one", "two", "three"}),
        ({"severity": "critical"}, {"one"}),
        ({"state": "waiting"}, {"one", "two"}),
        ({"state": "ruled"}, {"three"}),
        ({"assignee": "nobody"}, {"one", "three"}),
        ({"rule": "another.rule"}, {"two"}),
        ({"days": "1"}, {"one", "three"}),
        ({"severity": "critical", "state": "ruled"}, set()),
        ({"severity": "nonsense"}, {"one", "two", "three"}),
    ],
)
def test_findings_are_filtered(
    cast: Cast, client_of: ClientOf, within: Within, query: dict[str, str], shown: set[str]
) -> None:
    rows = {
        "one": found(cast.lantern),
        "two": found(
            cast.lantern,
            severity=Severity.MINOR,
            rule="another.rule",
            at=timezone.now() - timedelta(days=3),
        ),
        "three": found(cast.lantern, severity=Severity.MAJOR),
    }
    with within(cast.ezra):
        ruling.assign(finding=rows["two"], by=cast.ezra, to=cast.ezra)
    ruled(cast, rows["three"])
    said = page(client_of(cast.ezra), "oversight:findings", **query)
    assert {name for name, row in rows.items() if str(row.pk) in said} == shown
    mine = page(client_of(cast.ezra), "oversight:findings", assignee=str(cast.ezra.pk))
    assert {name for name, row in rows.items() if str(row.pk) in mine} == {"two"}


def test_what_waits_and_is_grave_stands_first(cast: Cast, client_of: ClientOf) -> None:
    minor = found(cast.lantern, severity=Severity.MINOR)
    late = found(cast.lantern, at=timezone.now() - timedelta(days=2))
    grave = found(cast.lantern)
    done = found(cast.lantern)
    ruled(cast, done)
    said = page(client_of(cast.ezra), "oversight:findings")
    order = sorted((minor, late, grave, done), key=lambda row: said.index(str(row.pk)))
    assert order == [late, grave, minor, done]
    assert said.count("overdue") == 1


def test_a_finding_says_where_what_differs_and_whose_it_is(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira, words=CANARY)
    finding = found(cast.lantern, contribution=lent.contribution)
    client = client_of(cast.ezra)
    said = page(client, "oversight:finding", finding.pk)
    for shown in (
        "1f3a",
        "9c07",
        RULE,
        "lounges_contribution",
        str(lent.contribution),
        "a dreamer gave consent",
    ):
        assert shown in said
    assert reverse("oversight:story", args=["lantern", lent.contribution]) in said
    assert CANARY not in said
    post(client, "oversight:assign", finding.pk, to=str(cast.ezra.pk))
    assert fresh(finding).assigned_to_id == cast.ezra.pk
    assert "takes it up" in page(client, "oversight:finding", finding.pk)


def test_an_audit_is_started_once_and_followed(cast: Cast, client_of: ClientOf, within: Within) -> None:
    client = client_of(cast.ezra)
    for _ in range(2):
        assert "An audit is on its way" in post(client, "oversight:audits").text
    with within(cast.ezra):
        (audit,) = AuditRun.objects.all()
        AuditRun.objects.filter(pk=audit.pk).update(
            state=AuditState.RUNNING, cursor={"done": ["log"]}, step="keys", done=1, of=2
        )
    live = page(client, "oversight:progress", audit.pk)
    assert 'hx-trigger="every 2s"' in live
    assert re.search(r"<span>1 of \d+</span>", live)
    with within(cast.ezra):
        AuditRun.objects.filter(pk=audit.pk).update(state=AuditState.FINISHED, found=2)
    ended = page(client, "oversight:progress", audit.pk)
    assert "hx-trigger" not in ended
    assert "2 findings" in ended


def test_findings_are_taken_along_with_formulas_guarded(
    cast: Cast, client_of: ClientOf, within: Within
) -> None:
    with within(cast.ezra):
        cast.ezra.display_name = '=HYPERLINK("x")'
        cast.ezra.save(update_fields=["display_name"])
    finding = found(cast.lantern, row="-1+2")
    made = ruled(cast, finding)
    client = client_of(cast.ezra)
    (line,) = csv.DictReader(io.StringIO(page(client, "oversight:findings-csv", state="ruled")))
    (entry,) = json.loads(page(client, "oversight:findings-json"))
    assert (line["row"], line["ruled_by"]) == ("'-1+2", '\'=HYPERLINK("x")')
    assert (entry["row"], entry["ruled_by"]) == ("-1+2", '=HYPERLINK("x")')
    assert (entry["verdict"], entry["ruling_leaf"], entry["state"]) == ("dismissed", made.leaf, "ruled")
    assert list(csv.DictReader(io.StringIO(page(client, "oversight:findings-csv", state="open")))) == []
    with within(cast.ezra):
        leaf = Leaf.objects.filter(kind=LeafKind.EXPORT_MADE).order_by("index")[0]
    entry = decode(bytes(leaf.entry))
    assert (entry.actor, dict(entry.detail)) == (
        cast.ezra.pseudonym,
        {"what": "oversight.findings", "format": "csv", "count": 1},
    )


def test_a_life_story_is_shown_and_taken_along_without_a_word(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: True, Purpose.QUOTE: False}, words=CANARY)
    use(cast.ayla, [lent, lend(cast.finn)])
    found(cast.lantern, contribution=lent.contribution)
    client = client_of(cast.ezra)
    said = page(client, "oversight:story", lent.contribution)
    for shown in ("Consent given", "Consent refused", "Blended", "with 1 other dream", "Ayla", "Mira"):
        assert shown in said
    told = json.loads(page(client, "oversight:story-json", lent.contribution))
    assert [(moment["sort"], moment["who"], moment["leaf"]) for moment in told] == [
        ("key", None, None),
        ("consent", "Mira", 0),
        ("consent", "Mira", 1),
        ("use", "Ayla", 5),
        ("found", None, 0),
    ]
    lines = list(csv.DictReader(io.StringIO(page(client, "oversight:story-csv", lent.contribution))))
    assert [line["what"] for line in lines] == [moment["what"] for moment in told]
    assert CANARY not in said + json.dumps(told) + json.dumps(lines)
    assert client.get(reverse("oversight:story", args=["lantern", uuid4()])).status_code == 404


def test_every_member_reads_the_report_and_nobody_is_named_who_lent(
    cast: Cast, lara: Membership, client_of: ClientOf, within: Within
) -> None:
    lent = lend(cast.mira, words=CANARY)
    use(cast.ayla, [lent])
    made = ruled(cast, found(cast.lantern, contribution=lent.contribution))
    found(cast.lantern, severity=Severity.MINOR)
    ruled(cast, found(cast.lantern, contribution=lent.contribution), SHRED)
    said = page(client_of(cast.finn), "transparency:report")
    assert REASONS in said
    assert reverse("transparency:ruling", args=["lantern", made.pk]) in said
    assert said.count(REASONS) == 1  # what was only proposed is not in it
    assert "less than an hour after it was found" in said
    minor = said.partition("minor</span>")[2].partition("</tr>")[0]
    assert re.findall(r'data-label="([\w ]+)">(\d+)', minor) == [
        ("Found", "1"),
        ("Upheld", "0"),
        ("Explained", "0"),
        ("Dismissed", "0"),
        ("To be decided", "1"),
    ]
    assert [name for name in (CANARY, str(lent.contribution), "Mira") if name in said] == []


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured.captured_queries)


def test_the_queries_of_a_page_do_not_grow_with_its_rows(
    cast: Cast, lara: Membership, client_of: ClientOf
) -> None:
    """Everything once, then everything three times; the same pages take the same number of queries."""
    client = client_of(cast.ezra)
    lent = lend(cast.mira)

    def fill() -> Finding:
        use(cast.ayla, [lent, lend(cast.finn)])
        finding = found(cast.lantern, contribution=lent.contribution)
        ruled(cast, finding)
        ruled(cast, found(cast.lantern, contribution=lend(cast.finn).contribution), SHRED)
        return found(cast.lantern, contribution=lent.contribution)

    finding = fill()
    addresses = {
        name: reverse(name, args=["lantern", *arguments])
        for name, arguments in {
            "oversight:home": (),
            "oversight:findings": (),
            "oversight:audits": (),
            "oversight:finding": (finding.pk,),
            "oversight:story": (lent.contribution,),
            "transparency:report": (),
        }.items()
    }
    once = {name: queries_of(client, address) for name, address in addresses.items()}
    fill()
    fill()
    assert {name: queries_of(client, address) for name, address in addresses.items()} == once
    assert max(once.values()) <= MOST_QUERIES
