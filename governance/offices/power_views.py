"""The page of power, for every member: who may do what, and what one can do oneself about one's offices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from governance.offices import handing_over, services
from governance.offices.errors import OfficeRefused
from governance.offices.member_forms import AnswerForm, HandOverForm, OwnOfficeForm
from governance.offices.overview import overview_for
from guild.tenancy.enums import Office
from guild.tenancy.requests import GuildRequest
from guild.tenancy.selectors import members_of


@never_cache
@require_safe
def page(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Who holds power over what."""
    return _page(request, _hand_over_form(request))


@never_cache
@require_POST
def lay_down(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Lay an office of one's own down."""
    form = OwnOfficeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the offices that you hold.")
        return redirect("membership:power", guild_slug)
    try:
        services.stand_down(by=request.membership, office=form.chosen)
    except OfficeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"You laid it down: {form.chosen.label.lower()}. The ledger says so.")
    return redirect("membership:power", guild_slug)


@never_cache
@require_POST
def hand_over(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Offer an office of one's own to another member."""
    form = _hand_over_form(request, sent=True)
    if not form.is_valid():
        return _page(request, form, status=422)
    office, successor = form.chosen
    try:
        handing_over.offer(by=request.membership, office=office, successor=successor)
    except OfficeRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)
    messages.success(request, f"{successor.display_name} can accept it now. Until then you hold it.")
    return redirect("membership:power", guild_slug)


@never_cache
@require_POST
def answer(request: GuildRequest, guild_slug: str, handover_id: UUID) -> HttpResponseBase:
    """Accept or decline what was offered to oneself, or take one's own offer back."""
    handing_over.handover_for(request.membership, handover_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Accept the office, or decline it.")
        return redirect("membership:power", guild_slug)
    do = {
        "accept": handing_over.accept,
        "decline": handing_over.decline,
        "take_back": handing_over.take_back,
    }[form.cleaned_data["answer"]]
    try:
        held = do(by=request.membership, handover=handover_id)
    except OfficeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{Office(held.office).label}: {held.get_state_display()}.")
    return redirect("membership:power", guild_slug)


def _hand_over_form(request: GuildRequest, *, sent: bool = False) -> HandOverForm:
    me = request.membership
    return HandOverForm(request.POST if sent else None, me=me, members=members_of(me.guild_id))


def _page(request: GuildRequest, form: HandOverForm, *, status: int = 200) -> HttpResponseBase:
    me = request.membership
    overview = overview_for(me, members_of(me.guild_id))
    context = {
        "overview": overview,
        "form": form,
        "mine": [held for told in overview.offices for held in told.holders if held.member.pk == me.pk],
        "offers": handing_over.waiting_for(me),
    }
    return render(request, "governance/offices/power.html", context, status=status)
