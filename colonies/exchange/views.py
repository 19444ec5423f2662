"""The exchange of a guild: what is offered, taking it up, and what has become of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from colonies.exchange import practised, selectors, services
from colonies.exchange.enums import Terms
from colonies.rituals.errors import ColonyError
from colonies.rituals.selectors import colony_for, resource_of, ritual_for
from governance.policies.enums import Action
from governance.policies.services import authorize
from guild.journal.selectors import reckoning_of
from guild.tenancy.requests import GuildRequest


@never_cache
@require_safe
def exchange(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Every offer, and how many cultures the guild holds."""
    me = request.membership
    tonight = reckoning_of(request.user).night_of(timezone.now())
    context = {
        "offers": selectors.offers_for(me),
        "led": selectors.colonies_led_by(me),
        "notices": practised.notices_for(me, now=timezone.now()),
        "cultures": practised.cultures_for(me, tonight=tonight),
    }
    return render(request, "colonies/exchange/exchange.html", context)


@never_cache
@require_safe
def lineage(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """Who learnt the ritual from whom; and, for those who lead, offering it."""
    ritual = ritual_for(request.membership, ritual_id)
    resource = resource_of(ritual.colony)
    may = authorize(actor=request.membership, action=Action.OFFER_RITUAL, resource=resource)
    context = {
        "ritual": ritual,
        "colony": ritual.colony,
        "root": selectors.lineage_of(ritual),
        "adoption": selectors.adoption_of(ritual),
        "offer": selectors.offer_of(ritual),
        "may_offer": may.allowed,
        "terms": Terms.choices,
    }
    return render(request, "colonies/exchange/lineage.html", context)


@never_cache
@require_POST
def offer(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Offers a ritual, or withdraws its offer."""
    me, ritual = request.membership, ritual_for(request.membership, ritual_id)
    standing = selectors.offer_of(ritual)

    def act() -> None:
        if request.POST.get("withdraw") == "yes" and standing is not None:
            standing.ritual = ritual
            services.withdraw(by=me, row=standing)
        else:
            terms, word = request.POST.get("terms", ""), request.POST.get("word", "")
            services.offer(by=me, ritual=ritual, terms=terms, word=word)

    _try(request, act)
    return redirect("exchange:lineage", guild_slug, ritual_id)


@never_cache
@require_POST
def adopt(request: GuildRequest, guild_slug: str, offer_id: UUID) -> HttpResponseBase:
    """Takes an offered ritual up in a colony."""
    me = request.membership
    row = selectors.offer_for(me, offer_id)
    colony = colony_for(me, request.POST.get("colony", ""))
    made = _try(request, lambda: services.adopt(by=me, row=row, colony=colony))
    if made is None:
        return redirect("exchange:exchange", guild_slug)
    messages.success(request, f"{colony.name} has taken it up, with its credit and its lineage.")
    return redirect("colonies:ritual", guild_slug, made.pk)


def _try(request: GuildRequest, act: Any) -> Any:
    try:
        return act()
    except ColonyError as error:
        messages.error(request, str(error))
        return None
