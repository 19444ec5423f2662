"""The pages on which invitations are made and revoked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from governance.offices import invitations
from governance.offices.errors import OfficeRefused, TooOften
from governance.offices.invitation_forms import InviteForm
from governance.offices.invitations import Made
from governance.offices.inviting import invitations_for, state_of
from governance.offices.letters import link_of
from governance.offices.rates import count
from guild.tenancy.requests import GuildRequest

SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """What stands; POST makes one more, whose link is shown in the answer and never again."""
    invitations_for(request.membership)
    form = InviteForm(request.POST if request.method == "POST" else None)
    made = _made(request, form) if request.method == "POST" and form.is_valid() else None
    return _page(request, InviteForm() if made else form, made=made)


@never_cache
@require_POST
def revoke(request: GuildRequest, guild_slug: str, invitation_id: UUID) -> HttpResponseBase:
    """Let nobody in by it any more."""
    invitations.revoke(by=request.membership, invitation=invitation_id)
    messages.success(request, "The invitation is revoked: its link opens nothing any more.")
    return redirect("offices:invitations", guild_slug)


def _made(request: GuildRequest, form: InviteForm) -> Made | None:
    """The invitation; None with the reason in the form."""
    given = form.cleaned_data
    try:
        if given["address"]:
            count(request, action="send_invitation")
        return invitations.invite(
            by=request.membership,
            days=given["days"],
            uses=given["uses"],
            label=given["label"],
            address=given["address"],
        )
    except (OfficeRefused, TooOften) as refusal:
        form.add_error(None, str(refusal))
        return None


def _page(request: GuildRequest, form: InviteForm, *, made: Made | None) -> HttpResponse:
    rows = [(row, state_of(row)) for row in invitations_for(request.membership)[:SHOWN]]
    context = {
        "form": form,
        "open": [row for row, state in rows if state == "open"],
        "over": [(row, state) for row, state in rows if state != "open"],
        "made": made,
        "link": link_of(made.code) if made else "",
    }
    status = 422 if form.errors else 200
    return render(request, "governance/offices/invitations.html", context, status=status)
