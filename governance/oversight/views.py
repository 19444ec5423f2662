"""Pages of oversight. The log itself stands below the law, so its page stands here."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.ledger import selectors as log
from governance.oversight.selectors import ledger_lines
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.requests import GuildRequest

LEAVES_A_PAGE = 50


@require_safe
def guild_ledger(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """The newest leaves of the guild's log, with its size and root."""
    guild = request.guild.pk
    require(actor=request.membership, action=Action.VIEW_LEDGER, resource=entities.guild(guild))
    page = Paginator(log.latest(guild), LEAVES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": ledger_lines(guild, list(page.object_list)),
        "size": page.paginator.count,
        "root": log.root(guild, size=page.paginator.count).hex(),
    }
    return render(request, "governance/oversight/ledger.html", context)
