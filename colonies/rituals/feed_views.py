"""The calendar of one person: its page, and the feed itself, which answers to its address alone."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from colonies.rituals import feeds
from guild.tenancy.requests import DreamerRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: DreamerRequest) -> HttpResponseBase:
    """Whether there is a feed; opening one, closing it. A new address is shown this once."""
    if request.method == "POST" and "close" in request.POST:
        if feeds.close_feed(by=request.user):
            messages.success(request, "The address answers no more.")
        return redirect("calendar:mine")
    address = _opened(request) if request.method == "POST" else ""
    context = {"address": address, "feed": feeds.feed_of(request.user.pk)}
    return render(request, "colonies/rituals/calendar.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, with an ETag. An address that was closed, or never was, is a 404 and says no more."""
    dreamer = feeds.dreamer_of(token)
    if dreamer is None:
        raise Http404("There is no calendar at this address.")
    document = feeds.feed_document(dreamer)
    etag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    reply = HttpResponse(document, content_type="text/calendar; charset=utf-8")
    reply["ETag"] = etag
    reply["Cache-Control"] = "private, no-cache"
    reply["Content-Disposition"] = 'inline; filename="rituals.ics"'
    reply["X-Robots-Tag"] = "noindex"
    found = get_conditional_response(request, etag=etag, response=reply)
    assert found is not None  # noqa: S101 a response was given, so one comes back
    return found


def _opened(request: DreamerRequest) -> str:
    token = feeds.open_feed(by=request.user)
    return settings.PUBLIC_URL + reverse("calendar:feed", kwargs={"token": token})
