"""Petitions: what members ask for together."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.deliberation import petitions
from governance.deliberation.answering import said, status_of, tried
from governance.deliberation.enums import Kind, PetitionState
from governance.deliberation.kind_forms import kinds_offered, part_asked, petition_form_of
from governance.deliberation.law_forms import chapters_of
from governance.deliberation.models import Petition
from governance.deliberation.pages import changes_of
from governance.deliberation.petitions import needed_by
from governance.deliberation.selectors import petition_for, petitions_of, signers_of
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.requests import GuildRequest

NEW_DRAFT: Final = "petition-new"
A_PAGE: Final = 20


@never_cache
@require_safe
def home(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Petitions, the open ones first."""
    rows = petitions_of(request.membership)
    needed = needed_by(request.guild)
    still_open = [(row, share_of(row, needed=needed)) for row in rows.filter(state=PetitionState.OPEN)]
    ended = Paginator(rows.exclude(state=PetitionState.OPEN), A_PAGE).get_page(request.GET.get("page"))
    context = {"open": still_open, "page": ended, "needed": needed}
    return render(request, "governance/deliberation/petitions.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Start a petition."""
    guild = request.guild
    require(actor=request.membership, action=Action.START_PETITION, resource=entities.guild(guild.pk))
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = Kind(asked) if asked in {kind for kind, _ in kinds_offered()} else Kind.FREE
    data = request.POST if request.method == "POST" else None
    part = part_asked(request, kind)
    if kind == Kind.POLICY and not part:
        chapters = {"chapters": chapters_of(guild), "kind": kind, "petition": True}
        return render(request, "governance/deliberation/parts.html", chapters)
    draft_key = f"{NEW_DRAFT}-{kind}{part.name if part else ''}"
    form = petition_form_of(kind, data, guild=guild, part=part)
    if data is not None and form.is_valid():
        made = said(form, lambda: petitions.start(by=request.membership, draft=form.draft()))
        if made is not None:
            messages.success(
                request,
                "It is open for signing, and you have signed.",
                extra_tags=f"draft:{draft_key}",
            )
            return redirect("deliberation:petition", guild_slug, made.pk)
    context = {
        "form": form,
        "kind": kind,
        "kinds": kinds_offered(),
        "draft_key": draft_key,
        "part": part,
        "needed": needed_by(guild),
    }
    return render(request, "governance/deliberation/petition_new.html", context, status=status_of(form))


@never_cache
@require_safe
def detail(request: GuildRequest, guild_slug: str, petition_id: UUID) -> HttpResponse:
    """One petition, who signed it, and how many are still to."""
    petition = petition_for(request.membership, petition_id)
    signers, needed = signers_of(petition), needed_by(request.guild)
    context = {
        "petition": petition,
        "signers": signers,
        "has_signed": any(one.member_id == request.membership.pk for one in signers),
        "is_author": petition.author_id == request.membership.pk,
        "needed": needed,
        "share": share_of(petition, needed=needed),
        "changes": changes_of(
            petition.kind,
            petition.document,
            request.guild,
            reference=petition.proposal_id or petition.pk,
        ),
    }
    return render(request, "governance/deliberation/petition.html", context)


@never_cache
@require_POST
def sign(request: GuildRequest, guild_slug: str, petition_id: UUID) -> HttpResponseBase:
    """Sign, or take one's signature back."""
    petition = petition_for(request.membership, petition_id)
    if request.POST.get("signed") == "no":
        tried(
            request,
            lambda: petitions.unsign(petition=petition, by=request.membership),
            done="Your signature is taken back.",
        )
    else:
        tried(
            request,
            lambda: petitions.sign(petition=petition, by=request.membership),
            done="You have signed.",
        )
    return redirect("deliberation:petition", guild_slug, petition_id)


@never_cache
@require_POST
def withdraw(request: GuildRequest, guild_slug: str, petition_id: UUID) -> HttpResponseBase:
    """Take one's own petition back."""
    petition = petition_for(request.membership, petition_id)
    tried(
        request,
        lambda: petitions.withdraw(petition=petition, by=request.membership),
        done="It is withdrawn.",
    )
    return redirect("deliberation:petition", guild_slug, petition_id)


def share_of(petition: Petition, *, needed: int) -> float:
    """How much of what is needed has signed, from 0 to 1."""
    signed: int = getattr(petition, "signed", 0)
    return min(signed / needed, 1.0)
