"""Whose cookie this is, asked of the database each time: a socket outlives the moment it was opened in."""

from collections.abc import Collection, Iterable
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http.request import validate_host
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from guild.dreamers.models import Dreamer

Headers = Iterable[tuple[bytes, bytes]]


def session_key_in(headers: Headers) -> str:
    """The key of the browser's session, "" when no cookie names one."""
    for name, value in headers:
        if name.lower() == b"cookie":
            try:
                morsel = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            except CookieError:
                return ""
            if morsel is not None:
                return morsel.value
    return ""


def is_same_origin(headers: Headers) -> bool:
    """Whether the page that opens this socket is one of ours.

    A cookie is sent along whoever asks, so the Origin, which browsers always send and pages cannot forge,
    must name the host that was asked, or one that the settings trust.
    """
    given = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin, host = given.get(b"origin", ""), given.get(b"host", "")
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not host:
        return False
    if not validate_host(_without_port(host), settings.ALLOWED_HOSTS):
        return False
    return parts.netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS


def _without_port(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").lower()


def dreamers_of(session_keys: Collection[str]) -> dict[str, UUID]:
    """The dreamer each session belongs to, in two queries.

    Left out: sessions that ended or expired, accounts that were closed, and sessions from before a password
    change.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = store.get_model_class().objects.filter(
        session_key__in=session_keys, expire_date__gt=timezone.now()
    )
    opened = {row.session_key: store.decode(row.session_data) for row in rows}
    claims = {key: data.get(SESSION_KEY) for key, data in opened.items()}
    dreamers = {
        str(dreamer.pk): dreamer
        for dreamer in Dreamer.objects.filter(
            pk__in=[claim for claim in claims.values() if claim], is_active=True
        )
    }
    return {
        key: dreamers[claim].pk
        for key, claim in claims.items()
        if claim in dreamers and _is_signed_in(dreamers[claim], opened[key])
    }


def expired_among(session_keys: Collection[str]) -> set[str]:
    """Those sessions that were not ended by anybody but ran out."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = store.get_model_class().objects.filter(
        session_key__in=session_keys, expire_date__lte=timezone.now()
    )
    return set(rows.values_list("session_key", flat=True))


def _is_signed_in(dreamer: Dreamer, data: dict[str, Any]) -> bool:
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    kept = data.get(HASH_SESSION_KEY, "")
    current = (dreamer.get_session_auth_hash(), *dreamer.get_session_auth_fallback_hash())
    return any(constant_time_compare(kept, hashed) for hashed in current)
