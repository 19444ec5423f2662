"""One's own reminders: what one is reminded of and how, the hours of quiet, and the devices that ring."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colonies.reminders import mail, selectors, services
from colonies.reminders.forms import MINUTE_CHOICES, QuietForm, ReminderForm
from colonies.rituals import selectors as rituals
from colonies.rituals.errors import ColonyError
from governance.consent.enums import Purpose
from governance.consent.errors import ConsentError
from governance.consent.purposes import registered
from guild.notifications import keys
from guild.notifications.devices import devices_of
from guild.notifications.services import set_quiet
from guild.tenancy.requests import DreamerRequest, GuildRequest

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: DreamerRequest) -> HttpResponse:
    """Everything about one's reminders; POST sets the hours of quiet."""
    first = {"quiet_from": request.user.quiet_from, "quiet_until": request.user.quiet_until}
    form = QuietForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        since, until = form.cleaned_data["quiet_from"], form.cleaned_data["quiet_until"]
        set_quiet(by=request.user.pk, since=since, until=until)
        messages.success(request, "Your hours of quiet are kept.")
        return redirect("reminders:mine")
    context: dict[str, Any] = {
        "form": form,
        "guilds": selectors.choices_of(request.user),
        "devices": devices_of(request.user.pk),
        "minutes": MINUTE_CHOICES,
        "notice": registered(Purpose.REMINDERS).notice,
        "push_key": keys.public_key(),
    }
    status = UNPROCESSABLE if form.errors else HttpResponse.status_code
    return render(request, "colonies/reminders/mine.html", context, status=status)


@never_cache
@require_POST
def choose(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Be reminded of a ritual, or no longer."""
    ritual = rituals.ritual_for(request.membership, ritual_id)
    if "leave" in request.POST:
        services.leave_me(by=request.membership, ritual=ritual)
        messages.success(request, f"You are not reminded of {ritual.title}.")
        return redirect("reminders:mine")
    form = ReminderForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose how long before you want to be reminded.")
        return redirect("reminders:mine")
    try:
        services.remind_me(by=request.membership, ritual=ritual, **form.chosen)
    except (ColonyError, ConsentError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"You are reminded of {ritual.title}.")
    return redirect("reminders:mine")


@never_cache
@require_safe
def now(request: DreamerRequest) -> HttpResponse:
    """A fragment: what stands on the pages now."""
    return render(request, "colonies/reminders/now.html", _shown(request))


@never_cache
@require_POST
def put_away(request: DreamerRequest, reminder_id: UUID) -> HttpResponseBase:
    """It is not shown again."""
    services.put_away(by=request.user, reminder_id=reminder_id)
    if getattr(request, "htmx", False):
        return render(request, "colonies/reminders/now.html", _shown(request))
    return redirect("tonight:tonight")


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters, with one press here or in the mail program (RFC 8058); its address is enough. Looking
    at the page stops nothing: mail servers look at every link.
    """
    dreamer = mail.dreamer_of(token)
    if dreamer is None:
        raise Http404("There is nothing to stop at this address.")
    done = request.method == "POST"
    if done:
        services.stop_letters(dreamer=dreamer)
    return render(request, "colonies/reminders/stop.html", {"done": done})


def _shown(request: DreamerRequest) -> dict[str, Any]:
    return {"reminders": selectors.shown_to(request.user.pk, now=timezone.now())}
