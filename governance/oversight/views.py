"""Pages of oversight. The log itself stands below the law, so its page stands here."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from governance.ledger import selectors as log
from governance.oversight.selectors import ledger_lines
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Guild
from guild.tenancy.requests import GuildRequest

LEAVES_A_PAGE = 50


def ledger_address(guild: Guild, leaf: int | None) -> str:
    """Where a leaf is seen among the others; for none, or one that the log lacks, the page of the newest."""
    address, size = reverse("ledger:guild", args=[guild.slug]), log.size_of(guild.pk)
    if leaf is None or leaf >= size:
        return address
    return f"{address}?page={(size - 1 - leaf) // LEAVES_A_PAGE + 1}#leaf-{leaf}"


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
