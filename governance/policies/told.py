"""What the leaf of a law says, and the law read from it again. Pure.

A leaf holds every value, and of the rules that members wrote their names and the digests of their texts.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.policies.law import Law, text_of


def told(law: Law, *, digest: str, number: int, reference: UUID | None) -> dict[str, Any]:
    """The detail of the leaf by which `law`, with this digest, comes into force."""
    return {
        "number": number,
        "law": digest,
        "values": {name: value.split() if " " in value else value for name, value in law.values},
        "forbids": [f"{forbid.name}={forbid.digest}" for forbid in law.forbids],
        "reference": str(reference) if reference is not None else "",
    }


def values_told(detail: Mapping[str, Any]) -> dict[str, str] | None:
    """The values in such a detail; None where a leaf of an earlier form does not name them all."""
    values = detail.get("values")
    if not isinstance(values, Mapping):
        return None
    return {name: value if isinstance(value, str) else " ".join(value) for name, value in values.items()}


def text_told(detail: Mapping[str, Any]) -> str | None:
    """The lines of the law (`Law.text`) in such a detail; None as above."""
    values = values_told(detail)
    if values is None:
        return None
    return text_of(values, dict(each.split("=", 1) for each in detail.get("forbids", ())))
