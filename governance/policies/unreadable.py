"""A page that only shows what the law says is refused like everything else where the law cannot be read."""

import logging
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from governance.policies.errors import Denied
from governance.policies.law import LawUnreadable
from governance.policies.services import UNREADABLE

logger = logging.getLogger(__name__)


class UnreadableLawMiddleware:
    """Outside the request's transaction, which is rolled back before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Raises Denied in place of LawUnreadable: what is shown, or said in the API, is a refusal."""
        if isinstance(exception, LawUnreadable):
            logger.error("The law of a guild cannot be read: %s", exception)
            raise Denied(UNREADABLE) from exception
