"""The page of the guild's policy about exchange: read by every member, set by stewards."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from colonies.exchange.forms import REACH_HINTS, PolicyForm
from colonies.rituals.colony_views import status_of
from governance.policies import entities
from governance.policies.enacting import ValueRefused, set_exchange
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.requests import GuildRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """How far rituals travel, with whom, and how alike colonies may grow."""
    me, resource = request.membership, entities.guild(request.guild.pk)
    require(actor=me, action=Action.VIEW_GUILD, resource=resource)
    may_set = authorize(actor=me, action=Action.SET_EXCHANGE, resource=resource).allowed
    if request.method == "POST":
        require(actor=me, action=Action.SET_EXCHANGE, resource=resource)
    form = PolicyForm(
        request.POST if request.method == "POST" else None, initial=PolicyForm.of(request.guild)
    )
    if request.method == "POST" and form.is_valid() and _set(request, form):
        messages.success(request, "The policy is set, and stands in the ledger.")
        return redirect("exchange:policy", guild_slug)
    context = {"form": form, "may_set": may_set, "hints": REACH_HINTS}
    return render(request, "colonies/exchange/policy.html", context, status=status_of(form))


def _set(request: GuildRequest, form: PolicyForm) -> bool:
    given = form.cleaned_data
    try:
        set_exchange(by=request.membership, reach=given["reach"], partners=given["partners"], fall=form.share)
    except ValueRefused as error:
        form.add_error(error.field, str(error))
        return False
    return True
