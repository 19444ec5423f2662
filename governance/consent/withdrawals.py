"""Tells the rooms above that something stands no longer. They register once, when the process starts; no
signals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.consent.enums import Cause, Purpose


@dataclass(frozen=True)
class Withdrawal:
    """What stands no longer since just now, in the transaction that is still open.

    `purposes` are those that stood and stand no longer. `whole` means that nothing of the contribution is
    lent any more: its key is to be destroyed. Otherwise what was made for those purposes is to be made
    again without it. Where the `cause` is a restriction, the contribution is kept, with its key, and nothing
    is done with it until it is lifted.
    """

    guild: UUID
    dreamer: UUID
    contribution: UUID
    purposes: tuple[Purpose, ...]
    whole: bool
    at: datetime
    cause: Cause = Cause.WITHDRAWN

    @property
    def is_restriction(self) -> bool:
        return self.cause is Cause.RESTRICTED


Callback = Callable[[Withdrawal], object]

_callbacks: list[Callback] = []


def on_withdrawal(callback: Callback) -> None:
    """Call `callback` at every withdrawal, inside its transaction and the guild's tenant, after statement
    and leaf.

    An exception in it undoes the withdrawal, so that none is ever half done. Registering twice is once.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def announce(withdrawal: Withdrawal) -> None:
    """Run every callback, in the order of registration."""
    for callback in _callbacks:
        callback(withdrawal)
