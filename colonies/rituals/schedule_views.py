"""The times of a ritual: when it is kept next, and, for those who lead, setting and changing them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from colonies.rituals import scheduling, selectors, times
from colonies.rituals.colony_views import said, status_of
from colonies.rituals.errors import ColonyError
from colonies.rituals.models import Ritual, Schedule
from colonies.rituals.schedule_forms import KIND_HINTS, ExceptionForm, ScheduleForm
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.journal.selectors import reckoning_of
from guild.tenancy.requests import GuildRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def times_of(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """When the ritual is kept; a form for another time, for those who lead the colony."""
    me = request.membership
    ritual = selectors.ritual_for(me, ritual_id)
    resource = selectors.resource_of(ritual.colony)
    may_schedule = authorize(actor=me, action=Action.SCHEDULE_RITUAL, resource=resource).allowed
    if request.method == "POST":
        require(actor=me, action=Action.SCHEDULE_RITUAL, resource=resource)
    form = ScheduleForm(request.POST if request.method == "POST" else None, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        made = said(form, lambda: scheduling.schedule(by=me, ritual=ritual, rhythm=form.rhythm))
        if made is not None:
            return redirect("colonies:times", guild_slug, ritual_id)
    context = _shown(request, ritual) | {"form": form, "may_schedule": may_schedule, "hints": KIND_HINTS}
    return render(request, "colonies/rituals/times.html", context, status=status_of(form))


@never_cache
@require_POST
def leave_out(request: GuildRequest, guild_slug: str, ritual_id: UUID, schedule_id: UUID) -> HttpResponseBase:
    """This once it is not kept."""
    return _except(request, ritual_id, schedule_id, moves=False)


@never_cache
@require_POST
def move(request: GuildRequest, guild_slug: str, ritual_id: UUID, schedule_id: UUID) -> HttpResponseBase:
    """This once it is kept at another time."""
    return _except(request, ritual_id, schedule_id, moves=True)


@never_cache
@require_POST
def end(request: GuildRequest, guild_slug: str, ritual_id: UUID, schedule_id: UUID) -> HttpResponseBase:
    """The ritual is no longer kept at these times."""
    row = _row(request, ritual_id, schedule_id)
    return _order(request, row, lambda: scheduling.end(by=request.membership, row=row))


def _except(request: GuildRequest, ritual_id: UUID, schedule_id: UUID, *, moves: bool) -> HttpResponseBase:
    row, form, me = _row(request, ritual_id, schedule_id), ExceptionForm(request.POST), request.membership
    original = form.moment("original") if form.is_valid() else None
    to = form.moment("to") if original is not None and moves else None
    if original is None or (moves and to is None):
        messages.error(request, "Choose the time, and when to keep it instead.")
        return redirect("colonies:times", request.guild.slug, ritual_id)
    if to is None:
        return _order(request, row, lambda: scheduling.leave_out(by=me, row=row, original=original))
    return _order(request, row, lambda: scheduling.move(by=me, row=row, original=original, to=to))


def _row(request: GuildRequest, ritual_id: UUID, schedule_id: UUID) -> Schedule:
    ritual = selectors.ritual_for(request.membership, ritual_id)
    resource = selectors.resource_of(ritual.colony)
    require(actor=request.membership, action=Action.SCHEDULE_RITUAL, resource=resource)
    return times.schedule_of(ritual, schedule_id)


def _order(request: GuildRequest, row: Schedule, act: Callable[[], None]) -> HttpResponseBase:
    try:
        act()
    except ColonyError as error:
        messages.error(request, str(error))
    return redirect("colonies:times", request.guild.slug, row.ritual_id)


def _shown(request: GuildRequest, ritual: Ritual) -> dict[str, Any]:
    schedules, reckoning = times.schedules_of(ritual), reckoning_of(request.user)
    ahead = times.evenings_ahead(schedules, reckoning=reckoning, now=timezone.now())
    zone = request.user.time_zone.replace("_", " ")
    return {
        "ritual": ritual,
        "colony": ritual.colony,
        "schedules": schedules,
        "ahead": ahead,
        "zone": zone,
    }


def _first(request: GuildRequest) -> dict[str, Any]:
    return {
        "starts_on": timezone.localdate(timezone=times.zone_of(request.user)),
        "starts_at": "21:30",
        "zone": request.user.time_zone,
    }
