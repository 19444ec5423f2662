"""Proposals as members read and vote on them."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from governance.deliberation import services, voting
from governance.deliberation.answering import Refused, complaint, said, tried
from governance.deliberation.choices import OBJECT
from governance.deliberation.counts import export_of
from governance.deliberation.enums import Kind
from governance.deliberation.errors import NoSuchProposal, NotNow
from governance.deliberation.forms import AnswerForm, ArgumentForm, BallotForm, SearchForm
from governance.deliberation.listing import lists_of
from governance.deliberation.models import Proposal
from governance.deliberation.pages import choice_words, page_of, standing_of
from governance.deliberation.receipts import Kept, receipt_of
from governance.deliberation.searching import petitions_with, proposals_with
from governance.deliberation.selectors import objection_for, proposal_for, version_of
from governance.deliberation.voting import Cast
from governance.policies.drafts import DraftRefused, read
from governance.policies.errors import TooOften
from governance.policies.previewing import preview
from guild.tenancy.requests import GuildRequest

ENDED_A_PAGE = 20
AS_JSON = {"indent": 1, "ensure_ascii": False}


@never_cache
@require_safe
def home(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """What is being decided, what was, and what waits for whoever looks; or what was looked for."""
    form = SearchForm(request.GET)
    if not form.is_valid() or form.cleaned_data["words"]:
        return _found(request, form)
    context = lists_of(request.membership) | {"search": form}
    page = Paginator(context.pop("ended"), ENDED_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "governance/deliberation/home.html", context | {"page": page})


def _found(request: GuildRequest, form: SearchForm) -> HttpResponse:
    """What was looked for; nothing for what cannot be looked for, which is said."""
    words = form.cleaned_data.get("words", "")
    proposals = proposals_with(request.membership, words)
    petitions = petitions_with(request.membership, words)
    if form.errors:
        proposals, petitions = proposals.none(), petitions.none()
    context = {
        "search": form,
        "page": Paginator(proposals, ENDED_A_PAGE).get_page(request.GET.get("page")),
        "petitions": petitions[:ENDED_A_PAGE],
        "query": f"{urlencode({'words': words})}&",
    }
    status = 422 if form.errors else 200
    return render(request, "governance/deliberation/found.html", context, status=status)


@never_cache
@require_safe
def detail(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponse:
    """One proposal: what it would change, what is said about it, who sponsors it, the vote and its count."""
    return render_page(request, proposal_for(request.membership, decision_id))


def render_page(request: GuildRequest, proposal: Proposal, **forms: object) -> HttpResponse:
    """The page of a proposal; `forms` are those that were filled in and refused."""
    refused = any(getattr(form, "errors", None) for form in forms.values())
    context = {
        "page": page_of(proposal, request.membership),
        **_tried(request, proposal),
        "argument_form": ArgumentForm(),
        "refused": None,
        "ranks": None,
        **forms,
    }
    return render(request, "governance/deliberation/proposal.html", context, status=422 if refused else 200)


def page_again(
    request: GuildRequest, proposal: Proposal, form: BaseForm, *, name: str, label: str = "", **more: object
) -> HttpResponse:
    """The page as it is now, with what was written in the field `name` of a form that was refused; the page
    calls the field `label`, where it has another name for it than the form.
    """
    form.fields[name].label = label or form.fields[name].label
    form.auto_id = "refused_%s"  # others of the page have fields of this name
    refused = Refused(form, request.path, name)
    return render_page(request, proposal_for(request.membership, proposal.pk), refused=refused, **more)


def _tried(request: GuildRequest, proposal: Proposal) -> dict[str, object]:
    """If asked for, what the change of the law would have done to the last 90 days, or why not now; neither
    where there is nothing to try.
    """
    if "preview" not in request.GET or proposal.kind != Kind.POLICY or proposal.has_ended:
        return {}
    try:
        return {"preview": preview(by=request.membership, draft=read(version_of(proposal).document))}
    except DraftRefused:
        return {}  # the law has changed since: the page says so beside its changes
    except TooOften as refusal:
        return {"wait": str(refusal)}


@never_cache
@require_safe
def standing(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponse:
    """The moving part of the page; tells it to reload when the rest does not hold any more."""
    proposal = proposal_for(request.membership, decision_id)
    now = standing_of(proposal, request.guild)
    answer = render(request, "governance/deliberation/standing.html", {"standing": now})
    if request.GET.get("mark", now.mark) != now.mark:
        answer["HX-Refresh"] = "true"
    return answer


@never_cache
@require_POST
def sponsor(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """Ask for the version that was read to be voted on."""
    proposal = proposal_for(request.membership, decision_id)
    number = request.POST.get("version", "")
    version = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    tried(
        request,
        lambda: services.sponsor(proposal=proposal, by=request.membership, version=version),
        done="You sponsor it.",
    )
    return redirect("deliberation:proposal", guild_slug, decision_id)


@never_cache
@require_POST
def withdraw(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """Take one's own proposal back."""
    proposal = proposal_for(request.membership, decision_id)
    tried(
        request,
        lambda: services.withdraw(proposal=proposal, by=request.membership),
        done="It is withdrawn.",
    )
    return redirect("deliberation:proposal", guild_slug, decision_id)


