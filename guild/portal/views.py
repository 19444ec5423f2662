"""Home pages, gathered from every room."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from colonies.exchange.counting import told_to
from colonies.exchange.waiting import waiting_for
from governance.offices.handing_over import waiting_for as waiting_offers
from governance.offices.inviting import may_invite
from governance.offices.joint import closing_of
from governance.offices.kept import waits
from governance.offices.selectors import may_appoint
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import authorize, require
from guild.journal.forms import DreamForm
from guild.portal.home import duties_of, night_of, wanted_in
from guild.tenancy.requests import DreamerRequest, GuildRequest
from guild.tenancy.selectors import members_of
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.selectors import runs_for
from lounges.sessions.selectors import lounges_for, sessions_ahead

AHEAD, RECENT = 8, 4
SECURITY_CONTACT_DAYS = 365


@require_safe
def night(request: DreamerRequest) -> HttpResponse:
    """My night: tonight, my last dreams, my sessions, what was done with my dreams."""
    capture, invited = DreamForm(dreamer=request.user), waits(request)
    context = {**vars(night_of(request.user)), "capture": capture, "invited": invited}
    return render(request, "portal/night.html", context)


@require_safe
def guild_home(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """A guild's home: its sessions, lounges and dreamscapes, and who is here."""
    me, guild = request.membership, request.guild
    require(actor=me, action=Action.VIEW_GUILD, resource=entities.guild(guild.pk))
    may_open = authorize(actor=me, action=Action.MANAGE_LOUNGE, resource=entities.guild(guild.pk)).allowed
    context = {
        "law": law_of(guild),
        "members": members_of(guild.pk),
        "lounges": lounges_for(me),
        "sessions": sessions_ahead(me, limit=AHEAD),
        "dreamscapes": runs_for(me).filter(state=RunState.FINISHED)[:RECENT],
        "may_open": may_open,
        "may_appoint": may_appoint(me),
        "may_invite": may_invite(me),
        "closing": closing_of(guild.pk),
        "offers": waiting_offers(me),
        "duties": duties_of([me]),
        "wanted": wanted_in([me]),
        "notices": told_to(me),
        "waiting": waiting_for(me),
        "zone": request.user.time_zone.replace("_", " "),
    }
    return render(request, "portal/guild.html", context)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness."""
    expires = timezone.now() + timedelta(days=SECURITY_CONTACT_DAYS)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
