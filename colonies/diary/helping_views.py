"""Does it help: one's own nights with and without a ritual; for those who lead, of all who allow it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from colonies.diary import helping
from colonies.diary.comparison import FEW_NIGHTS, FEW_PEOPLE
from colonies.diary.helping import Shared
from colonies.rituals import selectors
from colonies.rituals.errors import NotNow
from colonies.rituals.models import Colony
from governance.consent.enums import Purpose
from governance.consent.purposes import registered
from governance.consent.selectors import allows
from governance.policies.enums import Action
from governance.policies.services import authorize
from guild.tenancy.requests import GuildRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def helps(request: GuildRequest, guild_slug: str, colony_slug: str) -> HttpResponse:
    """One's own comparisons; a press by those who lead makes one over all who allow it, which is not kept."""
    colony = selectors.colony_for(request.membership, colony_slug)
    shared = _compared(request, colony) if request.method == "POST" else None
    resource = selectors.resource_of(colony)
    context: dict[str, Any] = {
        "colony": colony,
        "own": helping.own_comparisons(request.membership, colony, now=timezone.now()),
        "shared": shared,
        "leads": authorize(actor=request.membership, action=Action.LEAD_COLONY, resource=resource).allowed,
        "rituals": [row for row in selectors.rituals_of(colony) if not row.is_at_rest],
        "allows": allows(request.membership, Purpose.COMPARISON),
        "notice": registered(Purpose.COMPARISON).notice.text,
        "parts": helping.parts_of(request.membership),
        "few_people": FEW_PEOPLE,
        "few_nights": FEW_NIGHTS,
    }
    return render(request, "colonies/diary/helps.html", context)


def _compared(request: GuildRequest, colony: Colony) -> Shared | None:
    try:
        ritual = selectors.ritual_for(request.membership, UUID(request.POST.get("ritual", "")))
    except ValueError as error:
        raise BadRequest("Choose the ritual to compare nights with and without.") from error
    if ritual.colony_id != colony.pk:
        raise BadRequest("That ritual is another colony's: open the page of its own colony.")
    try:
        return helping.compare(by=request.membership, ritual=ritual, now=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return None
