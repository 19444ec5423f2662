"""What a dreamer called the dreams they lent, for their own eyes. The rooms above know, and register."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from uuid import UUID

from guild.tenancy.context import tenant


class Titled(Protocol):
    """What a room above answers: titles by contribution, of those that it can open."""

    def __call__(self, guild: UUID, dreamer: UUID, contributions: Iterable[UUID]) -> Mapping[UUID, str]: ...


_titled: list[Callable[[UUID, UUID, Iterable[UUID]], Mapping[UUID, str]]] = []


def on_titling(callback: Titled) -> None:
    """Let `callback` tell titles, called in the guild's tenant and the dreamer's. It must cost the same
    number of queries however many there are, and leave out what does not open. Registering twice is once.
    """
    if callback not in _titled:
        _titled.append(callback)


def own_titles(dreamer: UUID, lent: Iterable[tuple[UUID, UUID]]) -> dict[UUID, str]:
    """Titles of the dreamer's own, asked by (guild, contribution); one that is gone, or does not open, has
    none. A few queries for each guild.
    """
    by_guild: dict[UUID, set[UUID]] = {}
    for guild, contribution in lent:
        by_guild.setdefault(guild, set()).add(contribution)
    found: dict[UUID, str] = {}
    for guild, contributions in by_guild.items():
        with tenant(guild=guild, dreamer=dreamer):
            for callback in _titled:
                found |= callback(guild, dreamer, contributions)
    return found
