"""Parts of the live page, rendered anew when an event says that they changed. Events bring ids, these bring
words.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guild.tenancy.requests import GuildRequest
from lounges.sessions import hearing, pages, selectors


@never_cache
@require_safe
def people(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponse:
    session = selectors.heard_session_for(request.membership, session_id)
    context = {"session": session, **pages.people_here(session)}
    return render(request, "lounges/sessions/people.html", context)


@never_cache
@require_safe
def stages(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponse:
    """The stages, and what can be done in this one."""
    session = selectors.heard_session_for(request.membership, session_id)
    context = {"session": session, "room": pages.room_for(request.membership, session)}
    return render(request, "lounges/sessions/stages.html", context)


@never_cache
@require_safe
def dreamscape(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponse:
    session = selectors.heard_session_for(request.membership, session_id)
    context = {
        "session": session,
        "room": pages.room_for(request.membership, session),
        **pages.dreamscape_of(session),
    }
    return render(request, "lounges/sessions/dreamscape.html", context)


@never_cache
@require_safe
def telling(request: GuildRequest, guild_slug: str, session_id: UUID, contribution_id: UUID) -> HttpResponse:
    """One lent dream, through the gate."""
    session = selectors.heard_session_for(request.membership, session_id)
    context = {
        "session": session,
        "room": pages.room_for(request.membership, session),
        "telling": hearing.telling_for(request.membership, session, contribution_id),
    }
    return render(request, "lounges/sessions/telling.html", context)


@never_cache
@require_safe
def association(
    request: GuildRequest, guild_slug: str, session_id: UUID, association_id: UUID
) -> HttpResponse:
    """What was said to one dream."""
    session = selectors.heard_session_for(request.membership, session_id)
    said = hearing.said_for(request.membership, session, association_id)
    return render(request, "lounges/sessions/said.html", {"session": session, "said": said})
