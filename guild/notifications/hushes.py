"""Hours of quiet that a guild keeps: the room that knows them registers once, when the process starts."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from guild.notifications.timing import Hush

Callback = Callable[[Iterable[UUID]], Mapping[UUID, Hush]]

_callbacks: list[Callback] = []


def on_asking(callback: Callback) -> None:
    """Ask `callback` for the quiet of these guilds, in the tenant of a dreamer of theirs. Twice is once."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def hushes_of(guilds: Iterable[UUID]) -> dict[UUID, Hush]:
    """The quiet of each guild that keeps any."""
    asked = frozenset(guilds)
    found: dict[UUID, Hush] = {}
    for callback in _callbacks if asked else ():
        found |= callback(asked)
    return found
