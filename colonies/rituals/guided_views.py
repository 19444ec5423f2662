"""Guided mode: step after step on a screen that grows dark, without a touch, and without a network."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from colonies.rituals import selectors
from colonies.rituals.pacing import paced
from colonies.rituals.texts import in_words_of
from guild.tenancy.requests import GuildRequest

WORKER = settings.BASE_DIR / "static" / "js" / "guided_worker.js"


@never_cache
@require_safe
def guided(request: GuildRequest, guild_slug: str, ritual_id: UUID) -> HttpResponse:
    """The newest version, step by step; without scripts it is the list of its steps."""
    ritual = selectors.ritual_for(request.membership, ritual_id)
    reading = selectors.reading_of(ritual, language=request.GET.get("language", ""))
    text = reading.version.text
    if reading.translation is not None:
        text = in_words_of(text, reading.translation.wording)
    context = {"ritual": ritual, "colony": ritual.colony, "text": text, "steps": paced(text.steps)}
    return render(request, "colonies/rituals/guided.html", context)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps an opened ritual for when there is no network. At the root, since a worker's
    reach begins at its own address; it holds nobody's words.
    """
    reply = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    reply["Cache-Control"] = "no-cache"
    return reply
