"""The exchange of a guild: what is offered, asking for it, taking it up; how many cultures there are."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colonies.exchange import asking as askings
from colonies.exchange import counting, evenings, house, selectors, services
from colonies.exchange.drawing import months_drawn
from colonies.exchange.enums import Answer
from colonies.exchange.forms import TERMS_HINTS, AnswerForm, AskForm, ColonyChoice
from colonies.exchange.models import Offer
from colonies.rituals.colony_views import said, status_of
from colonies.rituals.errors import ColonyError
from colonies.rituals.models import Colony
from colonies.rituals.selectors import newest_of, resource_of, translations_of
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import require
from guild.tenancy.requests import GuildRequest


@never_cache
@require_safe
def exchange(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Every offer, what waits for an answer, and what lies ahead."""
    me, now = request.membership, timezone.now()
    every = evenings.evenings_for(me)
    context = {
        "offers": selectors.offers_for(me),
        "house_offers": house.house_offers_for(me),
        "led": selectors.colonies_led_by(me),
        "askings": selectors.askings_for(me),
        "asked": selectors.asked_by_colonies_of(me),
        "ahead": [one for one in every[::-1] if evenings.begins(one) > now],
        "past": [one for one in every if evenings.is_over(one, now=now)],
        "notices": counting.told_to(me),
    }
    return render(request, "colonies/exchange/exchange.html", context)


@never_cache
@require_safe
def diversity(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """How many cultures the guild holds, now and month by month, and what it is told of that."""
    standing = counting.standing_for(request.membership)
    fall = float(law_of(request.guild).diversity_fall)
    values = [(one.month, one.moment.distinctness) for one in standing.months]
    context = {"standing": standing, "chart": months_drawn(values, allowed_fall=fall), "allowed_fall": fall}
    return render(request, "colonies/exchange/diversity.html", context)


@never_cache
@require_safe
def taking(request: GuildRequest, guild_slug: str, offer_id: UUID) -> HttpResponse:
    """What is offered, on which terms, and taking it up or asking for it."""
    return _taking(request, selectors.offer_for(request.membership, offer_id))


@never_cache
@require_POST
def adopt(request: GuildRequest, guild_slug: str, offer_id: UUID) -> HttpResponseBase:
    """Takes an offered ritual up in a colony."""
    row = selectors.offer_for(request.membership, offer_id)
    form = ColonyChoice(request.POST, colonies=_takers(request, row))
    if not form.is_valid():
        return _taking(request, row, form=form)
    by, colony = request.membership, form.chosen
    made = said(form, lambda: services.adopt(by=by, row=row, colony=colony))
    if made is None:
        return _taking(request, row, form=form)
    messages.success(request, f"{colony.name} has taken it up, with its credit and its lineage.")
    return redirect("colonies:ritual", guild_slug, made.pk)


@never_cache
@require_POST
def ask(request: GuildRequest, guild_slug: str, offer_id: UUID) -> HttpResponseBase:
    """Asks for a ritual that is given by request."""
    row = selectors.offer_for(request.membership, offer_id)
    form = AskForm(request.POST, colonies=_takers(request, row))
    if form.is_valid():
        by, given = request.membership, form.cleaned_data
        if said(form, lambda: askings.ask(by=by, row=row, colony=form.chosen, word=given["word"])):
            messages.success(request, f"{row.ritual.colony.name} is asked, and will answer here.")
            return redirect("exchange:exchange", guild_slug)
    return _taking(request, row, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asking(request: GuildRequest, guild_slug: str, asking_id: UUID) -> HttpResponseBase:
    """One request for a ritual, and the answer of those who lead its colony."""
    me = request.membership
    row = selectors.asking_for(me, asking_id)
    ritual = row.offer.ritual
    require(actor=me, action=Action.LEAD_COLONY, resource=resource_of(ritual.colony))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        terms, reply = form.chosen_terms, form.cleaned_data["reply"]
        if answered(form, lambda: askings.answer(by=me, asking=row, terms=terms, reply=reply)):
            messages.success(request, f"{row.colony.name} reads your answer on this page.")
            return redirect("exchange:exchange", guild_slug)
    context = {"asking": row, "ritual": ritual, "form": form, "hints": TERMS_HINTS}
    context["is_open"] = row.answer == Answer.OPEN
    return render(request, "colonies/exchange/asking.html", context, status=status_of(form))


@never_cache
@require_POST
def take_back(request: GuildRequest, guild_slug: str, asking_id: UUID) -> HttpResponseBase:
    """A colony asks no more."""
    askings.take_back(by=request.membership, asking=selectors.asking_for(request.membership, asking_id))
    return redirect("exchange:exchange", guild_slug)


def _takers(request: GuildRequest, row: Offer) -> list[Colony]:
    """The colonies that the caller leads and that could take it up. Raises Denied where there is none."""
    led = [one for one in selectors.colonies_led_by(request.membership) if one.pk != row.ritual.colony_id]
    if not led:
        require(
            actor=request.membership,
            action=Action.ADOPT_RITUAL,
            resource=resource_of(row.ritual.colony),
            giver="",
        )
    return led


def _taking(request: GuildRequest, row: Offer, *, form: ColonyChoice | None = None) -> HttpResponse:
    version = newest_of(row.ritual)
    context = {
        "offer": row,
        "ritual": row.ritual,
        "colony": row.ritual.colony,
        "text": version.text,
        "languages": [version.language, *(one.language for one in translations_of(version))],
        "hint": TERMS_HINTS[row.terms],
        **_ways(request, row, form),
    }
    status = status_of(form) if form else HttpResponse.status_code
    return render(request, "colonies/exchange/taking.html", context, status=status)


def _ways(request: GuildRequest, row: Offer, form: ColonyChoice | None) -> dict[str, Any]:
    """What the caller can do with an offer: take it up at once or after a yes, or ask for it first."""
    led = [one for one in selectors.colonies_led_by(request.membership) if one.pk != row.ritual.colony_id]
    asked = [one for one in selectors.asked_by_colonies_of(request.membership) if one.offer_id == row.pk]
    given = [one.colony for one in asked if one.answer == Answer.GIVEN]
    settled = {one.colony_id for one in asked if one.answer != Answer.DECLINED}
    silent = [one for one in led if one.pk not in settled]
    takers = given if row.is_by_request else led
    ask_form = form if isinstance(form, AskForm) else AskForm(colonies=silent)
    taking_form = ColonyChoice(colonies=takers) if form is None or form is ask_form else form
    return {
        "asked": asked,
        "form": taking_form if takers else None,
        "ask_form": ask_form if row.is_by_request and silent else None,
        "leads": bool(led),
    }


def answered(form: Any, act: Callable[[], object]) -> bool:
    """Whether a service that returns nothing went through; its refusal was put into the form otherwise."""
    return said(form, lambda: (act(), True)) is not None


def tried(request: GuildRequest, act: Callable[[], object], *, done: str = "") -> bool:
    """Whether it went through; a refusal of the service is said on the next page."""
    try:
        act()
    except ColonyError as error:
        messages.error(request, str(error))
        return False
    if done:
        messages.success(request, done)
    return True
