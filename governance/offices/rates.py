"""How often codes may be tried and letters be sent: counted as the accounts library counts sign-ins."""

from allauth.core import ratelimit
from django.http import HttpRequest

from governance.offices.errors import TooOften

_SENTENCES = {
    "open_invitation": "Too many codes were tried from here. Wait a minute, then try again.",
    "send_invitation": "You sent many letters within an hour. Wait a while, or pass the link on yourself.",
}


def count(request: HttpRequest, *, action: str) -> None:
    """Count one more. Raises TooOften once there are too many."""
    if not ratelimit.consume(request, action=action):
        raise TooOften(_SENTENCES[action])
