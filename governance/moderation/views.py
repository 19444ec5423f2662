"""Pages of moderation: the open log, reporting, deciding, and appealing what was decided about one's own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.moderation import registry, selectors, services
from governance.moderation.errors import NotNow, Unfit
from governance.moderation.forms import DECISION_HINTS, AnswerForm, AppealForm, DecisionForm, ReportForm
from governance.moderation.models import Report
from guild.tenancy.requests import GuildRequest

A_PAGE = 30


@never_cache
@require_safe
def log(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Every action of moderation, for every member; what waits, for those who decide; what is about me."""
    me = request.membership
    moderates = selectors.may_moderate(me)
    page: Page[Any] = Paginator(selectors.log_for(me), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = selectors.lines_of(page.object_list)
    context = {
        "page": page,
        "waiting": selectors.waiting_for(me) if moderates else [],
        "moderates": moderates,
        "about_me": selectors.about(me),
        "appeal_form": AppealForm(),
    }
    return render(request, "governance/moderation/log.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: GuildRequest, guild_slug: str, kind: str, target: UUID) -> HttpResponseBase:
    """Report something that one sees."""
    known = registry.reportable(kind)
    if known is None:
        raise Http404("There is nothing of this kind that could be reported.")
    known.find(request.membership, target)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _tried(
            request,
            form,
            lambda: services.report(by=request.membership, kind=kind, target=target, **form.cleaned_data),
            said="Thank you. Stewards and enforcers will look at it; who you are stays with them.",
        )
        if done:
            return redirect("moderation:log", guild_slug)
    context = {"form": form, "noun": known.noun}
    return render(request, "governance/moderation/report.html", context, status=_status(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: GuildRequest, guild_slug: str, report_id: UUID) -> HttpResponseBase:
    """One report, for whoever may decide about it or answer its appeal; a POST does. One that is settled is
    opened no more.
    """
    me = request.membership
    row = selectors.report_for(me, report_id)
    made = selectors.appeal_of(row)
    form: Form = _case_form(request, undecided=row.is_undecided)
    if request.method == "POST" and form.is_valid() and _settled(request, row, form):
        return redirect("moderation:log", guild_slug)
    try:
        opened = services.look(by=me, report=row)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect("moderation:log", guild_slug)
    context = {
        "opened": opened,
        "report": row,
        "appeal": made,
        "form": form,
        "hints": DECISION_HINTS,
    }
    return render(request, "governance/moderation/case.html", context, status=_status(form))


def _case_form(request: GuildRequest, *, undecided: bool) -> Form:
    data = request.POST if request.method == "POST" else None
    return DecisionForm(data) if undecided else AnswerForm(data)


def _settled(request: GuildRequest, row: Report, form: Form) -> bool:
    given, me = form.cleaned_data, request.membership
    if row.is_undecided:
        return _tried(
            request,
            form,
            lambda: services.decide(by=me, report=row, decision=given["decision"], reasons=given["reasons"]),
            said="It is decided, and stands in the log.",
        )
    return _tried(
        request,
        form,
        lambda: services.answer(by=me, report=row, outcome=given["outcome"], words=given["answer"]),
        said="The appeal is answered.",
    )


@never_cache
@require_POST
def appeal(request: GuildRequest, guild_slug: str, report_id: UUID) -> HttpResponseBase:
    """Appeal what was decided about one's own words."""
    row = selectors.own_for(request.membership, report_id)
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            services.appeal(by=request.membership, report=row, reasons=form.cleaned_data["reasons"])
        except (Unfit, NotNow) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Your appeal is made; somebody who did not decide answers it.")
    else:
        messages.error(request, "Say in a sentence why it should be shown again.")
    return redirect("moderation:log", guild_slug)


def _tried(request: GuildRequest, form: Form, act: Callable[[], object], *, said: str) -> bool:
    """Whether it was done, or there is nothing more to do; the form's errors say what to change."""
    try:
        act()
    except Unfit as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    except NotNow as error:
        messages.error(request, str(error))
        return True
    messages.success(request, said)
    return True


def _status(form: Form) -> int:
    return 422 if form.errors else 200
