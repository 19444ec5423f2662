"""What can go wrong with a report, one class per thing a caller can act on."""

from django.http import Http404


class ModerationError(Exception):
    """Base of the errors of this room; the message is a sentence to show."""


class Unfit(ModerationError):
    """One field cannot be accepted (a 400); `field` names it as the caller does."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotNow(ModerationError):
    """It was decided already, or is not to be decided yet (a 409)."""


class NoSuchReport(Http404):
    """There is no such report, or not for this member (a 404)."""
