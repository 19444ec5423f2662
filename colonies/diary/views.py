"""One's own diary: the weeks, the morning, and a night to change."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colonies.diary import drawing, selectors, services
from colonies.diary.entries import Written, as_last_time
from colonies.diary.forms import NightForm
from colonies.diary.measures import regularity
from colonies.rituals.errors import Invalid
from colonies.rituals.tonight import night_named
from guild.journal.selectors import reckoning_of
from guild.tenancy.requests import DreamerRequest

WEEKS = 4
SHOWN_NIGHTS = 7  # in the table; the others unfold
UNSLEPT = timedelta(hours=8)
UNPROCESSABLE = 422


@never_cache
@require_safe
def diary(request: DreamerRequest) -> HttpResponse:
    """The last four weeks: timing first, then each night, as a chart and as a table."""
    last = _last_night(request)
    since = last - timedelta(days=7 * WEEKS - 1)
    entries = selectors.entries_between(request.user.pk, since=since, until=last)
    turnover = request.user.night_turnover_hour
    rows = drawing.drawn(entries, turnover=turnover)
    context = {
        "since": since,
        "last": last,
        "latest": entries[: -SHOWN_NIGHTS - 1 : -1],
        "earlier": entries[-SHOWN_NIGHTS - 1 :: -1],
        "regularity": regularity([entry.night for entry in entries], zone=request.user.time_zone),
        "rows": rows,
        "frame": drawing.framed(rows, turnover=turnover),
        "height": len(entries) * drawing.ROW,
        "missing": not any(entry.on == last for entry in entries),
    }
    return render(request, "colonies/diary/diary.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def morning(request: DreamerRequest) -> HttpResponseBase:
    """Last night."""
    return _night(request, _last_night(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def night(request: DreamerRequest, on: str) -> HttpResponseBase:
    """Any night that was."""
    wanted = night_named(on)
    tonight = _tonight(request)
    if wanted is None or not tonight - services.OLDEST <= wanted <= tonight:
        raise Http404("There is no such night to write about: none to come, and none of ten years ago.")
    return _night(request, wanted)


@never_cache
@require_POST
def delete(request: DreamerRequest, on: str) -> HttpResponseBase:
    """Removes what was written of a night."""
    wanted = night_named(on)
    if wanted is not None and services.delete_night(by=request.user, night=wanted):
        messages.success(request, "The night is removed from your diary.")
    return redirect("diary:diary")


def _night(request: DreamerRequest, on: date) -> HttpResponseBase:
    held = selectors.entry_for(request.user.pk, on)
    before = None if held else selectors.entry_before(request.user.pk, on)
    known = held.written if held else as_last_time(before) if before else Written()
    first: dict[str, Any] = {"night": on.isoformat(), **NightForm.of(known)}
    form = NightForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        messages.success(request, "Your night is kept.")
        return redirect("diary:diary")
    context = {"form": form, "night": on, "held": held, "before": before}
    status = UNPROCESSABLE if form.errors else HttpResponse.status_code
    return render(request, "colonies/diary/night.html", context, status=status)


def _kept(request: DreamerRequest, form: NightForm) -> bool:
    try:
        services.write_night(by=request.user, night=form.on, written=form.written)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


def _last_night(request: DreamerRequest) -> date:
    """The night to write about now: the one before, until a night has gone on for eight hours."""
    return reckoning_of(request.user).night_of(timezone.now() - UNSLEPT)


def _tonight(request: DreamerRequest) -> date:
    return reckoning_of(request.user).night_of(timezone.now())
