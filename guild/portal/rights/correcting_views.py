"""The page that asks whether lent copies shall say what the dream says now."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guild.journal import selectors as journal
from guild.journal.records import OpenDream
from guild.portal.rights import correcting
from guild.portal.rights.forms import CorrectForm
from guild.tenancy.requests import DreamerRequest
from lounges.sessions.errors import Invalid
from lounges.sessions.rectifying import OldCopy, old_copies


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: DreamerRequest, dream_id: UUID) -> HttpResponse:
    """Each lent copy of an earlier version of my dream: correct it, or leave it."""
    dream = journal.dream_for(request.user.pk, dream_id)
    if request.method != "POST":
        return _page(request, dream, failed=None)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, dream, failed=form)
    try:
        changed = correcting.correct_copy(by=request.user, **form.cleaned_data)
    except Invalid as refusal:
        form.add_error("words", str(refusal))
        return _page(request, dream, failed=form)
    messages.success(
        request,
        "The lent copy says what your dream says now. Those whom it had reached are told."
        if changed
        else "The lent copy says the same as your dream already.",
    )
    return redirect("rights:correct", dream_id)


def _page(request: DreamerRequest, dream: OpenDream, *, failed: CorrectForm | None) -> HttpResponse:
    copies = old_copies(request.user.pk, dream)
    if not copies:
        return redirect("journal:detail", dream.id)
    rows = [(copy, _form_of(copy, failed)) for copy in copies]
    context = {"dream": dream, "rows": rows}
    return render(request, "portal/rights/correct.html", context, status=422 if failed else 200)


def _form_of(copy: OldCopy, failed: CorrectForm | None) -> CorrectForm:
    """The form of one copy, or what came back of it with its errors."""
    if failed is not None and str(failed.data.get("contribution")) == str(copy.contribution):
        failed.auto_id = f"id_{copy.contribution}_%s"
        return failed
    initial = {"contribution": copy.contribution, "words": copy.text}
    return CorrectForm(initial=initial, auto_id=f"id_{copy.contribution}_%s")
