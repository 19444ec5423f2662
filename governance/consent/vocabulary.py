"""The terms of the Data Privacy Vocabulary (DPV 2.3) that consent speaks in, as IRIs. Pure."""

from typing import Final

DPV: Final = "https://w3id.org/dpv#"
GDPR: Final = "https://w3id.org/dpv/legal/eu/gdpr#"
DCT: Final = "http://purl.org/dc/terms/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
RECEIPT_SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"

EXPLICIT_CONSENT: Final = f"{DPV}ExplicitlyExpressedConsent"
LAWFUL_BASIS: Final = f"{GDPR}A9-2-a"
"""Explicit consent to the processing of a special category of personal data."""

RIGHTS: Final = tuple(
    f"{GDPR}{article}" for article in ("A7-3", "A13", "A15", "A16", "A17", "A18", "A19", "A20", "A22", "A77")
)

STATE: Final = {
    "unknown": f"{DPV}ConsentUnknown",
    "requested": f"{DPV}ConsentRequested",
    "deferred": f"{DPV}ConsentRequestDeferred",
    "given": f"{DPV}ConsentGiven",
    "renewed": f"{DPV}RenewedConsentGiven",
    "refused": f"{DPV}ConsentRefused",
    "withdrawn": f"{DPV}ConsentWithdrawn",
    "expired": f"{DPV}ConsentExpired",
    "revoked": f"{DPV}ConsentRevoked",
    "invalidated": f"{DPV}ConsentInvalidated",
}
"""Every state of a consent; `given` and `renewed` are valid for processing, all others are not."""


def dpv(term: str) -> str:
    """The IRI of a term of DPV's core."""
    return DPV + term
