"""The live page, the page for lending a dream, and the snapshot that keeps an open page right."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from governance.consent import notices
from governance.consent.enums import Surface
from governance.policies.law import law_of
from guild.journal import selectors as journal
from guild.tenancy.requests import GuildRequest
from lounges.sessions import hearing, pages, selectors
from lounges.sessions.attempts import Attempt, attempt
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.formats import Act
from lounges.sessions.forms import EXTENT_HINTS, JoinForm, ShareForm
from lounges.sessions.lending import ASKED
from lounges.sessions.loans import standing_of
from lounges.sessions.models import Session
from lounges.sessions.pages import Room
from lounges.sessions.snapshot import snapshot_of

DREAMS_OFFERED = 20


@never_cache
@require_safe
def live(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponse:
    """The session for those who take part; its terms, or the way back, for those who do not."""
    session = selectors.session_for(request.membership, session_id)
    room = pages.room_for(request.membership, session)
    if not room.is_participating:
        return render(request, "lounges/sessions/door.html", _door(room))
    context = {
        "room": room,
        "session": session,
        "terms": terms_of(session.confidentiality),
        **pages.people_here(session),
        **pages.dreamscape_of(session),
        **pages.beside(request.membership, session),
        "transcript": hearing.transcript_for(request.membership, session),
    }
    return render(request, "lounges/sessions/live.html", context)


def _door(room: Room) -> dict[str, Any]:
    terms = terms_of(room.session.confidentiality)
    mine = selectors.own_contributions(room.membership).filter(session_id=room.session.pk)
    return {
        "room": room,
        "session": room.session,
        "terms": terms,
        "form": JoinForm(initial={"terms": terms.digest}),
        "lent": mine,
        **pages.beside(room.membership, room.session),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    """Choose a dream, then how much of it and on which terms. The live page shows this in a dialogue."""
    session = selectors.heard_session_for(request.membership, session_id)
    if request.method == "POST":
        return _lend(request, session)
    chosen = request.GET.get("dream", "")
    if not chosen:
        dreams = journal.recent_dreams_for(request.user.pk, DREAMS_OFFERED)
        return _part(request, "choose", {"session": session, "dreams": dreams})
    return _terms_page(request, session, _share_form(request, session, initial={"dream": chosen}), chosen)


def _share_form(request: GuildRequest, session: Session, *sent: Any, **options: Any) -> ShareForm:
    standing = standing_of(request.membership, session)
    return ShareForm(
        *sent,
        time_zone=request.user.time_zone,
        standing=standing,
        deepest=law_of(request.guild).largest_depth,
        **options,
    )


def _lend(request: GuildRequest, session: Session) -> HttpResponseBase:
    form = _share_form(request, session, request.POST)
    if form.is_valid():
        tried = attempt(request, Act.SHARE, {"session": session.pk, **form.command()})
        if tried.refusal is None:
            return _lent(request, session)
        _explain(form, tried)
    return _terms_page(request, session, form, request.POST.get("dream", ""))


def _explain(form: ShareForm, tried: Attempt) -> None:
    """Puts a refusal beside the field it is about, or above the form."""
    form.add_error(tried.field if tried.field in form.fields else None, tried.message)


def _lent(request: GuildRequest, session: Session) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "session-shared"})
    messages.success(request, "Your dream is lent. You can take it back at any time.")
    return redirect("sessions:live", session.guild.slug, session.pk)


def _terms_page(request: GuildRequest, session: Session, form: ShareForm, chosen: str) -> HttpResponseBase:
    try:
        identity = UUID(chosen)
    except ValueError:
        return redirect("sessions:share", session.guild.slug, session.pk)
    dream = journal.dream_for(request.user.pk, identity)
    notices.serve(dreamer=request.user.pk, purposes=ASKED, surface=Surface.LENDING)
    context = {"session": session, "form": form, "dream": dream, "extent_hints": EXTENT_HINTS}
    return _part(request, "terms", context)


def _part(request: GuildRequest, step: str, context: dict[str, Any]) -> HttpResponse:
    """A step of lending: alone for the dialogue, in a page of its own otherwise."""
    inside = bool(request.headers.get("HX-Request"))
    template = f"lounges/sessions/share_{step}.html" if inside else "lounges/sessions/share.html"
    return render(request, template, {"step": step, "inside": inside, **context})


@never_cache
@require_safe
def snapshot(request: GuildRequest, guild_slug: str, session_id: UUID) -> JsonResponse:
    """The state of the session at one offset, for those who take part."""
    session = selectors.heard_session_for(request.membership, session_id)
    return JsonResponse(snapshot_of(session, request.membership))
