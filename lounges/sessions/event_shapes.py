"""What each event may carry: ids, counts and names of stages. Pure; this keeps words out of the events
table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lounges.sessions.enums import EventType

_TOKEN = re.compile(r"[a-z][a-z_]{0,39}\Z")
_LARGEST_NUMBER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class _Shape:
    ids: frozenset[str]
    may: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


def _shape(
    *ids: str,
    may: tuple[str, ...] = (),
    tokens: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
) -> _Shape:
    return _Shape(frozenset(ids), frozenset(may), frozenset(tokens), frozenset(numbers))


SHAPES: Mapping[EventType, _Shape] = {
    EventType.SESSION_OPENED: _shape("id", tokens=("stage",)),
    EventType.SESSION_CLOSED: _shape("id"),
    EventType.STAGE_CHANGED: _shape("id", tokens=("stage",)),
    EventType.PARTICIPANT_JOINED: _shape("id"),
    EventType.PARTICIPANT_STEPPED_OUT: _shape("id"),
    EventType.PARTICIPANT_RETURNED: _shape("id"),
    EventType.DREAM_SHARED: _shape("id", "membership"),
    EventType.DREAM_WITHDRAWN: _shape("id"),
    EventType.DREAM_RESTRICTED: _shape("id"),
    EventType.DREAM_RESTATED: _shape("id"),
    EventType.ASSOCIATION_ADDED: _shape("id", "contribution", "membership"),
    EventType.BLEND_REQUESTED: _shape("id"),
    EventType.BLEND_FINISHED: _shape("id", "dreamscape"),
    EventType.BLEND_FAILED: _shape("id"),
    EventType.DREAMSCAPE_SUPERSEDED: _shape("id", may=("by", "dreamscape")),
    EventType.RESISTANCE_CHANGED: _shape("id", numbers=("calls", "needed")),
    EventType.SESSION_HALTED: _shape("id", "experience", may=("run",)),
}


class WordsRefused(ValueError):
    """An event was about to carry something that is neither an id nor the name of a stage."""


def checked(kind: EventType, data: Mapping[str, Any]) -> dict[str, str | int]:
    """`data` as it may be recorded: ids as canonical text. Raises WordsRefused for anything else."""
    shape = SHAPES[kind]
    needed = shape.ids | shape.tokens | shape.numbers
    missing = needed - data.keys()
    unknown = data.keys() - (needed | shape.may)
    if missing or unknown:
        raise WordsRefused(f"The event {kind} needs exactly the fields of its shape: see {__name__}.")
    return {
        name: _recorded(shape, kind, name, value)
        for name, value in data.items()
        if value is not None or name not in shape.may
    }


def _recorded(shape: _Shape, kind: str, name: str, value: Any) -> str | int:
    if name in shape.numbers:
        return _count(kind, name, value)
    return _token(kind, name, value) if name in shape.tokens else _identity(kind, name, value)


def _count(kind: str, name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_NUMBER:
        return value
    raise WordsRefused(f"The field {name!r} of {kind} must be a whole number from 0.")


def checked_progress(data: Mapping[str, Any]) -> dict[str, Any]:
    """Progress as it may travel: tokens, whole numbers, fractions and ids under plain names."""
    return {_token("progress", "name", name): _passing(name, value) for name, value in data.items()}


def _passing(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= _LARGEST_NUMBER:
        return value
    if isinstance(value, str) and _TOKEN.match(value):
        return value
    return _identity("progress", name, value)


def _token(kind: str, name: str, value: Any) -> str:
    if isinstance(value, str) and _TOKEN.match(value):
        return str(value)
    raise WordsRefused(f"The field {name!r} of {kind} must be a plain name, such as a stage's.")


def _identity(kind: str, name: str, value: Any) -> str:
    try:
        return str(value if isinstance(value, UUID) else UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise WordsRefused(f"The field {name!r} of {kind} must be an id.") from None
