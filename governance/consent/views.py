"""A dreamer's own consents and uses, in all guilds. They answer to ownership alone: no law is asked."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from governance.consent import (
    choices,
    histories,
    notices,
    recipients,
    restrictions,
    selectors,
    services,
    standings,
)
from governance.consent.enums import Purpose, Surface
from governance.consent.errors import TermsRefused
from governance.consent.forms import WithdrawForm
from governance.consent.purposes import REGISTRY
from governance.consent.withdrawals import Withdrawal
from guild.tenancy.requests import DreamerRequest

DREAMS_A_PAGE, USES_A_PAGE, NOTICES_A_PAGE = 20, 50, 50
OF_DREAMS = tuple(entry.purpose for entry in REGISTRY.values() if entry.of_dreams)


@require_safe
def mine(request: DreamerRequest) -> HttpResponse:
    """Every contribution I ever lent, and where each purpose stands."""
    pages = Paginator(selectors.contributions_of(request.user.pk), DREAMS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    dreams = standings.lent_dreams(list(page.object_list))
    return render(request, "governance/consent/mine.html", {"page": page, "dreams": dreams})


@never_cache
@require_safe
def dream(request: DreamerRequest, contribution: UUID) -> HttpResponse:
    """One lent dream: a control for every purpose, everything ever said about it, and its receipts."""
    subject = selectors.subject_for(request.user.pk, contribution)
    (shown,) = standings.lent_dreams([subject])
    if shown.is_lent:
        notices.serve(dreamer=request.user.pk, purposes=OF_DREAMS, surface=Surface.CONSENTS)
    context = {
        "dream": shown,
        "where": choices.whereabouts(subject),
        "history": histories.history_of(subject),
    }
    return render(request, "governance/consent/dream.html", context)


@never_cache
@require_safe
def standing(request: DreamerRequest) -> HttpResponse:
    """What I said for all I lend, in each guild, lounge and session."""
    notices.serve(dreamer=request.user.pk, purposes=REGISTRY, surface=Surface.CONSENTS)
    context = {"guilds": choices.choices_for(request.user.pk)}
    return render(request, "governance/consent/standing.html", context)


@require_safe
def uses(request: DreamerRequest) -> HttpResponse:
    """Every use of my dreams, or with ?dream=<contribution> those of one."""
    rows = selectors.use_rows_of(request.user.pk)
    chosen = _identifier(request.GET.get("dream", ""))
    if chosen is not None:
        rows = rows.filter(contribution=chosen)
    page = Paginator(rows, USES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "uses": standings.uses(list(page.object_list)),
        "dream": chosen,
        "query": f"dream={chosen}&" if chosen else "",
    }
    return render(request, "governance/consent/uses.html", context)


@require_POST
def withdraw(request: DreamerRequest, contribution: UUID) -> HttpResponse:
    """Take back one purpose, or the whole contribution, in one press."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise BadRequest("There is no such purpose to withdraw.")
    done = services.withdraw(by=request.user.pk, contribution=contribution, purpose=form.chosen())
    messages.success(request, _said(done, told=selectors.subject_for(request.user.pk, contribution).told))
    return redirect("consent:mine")


@require_POST
def restrict(request: DreamerRequest, contribution: UUID) -> HttpResponseBase:
    """Set a dream aside, in one press."""
    try:
        done = restrictions.restrict(by=request.user.pk, contribution=contribution)
    except TermsRefused as error:
        messages.error(request, str(error))
    else:
        told = selectors.subject_for(request.user.pk, contribution).told
        words = f"Set aside: it is kept, and nothing else. {_people(told)}"
        messages.success(request, words if done else "It was set aside already.")
    return redirect("consent:dream", contribution)


@require_POST
def lift(request: DreamerRequest, contribution: UUID) -> HttpResponseBase:
    """Let a dream be used again, in one press."""
    try:
        done = restrictions.lift_restriction(by=request.user.pk, contribution=contribution)
    except TermsRefused as error:
        messages.error(request, str(error))
    else:
        said = "It may be used again, as you allowed." if done else "It was not set aside."
        messages.success(request, said)
    return redirect("consent:dream", contribution)


@require_safe
def told(request: DreamerRequest) -> HttpResponse:
    """What I was told about dreams of others that had reached me."""
    rows = histories.told_rows(request.user.pk)
    page = Paginator(rows, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "notices": histories.told(list(page.object_list), dreamer=request.user.pk),
        "unread": histories.unread(request.user.pk).count(),
    }
    return render(request, "governance/consent/told.html", context)


@require_POST
def put_away(request: DreamerRequest) -> HttpResponseBase:
    """Mark every notice as read."""
    recipients.put_away(by=request.user.pk)
    return redirect("consent:told")


def _said(done: Withdrawal, *, told: int | None) -> str:
    if done.whole and (done.purposes or told is not None):
        return (
            "Withdrawn. That dream opens for nobody any more; what was made with it is made again. "
            + _people(told)
        )
    if done.purposes:
        return f"Withdrawn. From now on that dream may not {Purpose(done.purposes[0]).label}."
    return "That was withdrawn already."


def _people(told: int | None) -> str:
    if not told:
        return "It had reached nobody."
    return f"{told} {'person was' if told == 1 else 'people were'} told."


def _identifier(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404("You have lent no such dream.") from error
