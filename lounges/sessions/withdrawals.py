"""Tells the rooms above that a lent dream is gone. They register once, at the start; no signals."""

from collections.abc import Callable

from lounges.sessions.models import Contribution

Callback = Callable[[Contribution], None]

_callbacks: list[Callback] = []


def on_withdrawal(callback: Callback) -> None:
    """Calls `callback` with every withdrawn contribution, after its key is destroyed, in the same
    transaction.

    An exception in it undoes the withdrawal, so that none is ever half done. Registering twice is once.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(contribution: Contribution) -> None:
    """Runs every callback, in the order of registration."""
    for callback in _callbacks:
        callback(contribution)
