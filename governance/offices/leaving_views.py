"""The way out: what leaving does, what one can take along or erase, and the word itself."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance.offices.errors import OfficeRefused
from governance.offices.leaving import leave_guild, lent_in
from governance.offices.member_forms import LENT_HINTS, TRACE_HINTS, LeaveForm
from governance.offices.services import resource_of
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.requests import GuildRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """What becomes of what; POST leaves."""
    me = request.membership
    require(actor=me, action=Action.LEAVE_GUILD, resource=resource_of(me))
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            back = leave_guild(by=me, going=form.going)
        except OfficeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            taken = f" Lent dreams taken back: {back}." if back else ""
            messages.success(request, f"You left {request.guild.name}.{taken} Your journal is as it was.")
            return redirect("portal:night")
    context = {
        "form": form,
        "lent": len(lent_in(me.dreamer_id, guild=me.guild_id)),
        "lent_hints": LENT_HINTS,
        "trace_hints": TRACE_HINTS,
    }
    return render(request, "governance/offices/leave.html", context, status=422 if form.errors else 200)
