"""Findings as enforcers work on them: the list, one of them and the ruling on it, the answer to an appeal."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.audits.models import Finding
from governance.offices.errors import OfficeRefused
from governance.oversight import appealing, docket, ruling
from governance.oversight.access import appeal_for, enforcers_of, finding_for, require_enforcer
from governance.oversight.cases import case_of
from governance.oversight.described import lines
from governance.oversight.enums import RemedyKind
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.exporting import Format, export_findings
from governance.oversight.forms import (
    REMEDY_HINTS,
    VERDICT_HINTS,
    AnswerForm,
    AssignForm,
    FilterForm,
    RulingForm,
)
from governance.oversight.ruling_models import Appeal
from governance.oversight.views import ledger_address
from governance.policies.enums import Action
from guild.tenancy.requests import GuildRequest
from guild.tenancy.selectors import members_of

FINDINGS_A_PAGE = 25


@never_cache
@require_safe
def finding_list(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Findings by severity, state, rule, assignee and time; the most urgent first."""
    require_enforcer(request.membership)
    form = _filter(request)
    found = docket.findings_in_order(request.guild.pk, form.sieve())
    page = Paginator(found, FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "lines": lines(page.object_list, now=timezone.now()),
        "query": f"{asked.urlencode()}&" if asked else "",
    }
    return render(request, "governance/oversight/findings.html", context)


@never_cache
@require_safe
def findings_file(request: GuildRequest, guild_slug: str, file_format: Format) -> HttpResponse:
    """The same findings as a file."""
    require_enforcer(request.membership, Action.EXPORT_OVERSIGHT)
    found = docket.findings_in_order(request.guild.pk, _filter(request).sieve())
    return export_findings(by=request.membership, findings=found, file_format=file_format)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finding_detail(request: GuildRequest, guild_slug: str, finding_id: UUID) -> HttpResponse:
    """One finding: where it is, what differs, what was done about it; a POST rules on it."""
    finding = finding_for(request.membership, finding_id)
    form = _ruling_form(request, finding, bound=request.method == "POST")
    if request.method == "POST" and form.is_valid() and _ruled(request, finding, form):
        return redirect("oversight:finding", guild_slug, finding_id)
    return _page(request, finding, ruling_form=form)


@never_cache
@require_POST
def answer(request: GuildRequest, guild_slug: str, appeal_id: UUID) -> HttpResponse:
    """Answer an appeal, as an enforcer who had no part in the ruling."""
    appeal = appeal_for(request.membership, appeal_id)
    form = AnswerForm(request.POST)
    if form.is_valid() and _answered(request, appeal, form):
        return redirect("oversight:finding", guild_slug, appeal.ruling.finding_id)
    return _page(request, appeal.ruling.finding, answer_form=form)


def _ruled(request: GuildRequest, finding: Finding, form: RulingForm) -> bool:
    """Whether the form did what it asked, or there is nothing more to ask; its errors say what to change."""
    try:
        made = ruling.rule(finding=finding, by=request.membership, draft=form.draft())
    except Unfit as error:
        form.add_error(error.field, str(error))
        return False
    except OfficeRefused as error:
        form.add_error("office", str(error))
        return False
    except NotNow as error:
        messages.error(request, str(error))
        return True
    waits = "The ruling waits for a second enforcer; until then it has no effect."
    messages.success(request, "The ruling is in force." if made.is_in_force else waits)
    return True


def _answered(request: GuildRequest, appeal: Appeal, form: AnswerForm) -> bool:
    said = form.cleaned_data["answer"]
    try:
        appealing.decide(appeal=appeal, by=request.membership, outcome=form.decided(), answer=said)
    except Unfit as error:
        form.add_error(error.field, str(error))
        return False
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The appeal is decided.")
    return True


def _page(
    request: GuildRequest,
    finding: Finding,
    *,
    ruling_form: RulingForm | None = None,
    answer_form: AnswerForm | None = None,
) -> HttpResponse:
    """The page of a finding, with what was filled in and could not be done."""
    case = case_of(finding, reader=request.membership)
    context = {
        "case": case,
        "ruling_form": ruling_form or _ruling_form(request, finding, bound=False),
        "answer_form": answer_form or AnswerForm(),
        "assign_form": AssignForm({"to": str(finding.assigned_to_id or "")}, enforcers=case.enforcers),
        "verdict_hints": VERDICT_HINTS,
        "remedy_hints": _hints(case.advised),
        "ledger_address": ledger_address(request.guild, finding.leaf_index),
    }
    refused = any(form is not None and form.errors for form in (ruling_form, answer_form))
    return render(request, "governance/oversight/finding.html", context, status=422 if refused else 200)


def _hints(advised: Collection[RemedyKind]) -> dict[str, str]:
    """What each remedy does, and whether the rule that was broken advises it."""
    named = {kind.value for kind in advised}
    return {
        kind: f"Advised for this rule. {hint}" if kind in named else hint
        for kind, hint in REMEDY_HINTS.items()
    }


def _ruling_form(request: GuildRequest, finding: Finding, *, bound: bool) -> RulingForm:
    data = request.POST if bound else None
    return RulingForm(data, finding=finding, members=members_of(request.guild.pk))


def _filter(request: GuildRequest) -> FilterForm:
    return FilterForm(
        request.GET or None,
        rules=docket.rules_found(request.guild.pk),
        enforcers=enforcers_of(request.guild.pk),
    )
