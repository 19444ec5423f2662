"""The page on which stewards give offices and take them back. Every change is a leaf."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from governance.offices import services
from governance.offices.errors import OfficeRefused
from governance.offices.forms import HELD, OfficeForm, RemovalForm
from governance.offices.holdings import held_in, holders, how_offices_end
from governance.offices.invitations import open_again
from governance.offices.inviting import barred_in, may_invite
from governance.offices.selectors import appointable
from guild.tenancy.enums import Office
from guild.tenancy.requests import GuildRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Who holds what; POST appoints somebody."""
    members = appointable(request.membership)
    form = OfficeForm(request.POST if request.method == "POST" else None, members=members)
    if request.method == "POST" and form.is_valid():
        member, office = form.chosen
        try:
            services.appoint(by=request.membership, member=member, office=office)
        except OfficeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{member.display_name} is {_named(office)} now; the ledger says so.")
            return redirect("offices:home", guild_slug)
    context = {
        "form": form,
        "holders": holders(held_in(request.guild, members), HELD),
        "members": [member for member in members if member.pk != request.membership.pk],
        "barred": barred_in(request.guild.pk),
        "may_invite": may_invite(request.membership),
        "ends": how_offices_end(request.guild),
    }
    return render(request, "governance/offices/home.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def end(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Take an office back. Pressed twice, it is taken once."""
    form = OfficeForm(request.POST, members=appointable(request.membership))
    if not form.is_valid():
        messages.error(request, "That member is not here any more: reload the page to see who holds what.")
        return redirect("offices:home", guild_slug)
    member, office = form.chosen
    try:
        left = services.dismiss(by=request.membership, member=member, office=office)
    except OfficeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("offices:home", guild_slug)
    messages.success(request, f"{member.display_name} is not {_named(office)} any more; the ledger says so.")
    is_own = left.pk == request.membership.pk and Office.STEWARD not in left.offices
    return redirect("portal:guild" if is_own else "offices:home", guild_slug)


@never_cache
@require_POST
def renew(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Give another term to somebody who holds an office."""
    form = OfficeForm(request.POST, members=appointable(request.membership))
    if not form.is_valid():
        messages.error(request, "That member is not here any more: reload the page to see who holds what.")
        return redirect("offices:home", guild_slug)
    member, office = form.chosen
    try:
        services.renew_term(by=request.membership, member=member, office=office)
    except OfficeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{member.display_name} is {_named(office)} for another term.")
    return redirect("offices:home", guild_slug)


@never_cache
@require_POST
def remove(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """End somebody's membership."""
    form = RemovalForm(request.POST, members=appointable(request.membership))
    if not form.is_valid():
        messages.error(request, "That member is not here any more.")
        return redirect("offices:home", guild_slug)
    member, is_barred = form.chosen
    try:
        services.remove(by=request.membership, member=member, is_barred=is_barred)
    except OfficeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{member.display_name} is no member any more; the ledger says so.")
    return redirect("offices:home", guild_slug)


@never_cache
@require_POST
def unbar(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Let somebody who was removed come in by invitation again."""
    appointable(request.membership)
    form = RemovalForm(request.POST, members=barred_in(request.guild.pk))
    if form.is_valid():
        member, _ = form.chosen
        open_again(by=request.membership, member=member)
        messages.success(request, f"{member.display_name} may come in by invitation again.")
    return redirect("offices:home", guild_slug)


def _named(office: Office) -> str:
    label = office.label.lower()
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"
