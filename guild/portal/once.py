"""A form that is sent twice, by a double press or from a page that was slow, is done once.

A form that holds `{% once %}` names this one showing of itself. Of several requests that send the same words
from it the first is answered, and the others are led to where that one led. What was refused may be sent
again. Without the cache nothing is held back: what must never happen twice is held by the database.
"""

import logging
import time
from collections.abc import Callable

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

FIELD = "once"
ON_ITS_WAY = ""
KEPT = 60 * 60
"""Seconds for which a sent form is remembered."""
PATIENCE, PAUSE = 5.0, 0.1
"""Seconds to wait for where the first one leads, and between two looks."""


class OnceMiddleware:
    """Inside of the sign-in, outside of the tenant: a second request opens no transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or FIELD not in request.POST:
            return self._get_response(request)
        name = _name_of(request)
        if _is_first(name):
            return self._answered(request, name)
        where = _where_it_led(name)
        return self._get_response(request) if where is None else _led(request, where)

    def _answered(self, request: HttpRequest, name: str) -> HttpResponseBase:
        response = self._get_response(request)
        try:
            if isinstance(response, HttpResponse) and 300 <= response.status_code < 400:
                cache.set(name, response.headers["Location"], timeout=KEPT)
            else:
                cache.delete(name)
        except RedisError as error:
            logger.warning("A form that was sent could not be remembered (%s).", type(error).__name__)
        return response


def _name_of(request: HttpRequest) -> str:
    """What stands for these words from this form by this person: a keyed digest, which tells nothing."""
    said = f"{request.user.pk} {request.path} {request.POST.urlencode()}"
    return f"once:{salted_hmac('guild.portal.once', said, algorithm='sha256').hexdigest()}"


def _is_first(name: str) -> bool:
    try:
        return cache.add(name, ON_ITS_WAY, timeout=KEPT)
    except RedisError as error:
        logger.warning("A form may be sent twice (%s).", type(error).__name__)
        return True


def _where_it_led(name: str) -> str | None:
    """The address to which the first one led; None if it was refused, "" if it is still on its way."""
    deadline = time.monotonic() + PATIENCE
    try:
        while (where := cache.get(name)) == ON_ITS_WAY and time.monotonic() < deadline:
            time.sleep(PAUSE)
    except RedisError as error:
        logger.warning("Where a form led cannot be told (%s).", type(error).__name__)
        return ON_ITS_WAY
    return None if where is None else str(where)


def _led(request: HttpRequest, where: str) -> HttpResponse:
    if where == ON_ITS_WAY:
        messages.info(request, "This was sent already, and is being done. Look for it in a moment.")
    return redirect(where or "/")
