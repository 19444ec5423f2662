"""What happened to one lent dream, moment by moment. Rooms above register what they know; no signals.

A moment is made of ids, times, names of kinds and numbers of leaves. No dream is ever opened for one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from guild.tenancy.models import Membership


class Sort(StrEnum):
    """What a moment is about: its drawing and its place in an export."""

    LENT = "lent"
    CONSENT = "consent"
    USE = "use"
    MADE = "made"
    TAKEN_BACK = "taken_back"
    KEY = "key"
    FOUND = "found"
    RULED = "ruled"


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `leaf` is its number in the log, None for what only a row says; `who` did it,
    where the guild knows; `order` parts what happened at the same instant.
    """

    at: datetime
    sort: Sort
    words: str
    note: str = ""
    leaf: int | None = None
    who: Membership | None = None

    @property
    def order(self) -> tuple[datetime, int]:
        return (self.at, -1 if self.leaf is None else self.leaf)


Teller = Callable[[UUID, UUID], list[Moment]]

_tellers: list[Teller] = []


def told_by(teller: Teller) -> None:
    """Ask `teller(guild, contribution)` for what it knows whenever a story is told, in the guild's tenant.

    It must cost the same number of queries however much there is to tell. Registering twice is once.
    """
    if teller not in _tellers:
        _tellers.append(teller)


def told(guild: UUID, contribution: UUID) -> list[Moment]:
    """What all of them know, in no order."""
    return [moment for teller in _tellers for moment in teller(guild, contribution)]
