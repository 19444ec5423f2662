"""What can go wrong with an experience, one class per thing a caller can act on."""

from django.http import Http404


class ExperienceError(Exception):
    """Base of the errors of this room; the message is a sentence to show."""


class Unfit(ExperienceError):
    """One field cannot be accepted (a 400); `field` names it as the caller does."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotNow(ExperienceError):
    """What is there, or what somebody else did meanwhile, stands in the way (a 409)."""


class NoSuchExperience(Http404):
    """There is no such experience in this guild (a 404)."""
