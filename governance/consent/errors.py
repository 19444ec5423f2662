"""What can go wrong with a consent, one class per thing a caller can act on."""

from django.http import Http404


class ConsentError(Exception):
    """Base of the errors of this room."""


class TermsRefused(ConsentError):
    """The terms as stated cannot be recorded; the message says what to change."""


class GateMisused(ConsentError):
    """The gate was asked for something it cannot judge, so it opens nothing."""


class NoSuchConsent(Http404):
    """This dreamer has stated no terms for that contribution."""


class NoticeChanged(TermsRefused):
    """The text that was agreed to is no longer the one that is shown."""


class NotLent(TermsRefused):
    """The contribution was withdrawn whole: nothing about it can be stated any more."""
