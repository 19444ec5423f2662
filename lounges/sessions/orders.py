"""Commands as forms, for pages without scripts: one POST each, then back to the session."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guild.tenancy.requests import GuildRequest
from lounges.sessions import selectors, services
from lounges.sessions.attempts import attempt
from lounges.sessions.errors import NotNow
from lounges.sessions.formats import Act
from lounges.sessions.forms import AssociationForm, JoinForm, KeyedForm


@never_cache
@require_POST
def open_session(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    """Opens a planned session and makes its opener the host."""
    session = selectors.session_for(request.membership, session_id)
    try:
        services.open_session(session=session, by=request.membership)
    except NotNow as error:
        messages.error(request, str(error))
    return redirect("sessions:live", guild_slug, session_id)


@never_cache
@require_POST
def join(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    form = JoinForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Read the terms, tick that you accept them, and join again.")
        return redirect("sessions:live", guild_slug, session_id)
    data = {"key": form.cleaned_data["key"], "terms": form.cleaned_data["terms"]}
    return _order(request, session_id, Act.JOIN, data)


@never_cache
@require_POST
def come_back(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    return _order(request, session_id, Act.RETURN, _key(request))


@never_cache
@require_POST
def step_out(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    return _order(request, session_id, Act.STEP_OUT, _key(request))


@never_cache
@require_POST
def associate(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    form = AssociationForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write a few words first; at most 2,000 characters fit.")
        return redirect("sessions:live", guild_slug, session_id)
    return _order(request, session_id, Act.ASSOCIATE, form.cleaned_data)


@never_cache
@require_POST
def withdraw(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    data = {**_key(request), "contribution": request.POST.get("contribution", "")}
    return _order(
        request, session_id, Act.WITHDRAW, data, done="Your dream is taken back, and its key is destroyed."
    )


@never_cache
@require_POST
def set_stage(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    data = {**_key(request), "stage": request.POST.get("stage", "")}
    return _order(request, session_id, Act.SET_STAGE, data)


@never_cache
@require_POST
def blend(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    return _order(request, session_id, Act.BLEND, _key(request), done="The blend has begun.")


@never_cache
@require_POST
def close(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    return _order(request, session_id, Act.CLOSE, _key(request), done="The session is closed.")


def _key(request: GuildRequest) -> dict[str, Any]:
    """The form's key; a form that lost it is refused by the command with a sentence."""
    form = KeyedForm(request.POST)
    return {"key": form.cleaned_data["key"]} if form.is_valid() else {}


def _order(
    request: GuildRequest, session_id: UUID, act: Act, data: Mapping[str, Any], *, done: str = ""
) -> HttpResponseBase:
    tried = attempt(request, act, {"session": session_id, **data})
    if tried.refusal is not None:
        messages.error(request, tried.message)
    elif done:
        messages.success(request, done)
    return redirect("sessions:live", request.guild.slug, session_id)
