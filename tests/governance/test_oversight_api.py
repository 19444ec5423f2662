"""Oversight through the API: the same services and refusals as the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.audits.enums import Severity
from governance.audits.models import AuditRun
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, found
from tests.governance.lending import WORDS, lend

ClientOf = Callable[[Membership], Client]
REASONS = "The leaf and the row do not say the same."


@pytest.fixture
def lara(cast: Cast) -> Membership:
    """A second enforcer."""
    return appoint_enforcer(cast.lara)


def get(client: Client, name: str, *arguments: Any, **query: Any) -> Any:
    answer = client.get(reverse(name, args=["lantern", *arguments]), query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(client: Client, name: str, *arguments: Any, **body: Any) -> tuple[int, Any]:
    address = reverse(name, args=["lantern", *arguments])
    answer = client.post(address, body, content_type="application/json")
    return answer.status_code, answer.json()


def test_findings_are_listed_filtered_and_read(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    grave = found(cast.lantern, contribution=lent.contribution)
    found(cast.lantern, severity=Severity.MINOR)
    client = client_of(cast.ezra)
    assert get(client, "api-findings")["count"] == 2
    (listed,) = get(client, "api-findings", severity="critical", state="waiting")["results"]
    assert listed == get(client, "api-finding", grave.pk)
    assert {key: listed[key] for key in ("id", "contribution", "differences", "state", "assigned_to")} == {
        "id": str(grave.pk),
        "contribution": str(lent.contribution),
        "differences": [{"what": "text", "expected": "1f3a", "actual": "9c07"}],
        "state": "open",
        "assigned_to": None,
    }
    assert WORDS not in str(listed)
    refused = client.get(reverse("api-findings", args=["lantern"]), {"severity": "dire"})
    assert refused.status_code == 400


def test_a_finding_is_given_ruled_on_confirmed_and_appealed(
    cast: Cast, lara: Membership, client_of: ClientOf
) -> None:
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution)
    ezra, second, third = client_of(cast.ezra), client_of(lara), client_of(appoint_enforcer(cast.finn))
    status, given = post(ezra, "api-finding-assignee", finding.pk, to=str(lara.pk))
    assert (status, given["state"], given["assigned_to"]) == (200, "assigned", str(lara.pk))
    status, made = post(
        ezra, "api-finding-rulings", finding.pk, verdict="upheld", reasons=REASONS, remedies=["shred"]
    )
    assert (status, made["state"], made["remedies"][0]["state"]) == (201, "proposed", "waiting")
    assert post(ezra, "api-ruling-confirm", made["id"])[0] == 403
    status, confirmed = post(second, "api-ruling-confirm", made["id"])
    assert (status, confirmed["state"], confirmed["second"]) == (200, "in_force", str(lara.pk))
    assert confirmed["remedies"][0]["state"] == "done"
    assert post(second, "api-ruling-decline", made["id"])[0] == 409
    status, appeal = post(client_of(cast.mira), "api-ruling-appeals", made["id"], reasons=REASONS)
    assert (status, appeal["outcome"]) == (201, "")
    answer = {"outcome": "upheld", "answer": REASONS}
    assert post(second, "api-appeal-answer", appeal["id"], **answer)[0] == 403
    status, decided = post(third, "api-appeal-answer", appeal["id"], **answer)
    assert (status, decided["outcome"]) == (200, "upheld")
    assert get(ezra, "api-finding", finding.pk)["state"] == "closed"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"verdict": "upheld"}, 400, "reasons"),
        ({"verdict": "perhaps", "reasons": REASONS}, 400, "verdict"),
        ({"verdict": "upheld", "reasons": "no"}, 400, "reasons"),
        ({"verdict": "dismissed", "reasons": REASONS, "remedies": ["suspend"]}, 400, "remedies"),
        (
            {"verdict": "upheld", "reasons": REASONS, "names": "00000000-0000-4000-8000-000000000000"},
            400,
            "names",
        ),
        ({"verdict": "upheld", "reasons": REASONS, "remedies": ["suspend"]}, 400, "office"),
    ],
)
def test_a_ruling_that_does_not_fit_says_which_field(
    cast: Cast, client_of: ClientOf, body: dict[str, Any], status: int, field: str
) -> None:
    finding = found(cast.lantern)
    client = client_of(cast.ezra)
    answered, said = post(client, "api-finding-rulings", finding.pk, **body)
    assert (answered, field in said) == (status, True)
    assert get(client, "api-finding", finding.pk)["state"] == "open"


def test_what_was_ruled_on_meanwhile_is_a_conflict(cast: Cast, client_of: ClientOf) -> None:
    finding = found(cast.lantern)
    client = client_of(cast.ezra)
    body = {"verdict": "dismissed", "reasons": REASONS}
    assert post(client, "api-finding-rulings", finding.pk, **body)[0] == 201
    status, said = post(client, "api-finding-rulings", finding.pk, **body)
    assert (status, "ruled on already" in said["detail"]) == (409, True)


def test_members_read_rulings_in_force_and_no_proposal(cast: Cast, client_of: ClientOf) -> None:
    ezra, mira = client_of(cast.ezra), client_of(cast.mira)
    one, two = found(cast.lantern), found(cast.lantern, contribution=lend(cast.mira).contribution)
    post(ezra, "api-finding-rulings", one.pk, verdict="explained", reasons=REASONS)
    _, proposal = post(
        ezra, "api-finding-rulings", two.pk, verdict="upheld", reasons=REASONS, remedies=["shred"]
    )
    assert get(ezra, "api-rulings")["count"] == 2
    assert [row["verdict"] for row in get(mira, "api-rulings")["results"]] == ["explained"]
    assert mira.get(reverse("api-ruling", args=["lantern", proposal["id"]])).status_code == 404


def test_an_audit_is_started_once_and_followed(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.ezra)
    (status, first), (_, second) = post(client, "api-audits"), post(client, "api-audits")
    assert (status, first["state"], second["id"]) == (202, "requested", first["id"])
    assert get(client, "api-audit", first["id"]) == get(client, "api-audits")["results"][0]
    with tenant(guild=cast.lantern.pk):
        assert AuditRun.objects.count() == 1
