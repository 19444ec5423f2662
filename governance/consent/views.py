"""A dreamer's own consents and uses, in all guilds. They answer to ownership alone: no law is asked."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from governance.consent import selectors, services, standings
from governance.consent.enums import Purpose
from governance.consent.forms import WithdrawForm
from governance.consent.withdrawals import Withdrawal
from guild.tenancy.requests import DreamerRequest

DREAMS_A_PAGE, USES_A_PAGE = 20, 50


@require_safe
def mine(request: DreamerRequest) -> HttpResponse:
    """Every contribution I ever lent, and where each purpose stands."""
    pages = Paginator(selectors.contributions_of(request.user.pk), DREAMS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    dreams = standings.lent_dreams(list(page.object_list))
    return render(request, "governance/consent/mine.html", {"page": page, "dreams": dreams})


@require_safe
def uses(request: DreamerRequest) -> HttpResponse:
    """Every use of my dreams, or with ?dream=<contribution> those of one."""
    rows = selectors.use_rows_of(request.user.pk)
    dream = _identifier(request.GET.get("dream", ""))
    if dream is not None:
        rows = rows.filter(contribution=dream)
    page = Paginator(rows, USES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "uses": standings.uses(list(page.object_list)),
        "dream": dream,
        "query": f"dream={dream}&" if dream else "",
    }
    return render(request, "governance/consent/uses.html", context)


@require_POST
def withdraw(request: DreamerRequest, contribution: UUID) -> HttpResponse:
    """Take back one purpose, or the whole contribution, in one press."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise BadRequest("There is no such purpose to withdraw.")
    done = services.withdraw(by=request.user.pk, contribution=contribution, purpose=form.chosen())
    messages.success(request, _said(done))
    return redirect("consent:mine")


def _said(done: Withdrawal) -> str:
    if done.whole:
        return "Withdrawn. That dream opens for nobody any more; what was made with it is made again."
    if done.purposes:
        return f"Withdrawn. From now on that dream may not {Purpose(done.purposes[0]).label}."
    return "That was withdrawn already."


def _identifier(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404("You have lent no such dream.") from error
