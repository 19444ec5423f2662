"""The page of one's own settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guild.dreamers import services
from guild.dreamers.forms import SettingsForm
from guild.tenancy.requests import DreamerRequest


@require_http_methods(["GET", "POST"])
def settings(request: DreamerRequest) -> HttpResponse:
    """Name, time zone, night and theme; links to address, password, second factor and passkeys."""
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_settings(dreamer=request.user.pk, settings=form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("dreamers:settings")
    return render(request, "dreamers/settings.html", {"form": form})
