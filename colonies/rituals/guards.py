"""What other rooms have to say before a ritual is changed. They register in their wing's `ready()`."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from colonies.rituals.models import Ritual
from colonies.rituals.texts import RitualText


class Guard(Protocol):
    """Raises Invalid where this text, with this note, may not become the ritual's next version."""

    def __call__(self, *, ritual: Ritual, text: RitualText, note: str) -> None: ...


_GUARDS: list[Guard] = []


def before_revision(guard: Guard) -> None:
    """Ask `guard` before every new version. Registering twice is registering once."""
    if guard not in _GUARDS:
        _GUARDS.append(guard)


class Follower(Protocol):
    """Told, in the transaction that did it, which rituals of a guild are kept no more."""

    def __call__(self, *, guild: UUID, rituals: Collection[UUID]) -> object: ...


_FOLLOWERS: list[Follower] = []


def on_ending(follower: Follower) -> None:
    """Tell `follower` of every ritual that is laid to rest or whose colony is archived. Registering twice is
    registering once.
    """
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def tell_endings(*, guild: UUID, rituals: Collection[UUID]) -> None:
    for follower in _FOLLOWERS:
        follower(guild=guild, rituals=rituals)


def ask_guards(*, ritual: Ritual, text: RitualText, note: str) -> None:
    """Raises the first refusal."""
    for guard in _GUARDS:
        guard(ritual=ritual, text=text, note=note)
