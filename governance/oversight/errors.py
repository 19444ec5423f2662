"""What can go wrong with a finding, one class per thing a caller can act on. Messages are for the person."""

from django.http import Http404


class OversightError(Exception):
    """Base of the errors of this room."""


class NotNow(OversightError):
    """The finding, the ruling or the appeal has moved on, so this cannot be done to it (a 409)."""


class Unfit(OversightError):
    """One field of a ruling or an appeal cannot stand as it is (a 400); `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoSuchFinding(Http404):
    """There is no such finding, ruling or appeal in this guild."""
