"""Pages of experiences: all of them, one with its versions side by side, writing, trying, approving."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import authorize, require
from guild.tenancy.models import Membership
from guild.tenancy.requests import GuildRequest
from lounges.experiences import lifting, selectors, services
from lounges.experiences.errors import NotNow, Unfit
from lounges.experiences.forms import ExperienceForm, VersionForm
from lounges.experiences.models import ExperienceVersion
from lounges.experiences.recipe import compared

COMPARED = 4
"""Versions that fit beside each other."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def experience_list(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Every experience of the guild; a form for a new one, for those who may write one."""
    me = request.membership
    shown = selectors.experiences_for(me)
    form = ExperienceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(actor=me, action=Action.WRITE_EXPERIENCE, resource=entities.guild(me.guild_id))
        made = _written(me, form) if form.is_valid() else None
        if made is not None:
            return redirect("experiences:detail", guild_slug, made.experience_id)
    context = {
        "shown": shown,
        "form": form,
        "may_write": _may_write(me),
        "law": law_of(me.guild),
    }
    status = 422 if form.errors else 200
    return render(request, "lounges/experiences/list.html", context, status=status)


def _written(me: Membership, form: ExperienceForm) -> ExperienceVersion | None:
    given = form.cleaned_data
    try:
        return services.write(
            by=me, name=given["name"], description=given["description"], numbers=form.numbers
        )
    except Unfit as error:
        form.add_error(error.field, str(error))
        return None


@never_cache
@require_safe
def detail(request: GuildRequest, guild_slug: str, experience_id: UUID) -> HttpResponse:
    """One experience: where it stands, its versions side by side, and who approved which."""
    me = request.membership
    shown = selectors.experience_for(me, experience_id)
    approvals = selectors.approvers_of(shown)
    context = {
        "shown": shown,
        "experience": shown.experience,
        "versions": [
            {
                "version": version,
                "approvals": approvals[version.pk],
                "may_approve": _may_approve(me, version)
                and all(one.enforcer_id != me.pk for one in approvals[version.pk]),
            }
            for version in reversed(shown.versions)
        ],
        "columns": shown.versions[-COMPARED:],
        "table": compared(shown.recipes[-COMPARED:]),
        "may_write": _may_write(me) and not shown.experience.is_plain,
        "way": lifting.way_for(me, shown.experience),
        "law": law_of(me.guild),
        "needed": max(1, law_of(me.guild).experiences_approved_by),
    }
    return render(request, "lounges/experiences/detail.html", context)


def _may_write(me: Membership) -> bool:
    resource = entities.guild(me.guild_id)
    return authorize(actor=me, action=Action.WRITE_EXPERIENCE, resource=resource).allowed


def _may_approve(me: Membership, version: ExperienceVersion) -> bool:
    if version.state == "approved":
        return False
    resource = selectors.resource_to_approve(version, to=me)
    return authorize(actor=me, action=Action.APPROVE_EXPERIENCE, resource=resource, voted=False).allowed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: GuildRequest, guild_slug: str, experience_id: UUID) -> HttpResponseBase:
    """A new version over the newest one."""
    me = request.membership
    shown = selectors.experience_for(me, experience_id)
    require(actor=me, action=Action.WRITE_EXPERIENCE, resource=entities.guild(me.guild_id))
    number = 0 if shown.newest is None else shown.newest.number
    form = VersionForm(
        request.POST if request.method == "POST" else None, start=shown.recipes[-1], initial={"on": number}
    )
    if request.method == "POST" and form.is_valid() and _revised(request, shown, form):
        return redirect("experiences:detail", guild_slug, experience_id)
    context = {"experience": shown.experience, "number": number + 1, "form": form}
    status = 422 if form.errors else 200
    return render(request, "lounges/experiences/revise.html", context, status=status)


def _revised(request: GuildRequest, shown: selectors.Shown, form: VersionForm) -> bool:
    given = form.cleaned_data
    try:
        services.revise(
            by=request.membership,
            experience=shown.experience,
            numbers=form.numbers,
            note=given["note"],
            on=given["on"],
        )
    except Unfit as error:
        form.add_error(error.field, str(error))
        return False
    except NotNow as error:
        messages.error(request, str(error))
    return True


@never_cache
@require_POST
def try_out(request: GuildRequest, guild_slug: str, experience_id: UUID, number: int) -> HttpResponseBase:
    """Open a draft to be tried."""
    version = selectors.version_for(request.membership, experience_id, number)
    services.try_out(by=request.membership, version=version)
    messages.success(request, "This version is experimental now, and may be approved.")
    return redirect("experiences:detail", guild_slug, experience_id)


@never_cache
@require_POST
def approve(request: GuildRequest, guild_slug: str, experience_id: UUID, number: int) -> HttpResponseBase:
    """Approve a version, as an enforcer who did not write it."""
    version = selectors.version_for(request.membership, experience_id, number)
    held = services.approve(by=request.membership, version=version)
    approved = held.state == "approved"
    said = (
        "This version is approved." if approved else "Your approval is noted; another enforcer's is needed."
    )
    messages.success(request, said)
    return redirect("experiences:detail", guild_slug, experience_id)


@require_POST
def ask_to_lift(request: GuildRequest, guild_slug: str, experience_id: UUID) -> HttpResponse:
    """Ask, as an enforcer, that a suspended experience may be used again."""
    try:
        lifting.ask_to_lift(by=request.membership, experience=experience_id)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Asked. Another enforcer can lift it now.")
    return redirect("experiences:detail", guild_slug, experience_id)


@require_POST
def lift(request: GuildRequest, guild_slug: str, experience_id: UUID) -> HttpResponse:
    """Agree, as another enforcer, that it may be used again."""
    try:
        lifting.lift(by=request.membership, experience=experience_id)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The suspension is lifted.")
    return redirect("experiences:detail", guild_slug, experience_id)
