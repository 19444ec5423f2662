"""A receipt of one statement of consent: the fields of ISO/IEC TS 27560 as JSON-LD in the terms of DPV. Pure.

The keys are the standard's own names; `CONTEXT` says which relation of DPV each is. It holds no word of a
dream: the dream is named by what stands for it in the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from governance.consent import vocabulary
from governance.consent.purposes import NoticeMark, RegisteredPurpose
from governance.consent.vocabulary import DCT, DPV, GDPR, SKOS, dpv

CONTEXT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "@version": 1.1,
        "@vocab": DPV,
        "dpv": DPV,
        "dct": DCT,
        "skos": SKOS,
        "eu-gdpr": GDPR,
        "schema_version": {"@id": "dct:conformsTo", "@type": "@id"},
        "record_id": "dct:identifier",
        "receipt_id": "dpv:hasIdentifier",
        "pii_principal_id": "dpv:hasDataSubject",
        "pii_processing": "dpv:hasProcess",
        "privacy_notice": "dpv:hasNotice",
        "language": "dct:language",
        "purposes": "dpv:hasProcess",
        "purpose": "dpv:hasPurpose",
        "purpose_type": {"@id": "skos:broader", "@type": "@id"},
        "lawful_basis": {"@id": "dpv:hasLegalBasis", "@type": "@id"},
        "pii_information": "dpv:hasPersonalData",
        "pii_controllers": {"@id": "dpv:hasDataController", "@type": "@id"},
        "collection_method": "dpv:hasDataSource",
        "processing_method": {"@id": "dpv:hasProcessing", "@type": "@id"},
        "storage_locations": "dpv:hasStorageCondition",
        "retention_period": "dpv:hasDuration",
        "processing_locations": "dpv:hasLocation",
        "geographic_restrictions": "dpv:hasRule",
        "service": "dpv:hasService",
        "jurisdiction": "dpv:hasJurisdiction",
        "recipient_third_parties": "dpv:hasRecipient",
        "withdrawal_method": "dpv:hasConsentControl",
        "privacy_rights": {"@id": "dpv:hasRight", "@type": "@id"},
        "authority_party": {"@id": "dpv:hasAuthority", "@type": "@id"},
        "pii_optional": "dpv:hasNecessity",
        "party_identification": "dpv:hasEntity",
        "party_id": "@id",
        "party_address": "dpv:hasAddress",
        "party_name": "dpv:hasName",
        "party_role": "@type",
        "party_contact": "dpv:hasContact",
        "party_type": {"@id": "dct:type", "@type": "@id"},
        "events": "dpv:hasStatus",
        "event_time": "dct:date",
        "validity_duration": "dct:valid",
        "entity_id": {"@id": "dpv:isIndicatedBy", "@type": "@id"},
        "event_type": {"@id": "dpv:hasLegalBasis", "@type": "@id"},
        "event_state": {"@id": "dpv:hasConsentStatus", "@type": "@id"},
    }
)
MANDATORY: Final = {
    "record": ("schema_version", "record_id", "receipt_id", "pii_principal_id"),
    "processing": ("privacy_notice", "language"),
    "purpose": (
        "purpose",
        "pii_information",
        "pii_controllers",
        "storage_locations",
        "retention_period",
        "jurisdiction",
        "recipient_third_parties",
        "withdrawal_method",
        "lawful_basis",
        "collection_method",
        "processing_method",
        "processing_locations",
        "geographic_restrictions",
        "privacy_rights",
        "authority_party",
    ),
    "information": ("pii_type", "pii_optional", "special_pii_category"),
    "party": ("party_id", "party_address", "party_name", "party_role", "party_contact", "party_type"),
    "event": ("event_time", "validity_duration", "entity_id", "event_type", "event_state"),
}
"""What the standard asks of every receipt, and what it asks of one under the GDPR."""


@dataclass(frozen=True)
class Party:
    """Somebody with a part in it. `role` is a term of DPV, `type` what kind of entity it is."""

    id: str
    name: str
    address: str
    contact: str
    role: str
    type: str


@dataclass(frozen=True)
class Event:
    """One thing that was said about the same."""

    at: datetime
    until: datetime | None
    by: str
    state: str


@dataclass(frozen=True)
class Facts:
    """What one receipt says. `subject` is what stands for the dream in the ledger, "" for a broader scope."""

    record: UUID
    address: str
    principal: UUID
    entry: RegisteredPurpose
    notice: NoticeMark
    notice_text: str
    shown_at: datetime | None
    scope: str
    scope_id: str
    subject: str
    depth: float
    events: Sequence[Event]
    controller: Party
    processor: Party
    authority: Party
    stored_in: str
    jurisdiction: str
    withdraw_at: str
    log: str
    leaf_index: int
    leaf: str


def receipt(facts: Facts) -> dict[str, Any]:
    """The receipt, ready for JSON."""
    return {
        "@context": dict(CONTEXT),
        "@id": facts.address,
        "@type": "dpv:ConsentReceipt",
        "schema_version": vocabulary.RECEIPT_SCHEMA,
        "record_id": str(facts.record),
        "receipt_id": str(uuid5(NAMESPACE_URL, facts.address)),
        "pii_principal_id": str(facts.principal),
        "pii_processing": {
            "privacy_notice": _notice(facts),
            "language": facts.notice.language,
            "purposes": [_purpose(facts)],
        },
        "party_identification": [_party(one) for one in (facts.controller, facts.processor, facts.authority)],
        "events": [_event(event) for event in facts.events],
        "terms": {
            "scope": facts.scope,
            "scope_id": facts.scope_id,
            "subject": facts.subject,
            "depth": facts.depth,
        },
        "ledger": {"origin": facts.log, "leaf_index": facts.leaf_index, "leaf": facts.leaf},
    }


def _notice(facts: Facts) -> dict[str, Any]:
    shown = facts.shown_at
    return {
        "@type": "dpv:ConsentNotice",
        "version": facts.notice.version,
        "language": facts.notice.language,
        "digest": f"sha256:{facts.notice.digest}",
        "text": facts.notice_text,
        "shown_at": None if shown is None else shown.isoformat(),
    }


def _purpose(facts: Facts) -> dict[str, Any]:
    entry = facts.entry
    place = {"@type": "dpv:StorageLocation", "location": facts.stored_in}
    return {
        "@type": "dpv:Process",
        "purpose": {"@type": "dpv:Purpose", "name": entry.purpose.value, "title": entry.title},
        "purpose_type": entry.dpv,
        "lawful_basis": vocabulary.LAWFUL_BASIS,
        "pii_information": [_information(category) for category in entry.categories],
        "pii_controllers": [facts.controller.id],
        "collection_method": "given by the dreamer, who lends it",
        "processing_method": [dpv(term) for term in entry.processing],
        "storage_locations": [place],
        "retention_period": entry.retention,
        "processing_locations": [facts.stored_in],
        "geographic_restrictions": [f"processed in {facts.stored_in} and nowhere else"],
        "service": "sessions and dreamscapes of a guild",
        "jurisdiction": facts.jurisdiction,
        "recipient_third_parties": list(entry.recipients),
        "withdrawal_method": {"@type": "dpv:WithdrawConsent", "address": facts.withdraw_at, "steps": 1},
        "privacy_rights": list(vocabulary.RIGHTS),
        "authority_party": facts.authority.id,
    }


def _information(category: str) -> dict[str, Any]:
    return {
        "pii_type": category,
        "pii_optional": True,
        "sensitive_pii_category": True,
        "special_pii_category": True,
        "@type": "dpv:SpecialCategoryPersonalData",
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "party_id": party.id,
        "party_name": party.name,
        "party_address": party.address,
        "party_contact": party.contact,
        "party_role": dpv(party.role),
        "party_type": dpv(party.type),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "event_time": event.at.isoformat(),
        "validity_duration": "until withdrawn" if event.until is None else event.until.isoformat(),
        "entity_id": event.by,
        "event_type": vocabulary.EXPLICIT_CONSENT,
        "event_state": vocabulary.STATE[event.state],
    }
