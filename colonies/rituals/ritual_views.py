"""Pages of rituals: reading, writing, comparing versions, translating, printing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colonies.rituals import selectors, times, writing
from colonies.rituals.colony_views import said, status_of
from colonies.rituals.differences import difference
from colonies.rituals.errors import ColonyError
from colonies.rituals.forms import RevisionForm, RitualForm, StepForms, TranslationForm, ritual_text
from colonies.rituals.models import Ritual, RitualVersion
from colonies.rituals.selectors import Reading
from colonies.rituals.texts import in_words_of
from colonies.rituals.times import Evening
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.journal.selectors import reckoning_of
from guild.tenancy.requests import GuildRequest

MORE_STEPS = "more"


@never_cache
@require_safe
def ritual(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """The newest version, in the language asked for."""
    row = selectors.ritual_for(request.membership, ritual_id)
    reading = selectors.reading_of(row, language=request.GET.get("language", ""))
    resource, me = selectors.resource_of(row.colony), request.membership
    inside = selectors.belongs(row.colony, me)
    context = _shown(reading) | {
        "versions": selectors.versions_of(row),
        "ahead": _ahead(request, row),
        "zone": request.user.time_zone.replace("_", " "),
        "may_write": authorize(actor=me, action=Action.WRITE_RITUAL, resource=resource).allowed,
        "may_translate": authorize(
            actor=me, action=Action.TRANSLATE_RITUAL, resource=resource, belongs=inside
        ).allowed,
    }
    return render(request, "colonies/rituals/ritual.html", context)


@never_cache
@require_safe
def version(request: GuildRequest, guild_slug: str, ritual_id: UUID, number: int) -> HttpResponse:
    """One version, and what tells it from the one before."""
    row = selectors.ritual_for(request.membership, ritual_id)
    reading = selectors.reading_of(row, number=number)
    context = _shown(reading)
    if number > 1:
        before = selectors.version_of(row, number - 1)
        context["difference"] = difference(before.text, reading.version.text)
    return render(request, "colonies/rituals/version.html", context)


@never_cache
@require_safe
def card(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """The ritual on one card, to print."""
    row = selectors.ritual_for(request.membership, ritual_id)
    reading = selectors.reading_of(row, language=request.GET.get("language", ""))
    return render(request, "colonies/rituals/card.html", _shown(reading))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponseBase:
    """A new ritual of a colony."""
    me = request.membership
    colony = selectors.colony_for(me, colony_slug)
    require(actor=me, action=Action.WRITE_RITUAL, resource=selectors.resource_of(colony))
    data = request.POST if request.method == "POST" else None
    more = data is not None and MORE_STEPS in data
    form, steps = RitualForm(data), StepForms(data, more=more)
    if data is not None and not more and form.is_valid() and steps.is_valid():
        text = ritual_text(form, steps.steps)
        made = said(form, lambda: writing.write(by=me, colony=colony, text=text))
        if made is not None:
            return redirect("colonies:ritual", guild_slug, made.pk)
    context = {"colony": colony, "form": form, "steps": steps, "more": more}
    status = 200 if more else status_of(form)
    return render(request, "colonies/rituals/ritual_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """A new version over the newest one."""
    row = selectors.written_ritual_for(request.membership, ritual_id)
    newest = selectors.newest_of(row)
    data = request.POST if request.method == "POST" else None
    more = data is not None and MORE_STEPS in data
    form = RevisionForm(data, initial=RevisionForm.of(newest) | {"on": newest.number})
    steps = StepForms(data, steps=newest.text.steps, more=more)
    if data is not None and not more and form.is_valid() and steps.is_valid():
        text, given, by = ritual_text(form, steps.steps), form.cleaned_data, request.membership
        made = said(
            form,
            lambda: writing.revise(by=by, ritual=row, text=text, note=given["note"], on=given["on"]),
        )
        if made is not None:
            return redirect("colonies:version", guild_slug, row.pk, made.number)
    context = {"colony": row.colony, "ritual": row, "form": form, "steps": steps, "more": more}
    status = 200 if more else status_of(form)
    return render(request, "colonies/rituals/ritual_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """The newest version in another language, for those who belong to the colony."""
    me = request.membership
    row = selectors.ritual_for(me, ritual_id)
    resource, inside = selectors.resource_of(row.colony), selectors.belongs(row.colony, me)
    require(actor=me, action=Action.TRANSLATE_RITUAL, resource=resource, belongs=inside)
    newest = selectors.newest_of(row)
    newest.ritual = row
    data = request.POST if request.method == "POST" else None
    form = TranslationForm(data, version=newest, initial=_begun(request, newest))
    if data is not None and form.is_valid():
        made = said(form, lambda: writing.translate(by=me, version=newest, wording=form.wording))
        if made is not None:
            address = redirect("colonies:ritual", guild_slug, row.pk).url
            return redirect(f"{address}?language={made.language}")
    context = {"colony": row.colony, "ritual": row, "version": newest, "form": form}
    return render(request, "colonies/rituals/translate.html", context, status=status_of(form))


@never_cache
@require_POST
def rest(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponseBase:
    """Lays the ritual to rest, or takes it up again."""
    row = selectors.written_ritual_for(request.membership, ritual_id)
    act = writing.wake if request.POST.get("again") == "yes" else writing.lay_to_rest
    try:
        act(by=request.membership, ritual=row)
    except ColonyError as error:
        messages.error(request, str(error))
    return redirect("colonies:ritual", guild_slug, ritual_id)


def _ahead(request: GuildRequest, ritual: Ritual) -> list[Evening]:
    reckoning = reckoning_of(request.user)
    return times.evenings_ahead(times.schedules_of(ritual), reckoning=reckoning, now=timezone.now())[:3]


def _begun(request: GuildRequest, version: RitualVersion) -> dict[str, Any]:
    """What stands there in the language asked for already."""
    wanted = request.GET.get("language", "")
    rows = selectors.translations_of(version) if wanted else []
    return next((TranslationForm.of(row) for row in rows if row.language == wanted), {"language": wanted})


def _shown(reading: Reading) -> dict[str, Any]:
    text = reading.version.text
    if reading.translation is not None:
        text = in_words_of(text, reading.translation.wording)
    languages = [reading.version.language, *(row.language for row in reading.translations)]
    return {
        "ritual": reading.ritual,
        "colony": reading.ritual.colony,
        "version": reading.version,
        "reading": reading,
        "text": text,
        "languages": languages,
    }
