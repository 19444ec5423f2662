"""Tells the rooms above that something opens which did not: consent given later, or a restriction lifted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.consent.enums import Purpose


@dataclass(frozen=True)
class Opening:
    """What opens since just now, in the transaction that is still open.

    `lifted` means that the contribution was restricted to storage until now; `purposes` are then all that
    stand again.
    """

    guild: UUID
    dreamer: UUID
    contribution: UUID
    purposes: tuple[Purpose, ...]
    at: datetime
    lifted: bool = False


Callback = Callable[[Opening], object]

_callbacks: list[Callback] = []


def on_opening(callback: Callback) -> None:
    """Call `callback` at every opening, as `withdrawals.on_withdrawal` does. Registering twice is once."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def announce(opening: Opening) -> None:
    """Run every callback, in the order of registration. An exception in one undoes the opening."""
    for callback in _callbacks:
        callback(opening)
