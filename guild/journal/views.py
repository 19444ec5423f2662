"""Pages of the journal: fetch with access, read the form, call one service, render."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guild.journal import selectors, services
from guild.journal.affect import Suggestion, suggest
from guild.journal.afterwards import open_question
from guild.journal.enums import Emotion
from guild.journal.errors import DraftRefused, EditedElsewhere
from guild.journal.forms import DreamForm, SearchForm
from guild.journal.highlights import Query
from guild.journal.months import Month
from guild.journal.records import OpenDream
from guild.tenancy.requests import DreamerRequest

NEW_DRAFT = "journal-new"


def draft_of(dream_id: UUID) -> str:
    """The key under which the browser keeps an unsaved edit of this dream."""
    return f"dream-{dream_id}"


@never_cache
@require_safe
def dream_list(request: DreamerRequest) -> HttpResponse:
    """The journal, newest night first."""
    page = selectors.dreams_page_for(request.user.pk, request.GET.get("page", 1))
    return render(request, "journal/list.html", {"page": page, "this_year": timezone.localdate().year})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dream_search(request: DreamerRequest) -> HttpResponse:
    """Search in one's own words. The words come by POST, so that no address, log or history holds them."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    query = Query.parse(form.cleaned_data["words"] if form.is_valid() else "")
    context = {
        "search": form,
        "asked": bool(query.terms),
        "several": len(query.terms) > 1,
        "hits": selectors.search_for(request.user.pk, query),
        "most": selectors.MOST_HITS,
        "this_year": timezone.localdate().year,
    }
    template = "journal/hits.html" if request.headers.get("HX-Request") else "journal/search.html"
    return render(request, template, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dream_new(request: DreamerRequest) -> HttpResponse:
    """Write a dream; the same form sent twice keeps one."""
    if request.method != "POST":
        form = DreamForm(dreamer=request.user, night=_asked_night(request.GET.get("night", "")))
        return _form_page(request, form, draft_key=NEW_DRAFT)
    form = DreamForm(request.POST, dreamer=request.user)
    if form.is_valid():
        try:
            dream_id = services.write_dream(
                by=request.user, draft=form.draft(), form_key=form.cleaned_data["form_key"]
            )
        except DraftRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Your dream is kept.", extra_tags=f"draft:{NEW_DRAFT}")
            return redirect("journal:detail", dream_id)
    return _form_page(request, form, draft_key=NEW_DRAFT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dream_edit(request: DreamerRequest, dream_id: UUID) -> HttpResponse:
    """Change a dream; what it said before stays as a revision."""
    dream = selectors.dream_for(request.user.pk, dream_id)
    draft_key = draft_of(dream_id)
    if request.method != "POST":
        form = DreamForm(dreamer=request.user, dream=dream)
        return _form_page(request, form, draft_key=draft_key, dream=dream)
    form = DreamForm(request.POST, dreamer=request.user)
    if form.is_valid() and _revise(request, form, dream):
        messages.success(request, "Your changes are kept.", extra_tags=f"draft:{draft_key}")
        return redirect(
            open_question(request.user.pk, dream_id) or reverse("journal:detail", args=[dream_id])
        )
    return _form_page(request, form, draft_key=draft_key, dream=dream)


def _revise(request: DreamerRequest, form: DreamForm, dream: OpenDream) -> bool:
    try:
        services.revise_dream(
            by=request.user,
            dream_id=dream.id,
            draft=form.draft(),
            expected_revision=form.cleaned_data["revision"] or 0,
        )
    except DraftRefused as refusal:
        form.refuse(refusal)
    except EditedElsewhere as refusal:
        form.add_error(None, str(refusal))
        form.answer_revision(dream.revision)
    return form.is_valid()


@never_cache
@require_safe
def dream_detail(request: DreamerRequest, dream_id: UUID) -> HttpResponse:
    """One dream, what its words suggest about emotions that were not rated, and what it said before."""
    dream = selectors.dream_for(request.user.pk, dream_id)
    suggestion = suggest(dream.narrative)
    context = {
        "dream": dream,
        "ratings": [(emotion, dream.emotions.of(emotion)) for emotion in Emotion],
        "suggested": _open_suggestions(dream, suggestion),
        "suggested_valence": suggestion.valence if dream.valence is None else None,
        "abstains": suggestion.abstains,
        "revisions": selectors.revisions_for(request.user.pk, dream_id),
        "question": open_question(request.user.pk, dream_id),
    }
    return render(request, "journal/detail.html", context)


def _open_suggestions(dream: OpenDream, suggestion: Suggestion) -> list[dict[str, object]]:
    """What the words suggest, where the dreamer has not rated: their own rating needs no second voice."""
    return [
        {"emotion": emotion, "level": level, "words": suggestion.words_for(emotion)}
        for emotion, level in suggestion.ratings.given.items()
        if dream.emotions.of(emotion) is None
    ]


@require_POST
def suggestion_accept(request: DreamerRequest, dream_id: UUID) -> HttpResponse:
    """Take one suggested rating as one's own."""
    try:
        emotion = Emotion(request.POST.get("emotion", ""))
    except ValueError as error:
        raise Http404("There is no such emotion.") from error
    services.accept_suggestion(by=request.user, dream_id=dream_id, emotion=emotion)
    messages.success(request, f"{emotion.label} is rated. It is yours now: change it whenever you like.")
    return HttpResponseRedirect(f"{reverse('journal:detail', args=[dream_id])}#feelings")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dream_delete(request: DreamerRequest, dream_id: UUID) -> HttpResponse:
    """Ask once, then remove the dream and everything it ever said."""
    dream = selectors.dream_for(request.user.pk, dream_id)
    if request.method != "POST":
        return render(request, "journal/delete.html", {"dream": dream})
    services.delete_dream(by=request.user, dream_id=dream_id)
    messages.success(request, "The dream is deleted.", extra_tags=f"draft:{draft_of(dream_id)}")
    return redirect("journal:list")


@never_cache
@require_safe
def month(request: DreamerRequest, year: int | None = None, month: int | None = None) -> HttpResponse:
    """A month of nights. Raises Http404 for a month that the calendar does not have."""
    latest = selectors.latest_night_of(request.user)
    shown = Month.of(latest) if year is None or month is None else Month.checked(year, month)
    if shown is None:
        raise Http404("There is no such month.")
    weeks = selectors.month_for(request.user.pk, year=shown.year, month=shown.month, latest_night=latest)
    context = {"month": shown, "weeks": weeks, "latest_night": latest, "is_last": shown >= Month.of(latest)}
    return render(request, "journal/calendar.html", context)


@never_cache
@require_safe
def night(request: DreamerRequest, night: str) -> HttpResponse:
    """The dreams of one night."""
    on = _asked_night(night)
    if on is None:
        raise Http404("There is no such night.")
    dreams = selectors.dreams_of_night_for(request.user.pk, on)
    return render(request, "journal/night.html", {"night": on, "dreams": dreams})


def _asked_night(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _form_page(
    request: DreamerRequest, form: DreamForm, *, draft_key: str, dream: OpenDream | None = None
) -> HttpResponse:
    context = {"form": form, "draft_key": draft_key, "dream": dream}
    return render(request, "journal/form.html", context, status=422 if form.errors else 200)
