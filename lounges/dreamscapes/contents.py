"""What the ledger holds of the content of a dreamscape, beside the digest of its document: commitments that
say nothing once the run's key is gone.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guild.vault import services as vault
from lounges.dreamscapes.making import Document, Made
from lounges.dreamscapes.models import Reflection
from lounges.dreamscapes.selectors import reflection_place


def stored(document: Document) -> bytes:
    """A document as it is sealed."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def commitments(made: Made, *, opener: vault.Opener) -> dict[str, Any]:
    """`title`, `reflections` (of each dreamer, sorted: they do not say whose) and `terms`, for the leaf."""
    return {
        "title": opener.commitment(made.title.encode()),
        "reflections": sorted(
            reflection_commitment(stored(document), dreamer=dreamer, opener=opener)
            for dreamer, document in made.reflections.items()
        ),
        "terms": terms_digest(made.terms),
    }


def reflection_commitment(document: bytes, *, dreamer: UUID, opener: vault.Opener) -> str:
    """What stands in the ledger for one dreamer's reflection."""
    return opener.commitment(dreamer.bytes + document)


def commitment_of(row: Reflection, *, opener: vault.Opener) -> str:
    """What stands in the ledger for a reflection as it is now. Raises the vault's SealBroken."""
    document = opener.open_bytes(bytes(row.document_sealed), reflection_place(row))
    return reflection_commitment(document, dreamer=row.dreamer_id, opener=opener)


def terms_digest(terms: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of the numbers of a blend's terms."""
    return hashlib.sha256(json.dumps(terms, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
