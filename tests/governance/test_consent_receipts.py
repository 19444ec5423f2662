"""Receipts of consent: every field that the standard and the GDPR ask for, and a proof anybody can check."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.consent import issuing, services
from governance.consent.enums import ConsentState, Purpose
from governance.consent.errors import NoSuchConsent
from governance.consent.models import Statement, Subject
from governance.consent.purposes import REGISTRY
from governance.consent.receipts import CONTEXT, MANDATORY
from governance.consent.vocabulary import STATE
from governance.ledger import signing
from governance.ledger.proof_files import parse_proof, verify_proof
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.governance.lending import WORDS, lend

UNTIL = datetime(2099, 1, 1, tzinfo=UTC)


def statement_of(member: Membership, purpose: Purpose = Purpose.BLEND) -> Statement:
    with tenant(dreamer=member.dreamer_id):
        row = Statement.objects.filter(purpose=purpose).order_by("-leaf_index").first()
    assert row is not None
    return row


def receipt_of(member: Membership, row: Statement) -> dict[str, Any]:
    with tenant(dreamer=member.dreamer_id):
        return issuing.receipt_of(member.dreamer_id, row.pk)


def test_a_receipt_has_every_field_that_is_asked_for(cast: Cast) -> None:
    lend(cast.mira, expires_at=UNTIL)
    said = receipt_of(cast.mira, statement_of(cast.mira))
    (purpose,) = said["pii_processing"]["purposes"]
    checked = {
        "record": [said],
        "processing": [said["pii_processing"]],
        "purpose": [purpose],
        "information": purpose["pii_information"],
        "party": said["party_identification"],
        "event": said["events"],
    }
    assert checked.keys() == MANDATORY.keys()
    for part, documents in checked.items():
        assert documents
        for document in documents:
            missing = [name for name in MANDATORY[part] if document.get(name) in (None, "", [], {})]
            assert (part, missing) == (part, [])


def test_a_receipt_says_who_what_for_and_under_which_text(cast: Cast) -> None:
    lend(cast.mira, depth=0.3, expires_at=UNTIL)
    row = statement_of(cast.mira)
    said = receipt_of(cast.mira, row)
    (purpose,) = said["pii_processing"]["purposes"]
    notice = REGISTRY[Purpose.BLEND].notice
    assert said["pii_principal_id"] == str(cast.mira.pseudonym)
    assert said["schema_version"] == "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
    assert purpose["purpose_type"] == "https://w3id.org/dpv#ServiceProvision"
    assert purpose["lawful_basis"] == "https://w3id.org/dpv/legal/eu/gdpr#A9-2-a"
    assert said["pii_processing"]["privacy_notice"] | {"shown_at": None} == {
        "@type": "dpv:ConsentNotice",
        "version": 1,
        "language": "en",
        "digest": f"sha256:{notice.digest}",
        "text": notice.text,
        "shown_at": None,
    }
    assert said["events"] == [
        {
            "event_time": row.stated_at.isoformat(),
            "validity_duration": UNTIL.isoformat(),
            "entity_id": f"urn:uuid:{cast.mira.pseudonym}",
            "event_type": "https://w3id.org/dpv#ExplicitlyExpressedConsent",
            "event_state": STATE["given"],
        }
    ]
    assert said["party_identification"][0]["party_name"] == "The Lantern Guild"
    assert (said["terms"]["depth"], said["terms"]["scope"]) == (0.3, "contribution")


def test_a_receipt_of_a_withdrawal_tells_what_went_before(cast: Cast) -> None:
    lent = lend(cast.mira)
    services.withdraw(by=cast.mira, contribution=lent.contribution, purpose=Purpose.BLEND)
    row = statement_of(cast.mira)
    assert row.state == ConsentState.WITHDRAWN
    events = receipt_of(cast.mira, row)["events"]
    assert [event["event_state"] for event in events] == [STATE["given"], STATE["withdrawn"]]


def test_a_receipt_holds_no_word_and_no_name_of_a_dreamer(cast: Cast) -> None:
    lent = lend(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        subject = Subject.objects.get()
    text = json.dumps(receipt_of(cast.mira, statement_of(cast.mira)))
    assert subject.commitment in text
    for secret in (WORDS, "Mira", cast.mira.dreamer.email, cast.mira.dreamer_id, cast.mira.pk, lent.key_id):
        assert str(secret) not in text


def test_every_key_of_a_receipt_is_a_term_of_its_context(cast: Cast) -> None:
    lend(cast.mira)
    said = receipt_of(cast.mira, statement_of(cast.mira))
    keys = {name for names in MANDATORY.values() for name in names}
    assert keys - CONTEXT.keys() == {"pii_type", "special_pii_category"}  # by @vocab
    assert said["@context"] == dict(CONTEXT)


def test_the_proof_of_a_receipt_verifies_with_the_guilds_key_alone(cast: Cast) -> None:
    lend(cast.mira)
    row = statement_of(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        raw = issuing.proof_of(cast.mira.dreamer_id, row.pk)
        said = issuing.receipt_of(cast.mira.dreamer_id, row.pk)
    entry = said["ledger"]["leaf"].encode()
    head = verify_proof(raw, entry=entry, verifiers=[signing.log_signer(cast.lantern.id).verifier])
    assert (head.origin, head.size) == (said["ledger"]["origin"], row.leaf_index + 2)
    assert parse_proof(raw).extra == entry
    assert json.loads(entry)["kind"] == "consent.given"


def test_receipts_download_from_the_page_and_the_api(cast: Cast, client: Client) -> None:
    lend(cast.mira)
    row = statement_of(cast.mira)
    client.force_login(cast.mira.dreamer)
    for kind, content in (("receipt", "application/ld+json"), ("proof", "text/plain; charset=utf-8")):
        page = client.get(reverse(f"consent:{kind}", args=[row.pk]))
        api = client.get(reverse(f"api-consents-{kind}", args=[row.pk]))
        assert (page.content, page.headers["Content-Type"]) == (api.content, content)
        assert page.headers["Content-Disposition"].startswith('attachment; filename="receipt-')


@pytest.mark.parametrize("who", ["ayla", "ezra", "zed"])
def test_a_receipt_is_its_dreamers_alone(cast: Cast, client: Client, who: str) -> None:
    lend(cast.mira)
    row = statement_of(cast.mira)
    client.force_login(getattr(cast, who).dreamer)
    for name in ("consent:receipt", "consent:proof", "api-consents-receipt", "api-consents-proof"):
        assert client.get(reverse(name, args=[row.pk])).status_code == 404
    with tenant(dreamer=getattr(cast, who).dreamer_id), pytest.raises(NoSuchConsent):
        issuing.proof_of(getattr(cast, who).dreamer_id, row.pk)


def test_receipts_stay_ones_own_after_leaving(cast: Cast, client: Client) -> None:
    lend(cast.mira)
    row = statement_of(cast.mira)
    with tenant(guild=cast.lantern.id, dreamer=cast.mira.dreamer_id):
        end_membership(membership=cast.mira)
    client.force_login(cast.mira.dreamer)
    assert client.get(reverse("consent:receipt", args=[row.pk])).status_code == 200
    assert client.get(reverse("consent:proof", args=[row.pk])).status_code == 200
