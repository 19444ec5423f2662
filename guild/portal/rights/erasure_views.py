"""Erasing, in two deliberate steps: first what would go; then, confirmed anew, the deed and a certificate."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guild.dreamers.closing import AccountClosed
from guild.dreamers.confirming import confirmed
from guild.journal import selectors as journal
from guild.portal.rights import erasing, selectors
from guild.portal.rights.enums import Extent
from guild.portal.rights.errors import LastSteward
from guild.portal.rights.forms import EraseForm
from guild.portal.rights.handing_over import hand_over, handed_over
from guild.portal.rights.models import RightsRecord
from guild.tenancy.requests import DreamerRequest

FILE = "erasure-certificate.txt"


@never_cache
@require_safe
def first_step(request: DreamerRequest, extent: Extent, dream_id: UUID | None = None) -> HttpResponse:
    """What would go, in numbers; nothing happens here."""
    dream = None if dream_id is None else journal.dream_for(request.user.pk, dream_id)
    context = {
        "extent": extent,
        "dream": dream,
        "goes": selectors.going_with(request.user.pk, extent, dream_id=dream_id),
        "next": _address("rights:erase-{}-confirm", extent, dream_id),
    }
    return render(request, "portal/rights/erase.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: DreamerRequest, extent: Extent, dream_id: UUID | None = None) -> HttpResponse:
    """The deed, for somebody who has just confirmed who they are."""
    if dream_id is not None and request.method != "POST":
        journal.dream_for(request.user.pk, dream_id)
    if asked := confirmed(request):
        return asked
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _erase(request, extent, form.cleaned_data["form_key"], dream_id)
        except LastSteward as refusal:
            form.add_error(None, str(refusal))
    context = {
        "extent": extent,
        "form": form,
        "back": _address("rights:erase-{}", extent, dream_id),
    }
    return render(request, "portal/rights/erase_confirm.html", context, status=422 if form.errors else 200)


def _address(name: str, extent: Extent, dream_id: UUID | None) -> str:
    return reverse(name.format(extent.value), args=[] if dream_id is None else [dream_id])


def _erase(request: DreamerRequest, extent: Extent, form_key: UUID, dream_id: UUID | None) -> HttpResponse:
    if extent is Extent.ACCOUNT:
        return _close(request)
    if dream_id is None:
        record = erasing.erase_journal(by=request.user, form_key=form_key)
        messages.success(request, "Your journal is erased, here and wherever it was lent.")
    else:
        record = erasing.erase_dream(by=request.user, dream_id=dream_id, form_key=form_key)
        messages.success(
            request,
            "The dream is erased, here and wherever it was lent.",
            extra_tags=f"draft:dream-{dream_id}",
        )
    return redirect("rights:certificate", record.pk)


def _close(request: DreamerRequest) -> HttpResponse:
    try:
        certificate = erasing.erase_account(by=request.user)
    except AccountClosed:
        logout(request)
        return redirect("rights:erased")
    logout(request)
    response = redirect("rights:erased")
    hand_over(request, response, text=certificate, path=reverse("rights:erased"))
    return response


@never_cache
@require_safe
def certificate(request: DreamerRequest, record_id: UUID) -> HttpResponse:
    """A certificate of mine, to read."""
    record = selectors.certificate_for(request.user.pk, record_id)
    return render(request, "portal/rights/certificate.html", {"record": record})


@never_cache
@require_safe
def certificate_file(request: DreamerRequest, record_id: UUID) -> HttpResponse:
    """A certificate of mine, to save."""
    record: RightsRecord = selectors.certificate_for(request.user.pk, record_id)
    return _as_file(record.certificate)


@never_cache
@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """After an account is gone: the certificate, for the browser that erased it, within the hour."""
    return render(request, "portal/rights/erased.html", {"certificate": handed_over(request)})


@never_cache
@login_not_required
@require_safe
def erased_file(request: HttpRequest) -> HttpResponse:
    """The same, to save. Raises Http404 for any other browser, and after the hour."""
    text = handed_over(request)
    if text is None:
        raise Http404("There is no certificate here.")
    return _as_file(text)


def _as_file(text: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
    )
