"""The record of processing activities (GDPR 30), generated from the registry of purposes. Pure: what is not
registered is not in it, and what is registered cannot be left out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from governance.consent import vocabulary
from governance.consent.purposes import RegisteredPurpose
from governance.consent.receipts import Party
from governance.consent.vocabulary import dpv

MEASURES = (
    "every dream, every word said about it and every dreamscape is sealed with a key of its own",
    "what is taken back is erased by destroying its key",
    "a dream opens only where its dreamer allows it, after the use was written into the ledger",
    "the database itself keeps the guilds apart",
    "an append-only ledger that anybody can check, and audits that compare everything with it",
)
ERASURE = "as each purpose says; an account is erased on request, and its keys destroyed at once"
TRANSFERS = "none: nothing leaves the place of storage but to those a dreamer chose"


@dataclass(frozen=True)
class Activity:
    """One line of the record: what is done for one purpose."""

    purpose: str
    title: str
    parent: str
    in_use: bool
    asked_of: str
    lawful_basis: str
    processing: tuple[str, ...]
    subjects: str
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    notice_version: int
    notice_digest: str


@dataclass(frozen=True)
class Record:
    """The record of one guild."""

    controller: Party
    processor: Party
    authority: Party
    stored_in: str
    jurisdiction: str
    activities: tuple[Activity, ...]


def record(
    registry: Iterable[RegisteredPurpose],
    *,
    controller: Party,
    processor: Party,
    authority: Party,
    stored_in: str,
    jurisdiction: str,
) -> Record:
    """One activity for every registered purpose, in the order of the registry."""
    activities = tuple(_activity(entry) for entry in registry)
    return Record(controller, processor, authority, stored_in, jurisdiction, activities)


def as_json(of: Record) -> dict[str, Any]:
    """The record as JSON-LD."""
    return {
        "@context": {"dpv": vocabulary.DPV, "eu-gdpr": vocabulary.GDPR},
        "@type": "dpv:RecordsOfProcessingActivities",
        "controller": _party(of.controller),
        "processor": _party(of.processor),
        "authority": _party(of.authority),
        "storage_location": of.stored_in,
        "jurisdiction": of.jurisdiction,
        "transfers": TRANSFERS,
        "erasure": ERASURE,
        "measures": list(MEASURES),
        "activities": [_json(activity) for activity in of.activities],
    }


def _activity(entry: RegisteredPurpose) -> Activity:
    return Activity(
        purpose=entry.purpose.value,
        title=entry.title,
        parent=entry.dpv,
        in_use=entry.in_use,
        asked_of="each lent dream" if entry.of_dreams else "the person",
        lawful_basis=vocabulary.LAWFUL_BASIS,
        processing=tuple(dpv(term) for term in entry.processing),
        subjects="dreamers who are or were members of the guild",
        categories=entry.categories,
        recipients=entry.recipients,
        retention=entry.retention,
        notice_version=entry.notice.version,
        notice_digest=entry.notice.digest,
    )


def _json(activity: Activity) -> dict[str, Any]:
    return {
        "@type": "dpv:Process",
        "purpose": activity.purpose,
        "title": activity.title,
        "purpose_type": activity.parent,
        "in_use": activity.in_use,
        "asked_of": activity.asked_of,
        "lawful_basis": activity.lawful_basis,
        "processing": list(activity.processing),
        "data_subjects": activity.subjects,
        "categories": list(activity.categories),
        "special_category": True,
        "recipients": list(activity.recipients),
        "retention": activity.retention,
        "notice": {"version": activity.notice_version, "digest": activity.notice_digest},
    }


def _party(party: Party) -> dict[str, str]:
    return {
        "id": party.id,
        "name": party.name,
        "address": party.address,
        "contact": party.contact,
        "role": dpv(party.role),
    }
