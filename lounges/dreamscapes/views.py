"""Pages of dreamscapes: what we dreamt together, my own reflection, and the way back out."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from governance.policies.constitution import law_made_under
from governance.policies.models import PolicySet
from guild.tenancy.requests import GuildRequest
from lounges.dreamscapes import selectors, services
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.errors import Erased, NoReflection
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.pages import motifs_of, page_of
from lounges.dreamscapes.people import speakers_of
from lounges.dreamscapes.reflecting import own_dreams
from lounges.dreamscapes.thumbnails import thumbnail_of
from lounges.sessions.errors import NotNow
from lounges.sessions.selectors import took_part

A_PAGE = 12


@never_cache
@require_safe
def dreamscape_list(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """The dreamscapes of sessions I took part in, latest first."""
    page = Paginator(selectors.runs_for(request.membership), A_PAGE).get_page(request.GET.get("page"))
    runs = list(page.object_list)
    opened = {one.run.pk: one for one in selectors.opened_of(runs)}
    cards = [
        {
            "run": run,
            "title": opened[run.pk].title if run.pk in opened else "",
            "drawing": thumbnail_of(opened[run.pk].document) if run.pk in opened else None,
        }
        for run in runs
    ]
    return render(request, "lounges/dreamscapes/list.html", {"page": page, "cards": cards})


@never_cache
@require_safe
def detail(request: GuildRequest, guild_slug: str, run_id: UUID) -> HttpResponseBase:
    """A dreamscape, or where its blend stands: being made, failed, or replaced."""
    run = selectors.run_for(request.membership, run_id)
    if run.is_live:
        return render(request, "lounges/dreamscapes/waiting.html", {"run": run})
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    if run.state == RunState.HALTED:
        return render(request, "lounges/dreamscapes/halted.html", {"run": run})
    if run.state == RunState.FAILED:
        context = {"run": run, "may_retry": selectors.may_retry(run, request.membership)}
        return render(request, "lounges/dreamscapes/failed.html", context)
    try:
        return _dreamscape(request, run)
    except Erased:
        return _replaced(request, run)


def _dreamscape(request: GuildRequest, run: BlendRun) -> HttpResponse:
    opened = selectors.open_dreamscape(run)
    speakers = speakers_of(selectors.voices_of(run), reader=request.membership.dreamer_id)
    is_stale = selectors.is_stale(run)
    context = {
        "run": run,
        "title": opened.title,
        "law": _law_of(run),
        "page": page_of(opened.document, speakers),
        "is_stale": is_stale,
        "may_renew": is_stale and selectors.may_renew(run, request.membership),
    }
    return render(request, "lounges/dreamscapes/detail.html", context)


def _law_of(run: BlendRun) -> PolicySet | None:
    return (
        law_made_under(run.guild_id, run.policy_set, leaf=run.ended_leaf)
        if run.ended_leaf is not None
        else None
    )


def _replaced(request: GuildRequest, run: BlendRun) -> HttpResponse:
    context = {"run": selectors.run_for(request.membership, run.pk), "next": selectors.replacement_of(run)}
    return render(request, "lounges/dreamscapes/replaced.html", context)


@never_cache
@require_safe
def reflection(request: GuildRequest, guild_slug: str, run_id: UUID) -> HttpResponseBase:
    """My own reflection, which nobody else can open."""
    run = selectors.run_for(request.membership, run_id)
    if run.is_live or run.state in (RunState.FAILED, RunState.HALTED):
        return redirect("dreamscapes:detail", guild_slug, run_id)
    try:
        opened = selectors.reflection_in(run, request.membership)
    except Erased:
        return _replaced(request, run)
    except NoReflection:
        return render(request, "lounges/dreamscapes/listened.html", {"run": run})
    speakers = speakers_of(selectors.voices_of(run), reader=request.membership.dreamer_id)
    context = {
        "run": run,
        "title": opened.shared.title,
        "dreams": own_dreams(opened.parts, speakers, motifs_of(opened.shared.document, speakers)),
        "floor": opened.shared.document["report"]["floor"],
    }
    return render(request, "lounges/dreamscapes/reflection.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: GuildRequest, guild_slug: str, run_id: UUID) -> HttpResponseBase:
    """Take my dream back: first what follows from it, then the deed."""
    run = selectors.run_for(request.membership, run_id)
    if request.method == "POST":
        count = services.withdraw_from(run=run, by=request.membership)
        if count:
            messages.success(request, "Your dream is taken back, and its key is destroyed.")
        else:
            messages.info(request, "There was nothing of yours left in this dreamscape to take back.")
        return redirect("dreamscapes:detail", guild_slug, run_id)
    mine = [voice for voice in selectors.voices_of(run) if voice.dreamer_id == request.membership.dreamer_id]
    return render(request, "lounges/dreamscapes/withdraw.html", {"run": run, "mine": mine})


@never_cache
@require_POST
def renew(request: GuildRequest, guild_slug: str, run_id: UUID) -> HttpResponseBase:
    """Have a dreamscape made again of what its dreams say now, after one of them was corrected."""
    run = selectors.run_for(request.membership, run_id)
    try:
        following = services.renew(run=run, by=request.membership)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect("dreamscapes:detail", guild_slug, run_id)
    messages.success(request, "The blend is asked for again, of what the dreams say now.")
    return redirect("dreamscapes:detail", guild_slug, following.pk)


@never_cache
@require_POST
def retry(request: GuildRequest, guild_slug: str, run_id: UUID) -> HttpResponseBase:
    """Ask again for a dreamscape that could not be made in another's place."""
    run = selectors.run_for(request.membership, run_id)
    try:
        services.retry(run=run, by=request.membership)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The blend is asked for again.")
    if took_part(run.session, request.membership):
        return redirect("dreamscapes:detail", guild_slug, run_id)
    return redirect("dreamscapes:list", guild_slug)  # a steward who was not there may not see what is made
