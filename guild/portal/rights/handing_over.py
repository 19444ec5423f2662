"""Handing the certificate to somebody whose account is gone: for an hour, readable to their browser alone.

It names the pseudonyms they had in their guilds, so the house keeps it only sealed, in the sign-in's row of a
visitor, under a key that it gives away in a cookie and does not keep.
"""

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse

KEPT, COOKIE = "certificate", "certificate_key"
SECONDS = 60 * 60


def hand_over(request: HttpRequest, response: HttpResponse, *, text: str, path: str) -> None:
    """Leave the certificate for this browser, at addresses below `path`; call after signing out."""
    key = Fernet.generate_key()
    request.session[KEPT] = Fernet(key).encrypt(text.encode()).decode()
    request.session.set_expiry(SECONDS)
    response.set_cookie(
        COOKIE,
        key.decode(),
        max_age=SECONDS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def handed_over(request: HttpRequest) -> str | None:
    """The certificate that this browser may read; None after the hour, and for any other."""
    sealed, key = request.session.get(KEPT), request.COOKIES.get(COOKIE)
    if not sealed or not key:
        return None
    try:
        return Fernet(key.encode()).decrypt(sealed.encode(), ttl=SECONDS).decode()
    except (InvalidToken, ValueError):
        return None
