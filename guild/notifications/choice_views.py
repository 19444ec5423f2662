"""Choosing how one is told, and stopping letters from the letter itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guild.notifications import keys, letters, selectors, services
from guild.notifications.devices import devices_of
from guild.notifications.enums import Every
from guild.notifications.forms import ChoicesForm
from guild.tenancy.requests import DreamerRequest

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: DreamerRequest) -> HttpResponse:
    """What comes by which channel, when what is gathered comes, the hours of quiet, and the devices."""
    form = ChoicesForm(request.POST if request.method == "POST" else None, initial=_as_it_is(request))
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        messages.success(request, "You are told so from now on.")
        return redirect("notifications:choices")
    context = {"form": form, "devices": devices_of(request.user.pk), "push_key": keys.public_key()}
    status = UNPROCESSABLE if form.errors else HttpResponse.status_code
    return render(request, "notifications/choices.html", context, status=status)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters like the one this address stood in, with one press here or in the mail program
    (RFC 8058), and back again. Looking at the page stops nothing: mail servers look at every link.
    """
    wanted = letters.stop_of(token)
    if wanted is None:
        raise Http404("There is nothing to stop at this address.")
    context = {"groups": wanted.groups, "gathered": wanted.only, "token": token, "state": "asked"}
    if request.method == "POST" and "undo" in request.POST:
        before = letters.before_of(request.POST["undo"])
        if before is None or not set(before) <= set(wanted.groups):
            raise Http404("There is nothing to undo at this address.")
        services.undo_stop(dreamer=wanted.dreamer, before=before)
        context["state"] = "undone"
    elif request.method == "POST":
        ended = services.stop_letters(dreamer=wanted.dreamer, groups=wanted.groups, only=wanted.only)
        context |= {"state": "stopped", "undo": letters.undo_token(ended) if ended else ""}
    return render(request, "notifications/stop.html", context)


def _as_it_is(request: DreamerRequest) -> dict[str, object]:
    digest = selectors.digest_time_of(request.user.pk)
    return {
        **ChoicesForm.initial_of(selectors.wishes_of(request.user.pk)),
        "every": digest.every,
        "weekday": digest.weekday,
        "hour": digest.hour,
        "quiet_from": request.user.quiet_from,
        "quiet_until": request.user.quiet_until,
    }


def _keep(request: DreamerRequest, form: ChoicesForm) -> None:
    given, me = form.cleaned_data, request.user.pk
    services.choose(by=me, choices=form.choices)
    services.set_digest(by=me, every=Every(given["every"]), weekday=given["weekday"], hour=given["hour"])
    services.set_quiet(by=me, since=given["quiet_from"], until=given["quiet_until"])
