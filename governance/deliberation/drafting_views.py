"""Pages on which proposals are written, changed, and compared in their versions."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.deliberation import services
from governance.deliberation.answering import said, status_of, tried
from governance.deliberation.differences import runs_between
from governance.deliberation.enums import Kind
from governance.deliberation.forms import AmendForm, AnswerForm, WordsForm
from governance.deliberation.kind_forms import form_of, kinds_offered, part_asked
from governance.deliberation.law_forms import chapters_of
from governance.deliberation.models import Proposal, Version
from governance.deliberation.pages import lines_between
from governance.deliberation.selectors import amendment_for, proposal_for, version_of, versions_of
from governance.deliberation.views import page_again
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.requests import GuildRequest

NEW_DRAFT: Final = "proposal-new"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """First what sort of thing it is, then what it says."""
    require(actor=request.membership, action=Action.PROPOSE, resource=entities.guild(request.guild.pk))
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    if asked not in {kind for kind, _ in kinds_offered()}:
        return render(request, "governance/deliberation/kinds.html", {"kinds": kinds_offered()})
    part = part_asked(request, Kind(asked))
    if asked == Kind.POLICY and not part:
        chapters = {"chapters": chapters_of(request.guild), "kind": Kind.POLICY}
        return render(request, "governance/deliberation/parts.html", chapters)
    data = request.POST if request.method == "POST" else None
    form = form_of(Kind(asked), data, guild=request.guild, part=part)
    draft_key = f"{NEW_DRAFT}-{asked}{part.name if part else ''}"
    if data is not None and read_by_own_clock(request, form):
        made = said(form, lambda: services.propose(by=request.membership, draft=form.draft()))
        if made is not None:
            messages.success(
                request, "It is proposed. Others can sponsor it now.", extra_tags=f"draft:{draft_key}"
            )
            return redirect("deliberation:proposal", guild_slug, made.pk)
    context = {"form": form, "kind": Kind(asked), "draft_key": draft_key, "part": part}
    return render(request, "governance/deliberation/new.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """Another version, by the author."""
    proposal = proposal_for(request.membership, decision_id)
    require(
        actor=request.membership,
        action=Action.REVISE_PROPOSAL,
        resource=entities.proposal(id=proposal.pk, guild=proposal.guild_id, author=proposal.author_id),
    )
    form = WordsForm(request.POST if request.method == "POST" else None, initial=_words(proposal))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        made = said(
            form,
            lambda: services.revise(
                proposal=proposal, by=request.membership, title=words["title"], text=words["text"]
            ),
        )
        if made is not None:
            messages.success(
                request,
                f"This is version {made.number}. Whoever sponsored the one before must do so again.",
                extra_tags=f"draft:revise-{proposal.pk}",
            )
            return redirect("deliberation:proposal", guild_slug, decision_id)
    context = {"form": form, "proposal": proposal}
    return render(request, "governance/deliberation/revise.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """Offer other words."""
    proposal = proposal_for(request.membership, decision_id)
    form = AmendForm(request.POST if request.method == "POST" else None, initial=_words(proposal))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        made = said(form, lambda: services.amend(proposal=proposal, by=request.membership, **words))
        if made is not None:
            messages.success(
                request,
                "Your amendment is offered; the author answers it.",
                extra_tags=f"draft:amend-{proposal.pk}",
            )
            return redirect("deliberation:proposal", guild_slug, decision_id)
    context = {"form": form, "proposal": proposal}
    return render(request, "governance/deliberation/amend.html", context, status=status_of(form))


@never_cache
@require_POST
def answer_amendment(request: GuildRequest, guild_slug: str, amendment_id: UUID) -> HttpResponseBase:
    """Take an amendment over, or say why not."""
    amendment = amendment_for(request.membership, amendment_id)
    if request.POST.get("decision") == "accept":
        tried(
            request,
            lambda: services.accept(amendment=amendment, by=request.membership),
            done="It is taken over: the proposal has another version, to be sponsored anew.",
        )
        return redirect("deliberation:proposal", guild_slug, amendment.proposal_id)
    form, by = AnswerForm(request.POST), request.membership
    if not form.is_valid() or not said(
        form, lambda: services.decline(amendment=amendment, by=by, answer=form.cleaned_data["answer"])
    ):
        return page_again(request, amendment.proposal, form, name="answer", label="Why not")
    messages.success(
        request, "It is declined, with your reason beside it.", extra_tags=f"draft:decline-{amendment.pk}"
    )
    return redirect("deliberation:proposal", guild_slug, amendment.proposal_id)


@never_cache
@require_safe
def versions(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponse:
    """What changed from one version to another; from the one before the last to the last, unless asked."""
    proposal = proposal_for(request.membership, decision_id)
    every = versions_of(proposal)
    newer = _chosen(request, "to", every, otherwise=every[-1])
    older = _chosen(request, "from", every, otherwise=every[max(newer.number - 2, 0)])
    context = {
        "proposal": proposal,
        "versions": every,
        "older": older,
        "newer": newer,
        "title_runs": runs_between(older.title, newer.title),
        "text_runs": runs_between(older.text, newer.text),
        "lines": lines_between(proposal, older.document, newer.document, guild=request.guild),
    }
    return render(request, "governance/deliberation/versions.html", context)


def read_by_own_clock(request: GuildRequest, form: BaseForm) -> bool:
    """Whether the form is valid, its times read by the clock of whoever sent it."""
    with timezone.override(request.user.time_zone):
        return form.is_valid()


def _chosen(request: GuildRequest, name: str, every: list[Version], *, otherwise: Version) -> Version:
    asked = request.GET.get(name, "")
    return next((one for one in every if str(one.number) == asked), otherwise)


def _words(proposal: Proposal) -> dict[str, str]:
    now = version_of(proposal)
    return {"title": now.title, "text": now.text}
