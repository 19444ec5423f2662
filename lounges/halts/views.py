"""The control of a session's page that calls for a stop: as forms without scripts, and as a part of the
page.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guild.tenancy.requests import GuildRequest
from lounges.halts import selectors
from lounges.sessions.attempts import attempt
from lounges.sessions.formats import Act
from lounges.sessions.forms import KeyedForm
from lounges.sessions.selectors import heard_session_for


@never_cache
@require_safe
def stop(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponse:
    """The control as it is now, for those who take part."""
    session = heard_session_for(request.membership, session_id)
    context = {"session": session, **selectors.stop_for(request.membership, session)}
    return render(request, "lounges/halts/stop.html", context)


@never_cache
@require_POST
def resist(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    return _order(request, session_id, Act.RESIST)


@never_cache
@require_POST
def relent(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    return _order(request, session_id, Act.RELENT)


def _order(request: GuildRequest, session_id: UUID, act: Act) -> HttpResponseBase:
    form = KeyedForm(request.POST)
    key = {"key": form.cleaned_data["key"]} if form.is_valid() else {}
    tried = attempt(request, act, {"session": session_id, **key})
    if tried.refusal is not None:
        messages.error(request, tried.message)
    return redirect("sessions:live", request.guild.slug, session_id)
