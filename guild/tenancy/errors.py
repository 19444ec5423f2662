"""What can go wrong at the wall."""

from django.http import Http404


class NotAMember(Http404):
    """The guild does not exist, or the dreamer is no live member of it: both look alike from outside."""
