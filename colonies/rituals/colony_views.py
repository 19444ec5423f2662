"""Pages of colonies: which there are, what one of them is, who belongs to it, and how one leaves."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from colonies.rituals import belonging, figures, observing, selectors, services
from colonies.rituals.enums import Admission, Part, Standing
from colonies.rituals.errors import ColonyError, Invalid
from colonies.rituals.forms import ADMISSION_HINTS, ColonyForm, LeaveForm
from colonies.rituals.models import Belonging, Colony
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.journal.selectors import reckoning_of
from guild.tenancy.requests import GuildRequest

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colony_list(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Every colony of the guild; a form for a new one, for those who may found one."""
    me = request.membership
    may_found = authorize(actor=me, action=Action.FOUND_COLONY, resource=entities.guild(me.guild_id)).allowed
    form = ColonyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        colony = said(form, lambda: services.found(by=me, about=form.about))
        if colony is not None:
            return redirect("colonies:colony", guild_slug, colony.slug)
    context = {
        "colonies": selectors.colonies_for(me),
        "form": form,
        "may_found": may_found,
        "hints": ADMISSION_HINTS,
    }
    return render(request, "colonies/rituals/colonies.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD"])
def colony(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponse:
    """A colony's own page: its charter, its rituals, and who belongs to it."""
    place = selectors.colony_for(request.membership, colony_slug)
    return render(request, "colonies/rituals/colony.html", _page(request, place))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """What the colony says of itself, for those who lead it."""
    place = selectors.led_colony_for(request.membership, colony_slug)
    form = ColonyForm(request.POST if request.method == "POST" else None, initial=ColonyForm.of(place))
    if request.method == "POST" and form.is_valid():
        by = request.membership
        if said(form, lambda: services.change(by=by, colony=place, about=form.about)) is not None:
            return redirect("colonies:colony", guild_slug, colony_slug)
    context = {"colony": place, "form": form, "hints": ADMISSION_HINTS}
    return render(request, "colonies/rituals/colony_edit.html", context, status=status_of(form))


@never_cache
@require_POST
def join(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """Comes in, or asks to."""
    place = selectors.colony_for(request.membership, colony_slug)
    held = belonging.join(by=request.membership, colony=place)
    done = "You belong to this colony now." if held.standing == Standing.IN else "You have asked to come in."
    messages.success(request, done)
    return redirect("colonies:colony", guild_slug, colony_slug)


@never_cache
@require_POST
def decline(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """Takes back a request, or declines an invitation."""
    place = selectors.colony_for(request.membership, colony_slug)
    belonging.decline(by=request.membership, colony=place)
    return redirect("colonies:colony", guild_slug, colony_slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """What leaving does with one's data, and leaving."""
    me = request.membership
    place = selectors.colony_for(me, colony_slug)
    inside = selectors.belongs(place, me)
    resource = selectors.resource_of(place)
    require(actor=me, action=Action.LEAVE_COLONY, resource=resource, belongs=inside)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _leave(request, place, form)
        messages.success(request, f"You have left {place.name}.")
        return redirect("colonies:colony", guild_slug, colony_slug)
    held = selectors.belonging_of(place, me)
    context = {"colony": place, "form": form, "held": held}
    return render(request, "colonies/rituals/leave.html", context, status=status_of(form))


@never_cache
@require_POST
def show_name(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """Whether others who keep a ritual at the same time see one's name."""
    place = selectors.colony_for(request.membership, colony_slug)
    shown = request.POST.get("shown") == "yes"
    observing.show_name(by=request.membership, colony=place, shown=shown)
    return redirect("colonies:colony", guild_slug, colony_slug)


@never_cache
@require_POST
def invite(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """Invites a member of the guild."""
    place = selectors.led_colony_for(request.membership, colony_slug)
    asked = request.POST.get("member", "")
    member = next((one for one in selectors.members_to_invite(place) if str(one.pk) == asked), None)
    if member is None:
        messages.error(request, "Choose somebody of this guild who does not belong to the colony yet.")
        return redirect("colonies:colony", guild_slug, colony_slug)
    by = request.membership
    return _order(
        request,
        place,
        lambda: belonging.invite(by=by, colony=place, member=member),
        done=f"{member} is invited.",
    )


@never_cache
@require_POST
def answer(request: GuildRequest, guild_slug: str, colony_slug: str, belonging_id: UUID) -> HttpResponseBase:
    """Lets somebody in who has asked, or declines."""
    place, row = _row(request, colony_slug, belonging_id, lead=True)
    let_in = request.POST.get("answer") == "yes"
    return _order(
        request, place, lambda: belonging.answer(by=request.membership, belonging=row, let_in=let_in)
    )


@never_cache
@require_POST
def give_part(
    request: GuildRequest, guild_slug: str, colony_slug: str, belonging_id: UUID
) -> HttpResponseBase:
    """Gives somebody who belongs a part in leading, or takes it back."""
    place, row = _row(request, colony_slug, belonging_id)
    part = request.POST.get("part", "")
    return _order(
        request, place, lambda: belonging.give_part(by=request.membership, belonging=row, part=part)
    )


@never_cache
@require_POST
def archive(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """Archives the colony, or takes it up again."""
    place = selectors.led_colony_for(request.membership, colony_slug)
    by = request.membership
    if request.POST.get("again") == "yes":
        return _order(request, place, lambda: services.reopen(by=by, colony=place), done="It is kept again.")
    return _order(
        request, place, lambda: services.archive(by=by, colony=place), done="The colony is archived."
    )


def _leave(request: GuildRequest, place: Colony, form: LeaveForm) -> None:
    me, chosen = request.membership, form.cleaned_data
    belonging.leave(by=me, colony=place, take_name_off=chosen["names"] == "take_off")
    if chosen["nights"] == "erase":
        observing.erase_nights(by=me, colony=place)


def _page(request: GuildRequest, place: Colony) -> dict[str, Any]:
    me, resource = request.membership, selectors.resource_of(place)
    leads, company = _may(request, Action.LEAD_COLONY, resource), selectors.company_of(place)
    rows = (*company.belonging, *company.invited, *company.asking)
    return {
        "colony": place,
        "company": company,
        "mine": next((row for row in rows if row.membership_id == me.pk), None),
        "rituals": selectors.rituals_of(place),
        "admission": Admission(place.admission).label,
        "leads": leads,
        "figures": figures.figures_for(me, place, tonight=_tonight(request)) if leads else [],
        "may_write": _may(request, Action.WRITE_RITUAL, resource),
        "may_name": _may(request, Action.NAME_COLONY_LEADER, resource),
        "may_join": _may(request, Action.JOIN_COLONY, resource, invited=False),
        "may_ask": _may(request, Action.ASK_TO_JOIN_COLONY, resource),
        "to_invite": selectors.members_to_invite(place) if leads else [],
        "parts": [part for part in Part if part != Part.MEMBER],
    }


def _tonight(request: GuildRequest) -> date:
    return reckoning_of(request.user).night_of(timezone.now())


def _row(
    request: GuildRequest, colony_slug: str, belonging_id: UUID, *, lead: bool = False
) -> tuple[Colony, Belonging]:
    fetch = selectors.led_colony_for if lead else selectors.colony_for
    place = fetch(request.membership, colony_slug)
    row = selectors.belonging_in(place, belonging_id)
    row.colony = place
    return place, row


def _may(request: GuildRequest, action: Action, resource: Resource, **context: bool) -> bool:
    return authorize(actor=request.membership, action=action, resource=resource, **context).allowed


def _order(
    request: GuildRequest, place: Colony, act: Callable[[], object], *, done: str = ""
) -> HttpResponseBase:
    try:
        act()
    except ColonyError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect("colonies:colony", request.guild.slug, place.slug)


def said(form: Any, act: Callable[[], Any]) -> Any:
    """What a service returns, or None after its refusal was put beside the field that it is about."""
    try:
        return act()
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except ColonyError as error:
        form.add_error(None, str(error))
    return None


def status_of(form: Any) -> int:
    return UNPROCESSABLE if form.errors else HttpResponse.status_code
