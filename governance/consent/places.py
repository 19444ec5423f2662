"""Names of the sessions and lounges that consent is given for. The rooms above know them, and register."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from uuid import UUID

from governance.consent.enums import Scope


class Named(Protocol):
    """What a room above answers: names by id, of those that the guild has."""

    def __call__(self, guild: UUID, ids: Iterable[UUID]) -> Mapping[UUID, str]: ...


_names: dict[Scope, Callable[[UUID, Iterable[UUID]], Mapping[UUID, str]]] = {}


def on_naming(scope: Scope, callback: Named) -> None:
    """Let `callback` name what is of this scope; called in the guild's tenant. Registering again replaces."""
    _names[scope] = callback


def names(guild: UUID, scope: Scope, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The names of those of `ids` that the guild has; nothing for a scope that nobody names."""
    callback = _names.get(scope)
    return {} if callback is None else callback(guild, list(ids))
