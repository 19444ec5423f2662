"""What every member may read of oversight: the report, each ruling in force, and the way to appeal one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from governance.audits.deadlines import APPEAL_PERIOD
from governance.oversight import appealing
from governance.oversight.access import is_concerned, is_named, may_oversee, ruling_for
from governance.oversight.described import rule_of, title_of
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.forms import ReasonsForm
from governance.oversight.reporting import report_for
from governance.oversight.ruling_models import Ruling
from governance.oversight.tellings import mark_read
from guild.tenancy.requests import GuildRequest

LENT = "It is about a dream that you lent to this guild. The dream in your journal is as you wrote it."
NAMED = "It names you. You may appeal it."


@never_cache
@require_safe
def report(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Twelve months of the guild's oversight, to read or to print."""
    context = {
        "report": report_for(request.membership),
        "may_oversee": may_oversee(request.membership),
    }
    return render(request, "governance/oversight/report.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ruling_detail(request: GuildRequest, guild_slug: str, ruling_id: UUID) -> HttpResponse:
    """One ruling that took effect; whoever it touches appeals it here."""
    ruling = ruling_for(request.membership, ruling_id)
    form = ReasonsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _appealed(request, ruling, form):
        return redirect("transparency:ruling", guild_slug, ruling_id)
    mark_read(by=request.membership, ruling=ruling)
    concerned = is_concerned(request.membership, ruling)
    oversees = may_oversee(request.membership)
    context = {
        "ruling": ruling,
        "rule": rule_of(ruling.finding.rule),
        "title": title_of(ruling.finding.rule),
        "appeals": list(ruling.appeals.all()),
        "is_concerned": concerned,
        "may_appeal": concerned and appealing.is_open_to_appeal(ruling, at=timezone.now()),
        "appeal_until": ruling.in_force_at + APPEAL_PERIOD if ruling.in_force_at else None,
        "may_oversee": oversees,
        "show_names": oversees or concerned,
        "concern": NAMED if is_named(request.membership, ruling) else LENT,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "governance/oversight/ruling.html", context, status=status)


def _appealed(request: GuildRequest, ruling: Ruling, form: ReasonsForm) -> bool:
    """Whether there is nothing more to ask; the form's errors say what to change."""
    said = form.cleaned_data["reasons"]
    try:
        appealing.appeal(ruling=ruling, by=request.membership, reasons=said)
    except Unfit as error:
        form.add_error(error.field, str(error))
        return False
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, "Your appeal is made: an enforcer who had no part in the ruling decides it."
        )
    return True
