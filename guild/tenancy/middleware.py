"""Every request runs in one transaction; it sees the rows of its dreamer and, below /g/<slug>/, its guild."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from guild.tenancy.context import narrow_to_guild, tenant
from guild.tenancy.selectors import membership_for

WITHOUT_TENANT = ("/healthz", "/readyz", "/static/")


class TenantMiddleware:
    """Sets `request.guild` and `request.membership` (both None outside a guild); a stranger gets 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.guild = None  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        if request.path.startswith(WITHOUT_TENANT):
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
