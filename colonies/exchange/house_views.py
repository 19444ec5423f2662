"""Pages of what other guilds of the house offer, and of offering to them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from colonies.exchange import house, selectors
from colonies.exchange.forms import TERMS_HINTS, ColonyChoice
from colonies.exchange.house_models import HouseOffer
from colonies.exchange.views import tried
from colonies.rituals.colony_views import said, status_of
from colonies.rituals.selectors import colony_for, resource_of, ritual_for
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.requests import GuildRequest


@never_cache
@require_safe
def taking(request: GuildRequest, guild_slug: str, house_offer_id: UUID) -> HttpResponse:
    """What another guild offers, and taking it up."""
    return _taking(request, house.house_offer_for(request.membership, house_offer_id))


@never_cache
@require_POST
def adopt(request: GuildRequest, guild_slug: str, house_offer_id: UUID) -> HttpResponseBase:
    """Takes up what another guild offers."""
    row = house.house_offer_for(request.membership, house_offer_id)
    by = request.membership
    led = selectors.colonies_led_by(by)
    if not led:
        colony = colony_for(by, request.POST.get("colony", ""))
        require(actor=by, action=Action.LEAD_COLONY, resource=resource_of(colony))
    form = ColonyChoice(request.POST, colonies=led)
    if not form.is_valid():
        return _taking(request, row, form=form)
    made = said(form, lambda: house.adopt_from_house(by=by, row=row, colony=form.chosen))
    if made is None:
        return _taking(request, row, form=form)
    messages.success(request, f"{form.chosen.name} has taken it up, with its credit and its lineage.")
    return redirect("colonies:ritual", guild_slug, made.pk)


@never_cache
@require_POST
def offer_beyond(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Offers a ritual to other guilds, or offers it no longer."""
    me, ritual = request.membership, ritual_for(request.membership, ritual_id)
    standing = house.house_offer_of(ritual)
    if request.POST.get("withdraw") == "yes" and standing is not None:
        standing.ritual = ritual
        tried(request, lambda: house.withhold(by=me, row=standing), done="Other guilds see it no longer.")
    else:
        terms, word = request.POST.get("terms", ""), request.POST.get("word", "")
        tried(
            request,
            lambda: house.offer_beyond(by=me, ritual=ritual, terms=terms, word=word),
            done="It is offered to other guilds of this house.",
        )
    return redirect("exchange:lineage", guild_slug, ritual_id)


def _taking(request: GuildRequest, row: HouseOffer, *, form: ColonyChoice | None = None) -> HttpResponse:
    text, carried = house.read(row.document)
    led = selectors.colonies_led_by(request.membership)
    context = {
        "offer": row,
        "document": row.document,
        "text": text,
        "languages": [text.language, *(one.wording.language for one in carried)],
        "form": (form or ColonyChoice(colonies=led)) if led else None,
        "hint": TERMS_HINTS[row.terms],
    }
    status = status_of(form) if form else HttpResponse.status_code
    return render(request, "colonies/exchange/house_taking.html", context, status=status)
