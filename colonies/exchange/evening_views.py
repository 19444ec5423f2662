"""Pages of exchange evenings: proposing one, answering, and what is said of it afterwards."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from colonies.exchange import evenings, selectors
from colonies.exchange.enums import EveningState
from colonies.exchange.evening_models import Evening
from colonies.exchange.evenings import Proposal
from colonies.exchange.forms import EveningForm, NoteForm
from colonies.exchange.views import tried
from colonies.rituals.colony_views import said, status_of
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.selectors import belongs, colonies_for, resource_of
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.requests import GuildRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Proposes an evening, as one who leads a colony."""
    me = request.membership
    ours, theirs = _rituals(request)
    if not ours:
        _require_leading(request)
    data = request.POST if request.method == "POST" else None
    form = EveningForm(data, ours=ours, theirs=theirs, zone=request.user.time_zone)
    if data is not None and form.is_valid():
        given = form.cleaned_data
        chosen = Proposal(
            form.rituals[given["ours"]],
            form.rituals[given["theirs"]],
            form.starts,
            given["zone"],
            given["word"],
        )
        made = said(form, lambda: evenings.propose(by=me, proposal=chosen))
        if made is not None:
            messages.success(request, f"It is proposed to {chosen.theirs.colony.name}.")
            return redirect("exchange:evening", guild_slug, made.pk)
    context = {"form": form, "theirs": theirs, "ours": ours}
    return render(request, "colonies/exchange/propose.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evening(request: GuildRequest, guild_slug: str, evening_id: UUID) -> HttpResponseBase:
    """One evening: the two rituals, and the notes of those who kept them."""
    me = request.membership
    row = evenings.evening_for(me, evening_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        made = said(form, lambda: evenings.note(by=me, evening=row, text=text))
        if made is not None:
            return redirect("exchange:evening", guild_slug, evening_id)
    context = _page(request, row, form)
    return render(request, "colonies/exchange/evening.html", context, status=status_of(form))


@never_cache
@require_POST
def answer(request: GuildRequest, guild_slug: str, evening_id: UUID) -> HttpResponseBase:
    """Agrees for the other colony, or declines."""
    row = evenings.evening_for(request.membership, evening_id)
    agree = request.POST.get("answer") == "yes"
    done = "It stands in everybody's calendar now." if agree else "It is declined."
    tried(request, lambda: evenings.answer(by=request.membership, evening=row, agree=agree), done=done)
    return redirect("exchange:evening", guild_slug, evening_id)


@never_cache
@require_POST
def call_off(request: GuildRequest, guild_slug: str, evening_id: UUID) -> HttpResponseBase:
    """Calls an evening off, for both colonies."""
    row = evenings.evening_for(request.membership, evening_id)
    tried(request, lambda: evenings.call_off(by=request.membership, evening=row), done="It is called off.")
    return redirect("exchange:evening", guild_slug, evening_id)


@never_cache
@require_POST
def erase_note(request: GuildRequest, guild_slug: str, evening_id: UUID, note_id: UUID) -> HttpResponseBase:
    """Takes back a note of one's own."""
    row = evenings.evening_for(request.membership, evening_id)
    evenings.erase_note(by=request.membership, evening=row, note_id=note_id)
    return redirect("exchange:evening", guild_slug, evening_id)


def _page(request: GuildRequest, row: Evening, form: NoteForm) -> dict[str, Any]:
    me, now = request.membership, timezone.now()
    leads_guest, leads_host = (_may_lead(request, colony) for colony in (row.guest, row.host))
    over = evenings.is_over(row, now=now)
    ahead = row.state in (EveningState.PROPOSED, EveningState.AGREED) and not over
    return {
        "evening": row,
        "begins": evenings.begins(row),
        "is_over": over,
        "may_answer": row.state == EveningState.PROPOSED and leads_guest,
        "may_call_off": ahead and (leads_guest or leads_host),
        "may_note": over and (belongs(row.host, me) or belongs(row.guest, me)),
        "notes": evenings.notes_of(row),
        "form": form,
        "zone": request.user.time_zone.replace("_", " "),
    }


def _may_lead(request: GuildRequest, colony: Colony) -> bool:
    resource = resource_of(colony)
    return authorize(actor=request.membership, action=Action.LEAD_COLONY, resource=resource).allowed


def _rituals(request: GuildRequest) -> tuple[list[Ritual], list[Ritual]]:
    """Those of colonies that the caller leads, and those of all others; kept ones alone."""
    me = request.membership
    led = {colony.pk for colony in selectors.colonies_led_by(me)}
    rows = selectors.kept_rituals_for(me)
    ours = [row for row in rows if row.colony_id in led]
    return ours, [row for row in rows if row.colony_id not in led] or [row for row in rows if len(led) > 1]


def _require_leading(request: GuildRequest) -> None:
    """Raises Denied for somebody who leads no colony with a ritual that is kept."""
    for colony in colonies_for(request.membership):
        require(actor=request.membership, action=Action.HOLD_EXCHANGE_EVENING, resource=resource_of(colony))