@never_cache
@require_POST
def vote(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """Cast a ballot, or change it. A secret one is answered by its receipt."""
    proposal = proposal_for(request.membership, decision_id)
    form = BallotForm(request.POST, options=len(version_of(proposal).options))
    cast = _cast(request, proposal, form) if form.is_valid() else None
    if cast is None:
        return _not_cast(request, proposal, form)
    if proposal.secret and cast.changed:
        words = choice_words(cast.choice, version_of(proposal).options)
        context = {"proposal": proposal, "cast": cast, "words": words}
        return render(request, "governance/deliberation/receipt.html", context)
    put_away = f"draft:object-{proposal.pk}" if cast.choice == OBJECT else ""
    messages.success(
        request, "Your ballot is cast. You can change it until voting ends.", extra_tags=put_away
    )
    return redirect("deliberation:proposal", guild_slug, decision_id)


def _cast(request: GuildRequest, proposal: Proposal, form: BallotForm) -> Cast | None:
    words, by = form.cleaned_data, request.membership
    return said(
        form,
        lambda: voting.cast(
            proposal=proposal,
            by=by,
            choice=form.chosen,
            reason=words["reason"],
            receipt=_receipt(words["receipt"]),
        ),
    )


def _not_cast(request: GuildRequest, proposal: Proposal, form: BallotForm) -> HttpResponseBase:
    """What was written stays on the page; a press of a button is answered on the next one."""
    name = "reason" if request.POST.get("choice") == OBJECT else "receipt"
    if not request.POST.get(name) or proposal.opened_at is None:
        messages.error(request, complaint(form))
        return redirect("deliberation:proposal", request.guild.slug, proposal.pk)
    ranks = [(number, text, form.placed(number)) for number, text in enumerate(version_of(proposal).options)]
    return page_again(request, proposal, form, name=name, ranks=ranks)


def _receipt(text: str) -> Kept | None:
    """The receipt that was pasted in; None where none was, or it is none."""
    if not text:
        return None
    try:
        read = json.loads(text)
        return Kept(UUID(read["ballot"]), str(read["nonce"]), str(read.get("choice", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


@never_cache
@require_safe
def receipt(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponse:
    """One's own receipt, as a file."""
    proposal = proposal_for(request.membership, decision_id)
    kept = receipt_of(request.membership.dreamer_id, proposal.pk)
    if kept is None:
        raise NoSuchProposal("There is no receipt of yours for this vote.")
    document = {
        "proposal": str(proposal.pk),
        "ballot": str(kept.ballot),
        "choice": kept.choice,
        "nonce": kept.nonce,
    }
    return _file(document, name=f"receipt-{proposal.pk}.json")


@never_cache
@require_safe
def export(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """The vote as a file, for counting it again."""
    proposal = proposal_for(request.membership, decision_id)
    try:
        return _file(export_of(proposal), name=f"vote-{proposal.pk}.json")
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect("deliberation:proposal", guild_slug, decision_id)


def _file(document: Mapping[str, object], *, name: str) -> HttpResponse:
    answer = HttpResponse(json.dumps(document, **AS_JSON), content_type="application/json")  # type: ignore[arg-type]
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@never_cache
@require_POST
def answer_objection(
    request: GuildRequest, guild_slug: str, decision_id: UUID, objection_id: UUID
) -> HttpResponseBase:
    """Answer an objection, as the author."""
    proposal = proposal_for(request.membership, decision_id)
    objection = objection_for(request.membership, proposal, objection_id)
    form, by = AnswerForm(request.POST), request.membership
    if not form.is_valid() or not said(
        form, lambda: voting.answer(objection=objection, by=by, text=form.cleaned_data["answer"])
    ):
        return page_again(request, proposal, form, name="answer")
    messages.success(
        request, "Your answer stands beside the objection.", extra_tags=f"draft:answer-{objection.pk}"
    )
    return redirect("deliberation:proposal", guild_slug, decision_id)
