"""One's own inbox and its bell."""

import re
from urllib.parse import urlsplit
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_POST, require_safe

from guild.notifications import selectors, services
from guild.notifications.zones import zone_of
from guild.tenancy.requests import DreamerRequest

A_PAGE = 50
_ONE_THING = re.compile(r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/")


@never_cache
@require_safe
def inbox(request: DreamerRequest) -> HttpResponse:
    """What I was told, by day and guild."""
    page = Paginator(selectors.notices_of(request.user.pk), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "days": selectors.by_day(page.object_list, dreamer=request.user.pk, zone=zone_of(request.user)),
        "unread": selectors.unread_count(request.user.pk),
    }
    return render(request, "notifications/inbox.html", context)


def _page_of_one_thing(request: HttpRequest) -> str:
    """The path of the page that rings the bell, if it is about one thing alone, by its id; else ""."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return path if _ONE_THING.search(path) else ""


def _etag(request: HttpRequest) -> str | None:
    if not request.user.is_authenticated:
        return None
    count = selectors.unread_count(request.user.pk)
    if count and (path := _page_of_one_thing(request)):
        services.mark_seen(by=request.user.pk, path=path)
        count = selectors.unread_count(request.user.pk)
    request.unread = count  # type: ignore[attr-defined]
    return f'"{request.user.pk}-{count}"'


@cache_control(private=True, no_cache=True)
@require_safe
@condition(etag_func=_etag)
def bell(request: DreamerRequest) -> HttpResponse:
    """A fragment: how many notices wait; asked for by every page after it has loaded, in one query. The
    browser keeps it, and asks each time whether it is still so. What a page about one thing was told of is
    read with it.
    """
    return render(request, "notifications/bell.html", {"unread": request.unread})  # type: ignore[attr-defined]


@never_cache
@require_safe
def go(request: DreamerRequest, notice_id: UUID) -> HttpResponseBase:
    """Where a notice leads; with that it is read."""
    notice = selectors.notice_for(request.user.pk, notice_id)
    services.mark_read(by=request.user.pk, notices=[notice.pk])
    return redirect(notice.path)


@never_cache
@require_POST
def read(request: DreamerRequest) -> HttpResponseBase:
    """One notice, or all of them, is read."""
    chosen = request.POST.get("notice", "")
    try:
        notices = None if chosen == "all" else [UUID(chosen)]
    except ValueError:
        notices = []
    services.mark_read(by=request.user.pk, notices=notices)
    return redirect("notifications:inbox")
