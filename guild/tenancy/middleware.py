"""Every request runs in one transaction; it sees the rows of its dreamer and, below /g/<slug>/, its guild."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guild.tenancy.context import narrow_to_guild, tenant
from guild.tenancy.selectors import membership_for

# Health, files, and the public logs: these enter a guild by its id alone, whoever asks.
WITHOUT_TENANT = re.compile(
    r"/(?:healthz|readyz|static/|g/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/(?:log|witness)/)"
)


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, but where anybody may look it does not ask who looks: such an answer is the same for all."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Any,
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class TenantMiddleware:
    """Sets `request.guild` and `request.membership` (both None outside a guild); a stranger gets 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.guild = None  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        if WITHOUT_TENANT.match(request.path):
            return self.get_response(request)
        dreamer = request.user.pk if request.user.is_authenticated else None
        with tenant(dreamer=dreamer):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: dict[str, Any]
    ) -> None:
        slug = kwargs.get("guild_slug")
        if slug is None or not request.user.is_authenticated:
            return
        membership = membership_for(request.user.pk, slug)
        narrow_to_guild(membership.guild_id)
        request.membership = membership  # type: ignore[attr-defined]
        request.guild = membership.guild  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view that raised leaves nothing behind, whatever page the exception becomes."""
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
