"""Pages about where one ritual comes from and went to: its lineage, what was changed, what was said back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from colonies.exchange import house, selectors, services
from colonies.exchange.drawing import tree_drawn
from colonies.exchange.forms import TERMS_HINTS, BeyondForm, OfferForm, WordForm
from colonies.exchange.house_models import HouseAdoption
from colonies.exchange.lineages import Branch, Lineage, Station, lineage_of
from colonies.exchange.views import tried
from colonies.rituals.differences import difference
from colonies.rituals.models import Ritual
from colonies.rituals.selectors import belongs, newest_of, resource_of, ritual_for, version_of, versions_of
from governance.policies.enums import Action
from governance.policies.services import authorize
from guild.tenancy.requests import GuildRequest

NOT_LEARNT = "This ritual was written here: there is nothing that it was changed from."


@dataclass(frozen=True)
class Drawn:
    """A place in the lineage as it is drawn, whether of this guild or of another."""

    title: str
    keeper: str
    is_adapted: bool
    is_elsewhere: bool
    is_this: bool
    below: Sequence["Drawn"]


@never_cache
@require_safe
def lineage(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """Who learnt the ritual from whom, and what was said back; and, for those who lead, giving it on."""
    return _lineage(request, ritual_for(request.membership, ritual_id))


@never_cache
@require_safe
def adapted(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """What tells a ritual from what it was learnt from, and what was said of each change."""
    ritual = ritual_for(request.membership, ritual_id)
    came, from_afar = selectors.adoption_of(ritual), selectors.house_adoption_of(ritual)
    if came is not None:
        before = version_of(came.source, came.source_version).text
    elif from_afar is not None:
        before, _ = house.read(from_afar.document)
    else:
        raise Http404(NOT_LEARNT)
    notes = [one for one in versions_of(ritual) if one.number > 1]
    context = {
        "ritual": ritual,
        "colony": ritual.colony,
        "origin": selectors.origin_of(ritual),
        "difference": difference(before, newest_of(ritual).text),
        "notes": notes,
    }
    return render(request, "colonies/exchange/adapted.html", context)


@never_cache
@require_POST
def offer(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Offers a ritual to the colonies of the guild, or withdraws its offer."""
    me, ritual = request.membership, ritual_for(request.membership, ritual_id)
    standing = selectors.offer_of(ritual)
    if request.POST.get("withdraw") == "yes" and standing is not None:
        standing.ritual = ritual
        tried(request, lambda: services.withdraw(by=me, row=standing), done="The offer is withdrawn.")
    else:
        terms, word = request.POST.get("terms", ""), request.POST.get("word", "")
        tried(
            request,
            lambda: services.offer(by=me, ritual=ritual, terms=terms, word=word),
            done="It is offered to the other colonies.",
        )
    return redirect("exchange:lineage", guild_slug, ritual_id)


@never_cache
@require_POST
def speak(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Sends thanks or a story back to those the ritual was learnt from."""
    me, ritual = request.membership, ritual_for(request.membership, ritual_id)
    came, from_afar = selectors.adoption_of(ritual), selectors.house_adoption_of(ritual)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
    if came is not None:
        came.ritual = ritual
        tried(request, lambda: services.speak(by=me, adoption=came, kind=kind, text=text), done="It is sent.")
    elif from_afar is not None:
        from_afar.ritual = ritual
        tried(
            request,
            lambda: house.write_back(by=me, adoption=from_afar, kind=kind, text=text),
            done="It is sent to the other guild.",
        )
    else:
        messages.error(request, NOT_LEARNT)
    return redirect("exchange:lineage", guild_slug, ritual_id)


@never_cache
@require_POST
def unsay(request: GuildRequest, guild_slug: str, word_id: UUID) -> HttpResponseBase:
    """Takes back a word of one's own."""
    word = selectors.word_of(request.membership, word_id)
    services.unsay(by=request.membership, word=word)
    return redirect("exchange:lineage", guild_slug, word.adoption.ritual_id)


def _lineage(request: GuildRequest, ritual: Ritual) -> HttpResponse:
    me, resource = request.membership, resource_of(ritual.colony)
    found = lineage_of(ritual)
    adoptions = [branch.adoption.pk for branch in found.branches if branch.adoption is not None]
    came, from_afar = selectors.adoption_of(ritual), selectors.house_adoption_of(ritual)
    inside = belongs(ritual.colony, me)
    may_offer = authorize(actor=me, action=Action.OFFER_RITUAL, resource=resource, beyond=False).allowed
    may_beyond = authorize(actor=me, action=Action.OFFER_RITUAL, resource=resource, beyond=True).allowed
    leads = authorize(actor=me, action=Action.LEAD_COLONY, resource=resource).allowed
    context: dict[str, Any] = {
        "ritual": ritual,
        "colony": ritual.colony,
        "lineage": found,
        "tree": tree_drawn(drawn(found, of=ritual)),
        "origin": selectors.origin_of(ritual),
        "adoption": came,
        "from_afar": from_afar,
        "offer": selectors.offer_of(ritual),
        "house_offer": house.house_offer_of(ritual),
        "words": selectors.words_for(me, adoptions),
        "letters": house.letters_about(ritual),
        "may_speak": _may_speak(came is not None, from_afar, inside=inside, leads=leads),
        "word_form": WordForm(),
        "leads": leads,
        "may_offer": may_offer,
        "may_beyond": may_beyond,
        "offer_form": OfferForm(auto_id="within_%s"),
        "beyond_form": BeyondForm(auto_id="beyond_%s"),
        "hints": TERMS_HINTS,
    }
    return render(request, "colonies/exchange/lineage.html", context)


def _may_speak(is_learnt: bool, from_afar: HouseAdoption | None, *, inside: bool, leads: bool) -> bool:
    return inside if is_learnt else from_afar is not None and leads


def drawn(lineage: Lineage, *, of: Ritual) -> Drawn:
    """The lineage as one tree: first the stations in other guilds, one after the other."""
    tree = _branch(lineage.root, of=of)
    for station in reversed(lineage.stations):
        tree = _station(station, tree)
    return tree


def _branch(branch: Branch, *, of: Ritual) -> Drawn:
    return Drawn(
        title=branch.ritual.title,
        keeper=branch.ritual.colony.name,
        is_adapted=branch.is_adapted,
        is_elsewhere=False,
        is_this=branch.ritual.pk == of.pk,
        below=[_branch(one, of=of) for one in branch.learnt],
    )


def _station(station: Station, below: Drawn) -> Drawn:
    return Drawn(station.title, f"{station.colony}, {station.guild}", False, True, False, [below])
