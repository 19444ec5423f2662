"""The first page of oversight, and its audits."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from governance.audits import services
from governance.oversight.access import require_enforcer
from governance.oversight.auditing import audit_for, audits_of, told
from governance.oversight.overview import overview_for
from governance.oversight.periods import Step
from guild.tenancy.requests import GuildRequest

AUDITS_A_PAGE = 20


@never_cache
@require_safe
def dashboard(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """What waits to be decided, the state of the log, what changed, consents and uses, audits."""
    step = Step.MONTH if request.GET.get("by") == Step.MONTH else Step.WEEK
    context = {"view": overview_for(request.membership, step=step)}
    return render(request, "governance/oversight/dashboard.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def audits(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Every audit, latest first; a POST starts one, or finds the one that is on its way."""
    require_enforcer(request.membership)
    if request.method == "POST":
        services.request_audit(by=request.membership)
        messages.success(request, "An audit is on its way. This page follows it.")
        return redirect("oversight:audits", guild_slug)
    page = Paginator(audits_of(request.guild.pk), AUDITS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "audits": told(page.object_list)}
    return render(request, "governance/oversight/audits.html", context)


@never_cache
@require_safe
def audit_progress(request: GuildRequest, guild_slug: str, audit_id: UUID) -> HttpResponse:
    """How far one audit is: a part of a page, asked for again as long as it goes on."""
    (line,) = told([audit_for(request.membership, audit_id)])
    return render(request, "governance/oversight/audit_row.html", {"line": line})
