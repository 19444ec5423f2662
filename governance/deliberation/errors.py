"""What can go wrong when a guild decides something, one class per thing a caller can act on."""

from django.http import Http404


class DeliberationError(Exception):
    """Base of the errors of this room."""


class NotNow(DeliberationError):
    """The proposal or the petition has moved on, so this cannot be done to it (a 409)."""


class Unfit(DeliberationError):
    """One field cannot stand as it is (a 400); `field` names it, the message is a sentence to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoSuchProposal(Http404):
    """There is no such proposal, amendment, argument or petition in this guild."""
