"""The life story of one lent dream, for enforcers: what happened to it, and never what is in it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance.oversight.described import lines
from governance.oversight.exporting import Format, export_story
from governance.oversight.stories import story_for
from guild.tenancy.requests import GuildRequest


@never_cache
@require_safe
def story(request: GuildRequest, guild_slug: str, contribution: UUID) -> HttpResponse:
    """Lent, allowed, used, taken back, its key destroyed: from leaves and rows."""
    told = story_for(request.membership, contribution)
    context = {"story": told, "story_lines": lines(told.findings, now=timezone.now())}
    return render(request, "governance/oversight/story.html", context)


@never_cache
@require_safe
def story_file(
    request: GuildRequest, guild_slug: str, contribution: UUID, file_format: Format
) -> HttpResponse:
    """The same as a file."""
    told = story_for(request.membership, contribution)
    return export_story(by=request.membership, story=told, file_format=file_format)
