"""Tonight: what one keeps, one tap each; nights that were, and pauses."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from colonies.rituals import observing, selectors
from colonies.rituals.enums import Keeping
from colonies.rituals.errors import ColonyError
from colonies.rituals.tonight import is_pausing, night_named, presences, tonight_of
from guild.journal.selectors import reckoning_of
from guild.tenancy.requests import DreamerRequest, GuildRequest

NO_SUCH_NIGHT = "Nights can be looked at as far back as thirty nights, and no further than tonight."


@never_cache
@require_safe
def tonight(request: DreamerRequest) -> HttpResponse:
    """Tonight's list."""
    return render(request, "colonies/rituals/tonight.html", _night(request, None))


@never_cache
@require_safe
def night(request: DreamerRequest, on: str) -> HttpResponse:
    """The list of an earlier night, to say of it what was not said then."""
    wanted = night_named(on)
    if wanted is None:
        raise Http404(NO_SUCH_NIGHT)
    return render(request, "colonies/rituals/tonight.html", _night(request, wanted))


@never_cache
@require_POST
def pause(request: DreamerRequest) -> HttpResponseBase:
    """Pauses, or goes on."""
    if request.POST.get("go_on") == "yes":
        observing.go_on(by=request.user)
        messages.success(request, "You keep again from tonight on.")
        return redirect("tonight:tonight")
    try:
        observing.pause(by=request.user, since=night_named(request.POST.get("since", "")))
    except ColonyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Rest. No night counts as missed until you go on.")
    return redirect("tonight:tonight")


@never_cache
@require_POST
def keep(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Says of a night what was kept, or takes it back; back to where it was said."""
    ritual = selectors.ritual_for(request.membership, ritual_id)
    today = reckoning_of(request.user).night_of(timezone.now())
    on = night_named(request.POST.get("night", "")) or today
    said = request.POST.get("keeping", "")
    try:
        if said == "take_back":
            observing.take_back(by=request.membership, ritual=ritual, night=on)
        else:
            observing.observe(by=request.membership, ritual=ritual, night=on, keeping=said)
    except ColonyError as error:
        messages.error(request, str(error))
    return redirect("tonight:night", on.isoformat()) if on != today else redirect("tonight:tonight")


@never_cache
@require_safe
def presence(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """The line that says how many others keep it now, for those who belong."""
    ritual = selectors.kept_ritual_for(request.membership, ritual_id)
    found = presences(request.membership, [ritual], now=timezone.now())[ritual.pk]
    return render(request, "colonies/rituals/presence.html", {"presence": found})


def _night(request: DreamerRequest, wanted: date | None) -> dict[str, Any]:
    now = timezone.now()
    today = reckoning_of(request.user).night_of(now)
    on = wanted or today
    if not today - observing.LATEST_ENTRY <= on <= today:
        raise Http404(NO_SUCH_NIGHT)
    return {
        "night": on,
        "is_tonight": on == today,
        "before": on - timedelta(days=1) if on > today - observing.LATEST_ENTRY else None,
        "after": on + timedelta(days=1) if on < today else None,
        "rituals": tonight_of(request.user, night=on, now=now),
        "keepings": Keeping.choices,
        "pausing": is_pausing(request.user.pk),
        "zone": request.user.time_zone.replace("_", " "),
    }
