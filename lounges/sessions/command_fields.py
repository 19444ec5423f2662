"""The fields that commands accept, by name. Pure: plain JSON in, checked values out; nothing unnamed is
accepted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lounges.sessions.enums import Extent
from lounges.sessions.errors import Invalid

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Field:
    """One accepted field. `read` gives its value or raises ValueError with a sentence."""

    name: str
    read: Callable[[Any], Any]
    required: bool = True


def read_fields(fields: tuple[Field, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all `fields`, None for an absent one that is not required. Raises Invalid."""
    unknown = sorted(set(data) - {field.name for field in fields})
    if unknown:
        named = str(unknown[0])[:LONGEST_NAME].encode(errors="replace").decode()  # it goes back over the wire
        raise Invalid(named, "This field is not one of the command's; leave it out.")
    return {field.name: _value(field, data.get(field.name)) for field in fields}


def _value(field: Field, given: Any) -> Any:
    if given is None:
        if field.required:
            raise Invalid(field.name, f"The field '{field.name}' is missing.")
        return None
    try:
        return field.read(given)
    except ValueError as error:
        raise Invalid(field.name, str(error)) from None


def _identity(value: Any) -> UUID:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise ValueError("Give an id (a UUID).") from None


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_NAME:
        raise ValueError("Give a name.")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Give a text.")
    return value


def _extent(value: Any) -> Extent:
    try:
        return Extent(value)
    except ValueError:
        raise ValueError(f"Choose one of: {', '.join(Extent.values)}.") from None


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Give a number from 0 to 1.")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("Give a number from 0 to 1.") from None


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError):
            raise ValueError(
                "Give a date and time with its time zone, such as 2027-03-01T20:00:00Z."
            ) from None
    if moment.tzinfo is None:
        raise ValueError("Give a date and time with its time zone, such as 2027-03-01T20:00:00Z.")
    return moment


def _answers(value: Any) -> dict[str, bool | None]:
    if not isinstance(value, Mapping) or not all(
        isinstance(name, str) and (answer is None or isinstance(answer, bool))
        for name, answer in value.items()
    ):
        raise ValueError("Answer each purpose with true or false.")
    return dict(value)


def _digests(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(
        isinstance(name, str) and isinstance(digest, str) for name, digest in value.items()
    ):
        raise ValueError("Give the digest of the text that was read, for each purpose that is answered.")
    return dict(value)


SESSION = Field("session", _identity)
KEY = Field("key", _identity)
STAGE = Field("stage", _name)
TERMS = Field("terms", _name)
DREAM = Field("dream", _identity)
CONTRIBUTION = Field("contribution", _identity)
TEXT = Field("text", _text)
EXTENT = Field("extent", _extent)
EXCERPT = Field("excerpt", _text, required=False)
PURPOSES = Field("purposes", _answers)
NOTICES = Field("notices", _digests)
DEPTH = Field("depth", _share, required=False)
EXPIRES_AT = Field("expires_at", _instant, required=False)
