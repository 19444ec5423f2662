"""My rights: what they are, everything in one archive, an archive brought in, and pausing all use."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guild.dreamers.confirming import confirmed
from guild.journal.errors import ImportRefused
from guild.journal.importing import check_size
from guild.portal.rights import pausing, selectors, services
from guild.portal.rights.archive import ArchiveRefused
from guild.portal.rights.bringing import ArchivePlan
from guild.portal.rights.errors import ArchiveGone, TooOften
from guild.portal.rights.forms import ArchiveForm, BringForm
from guild.tenancy.requests import DreamerRequest

SHOWN_DREAMS, SHOWN_REFUSALS = 30, 200


@never_cache
@require_safe
def overview(request: DreamerRequest) -> HttpResponse:
    """Every right, with what it would do now."""
    return render(request, "portal/rights/overview.html", {"mine": selectors.overview_of(request.user.pk)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: DreamerRequest) -> HttpResponse:
    """Everything about me, as one file to save; nothing of it is kept here."""
    if asked := confirmed(request):
        return asked
    if request.method != "POST":
        return render(request, "portal/rights/export.html", {"most": services.MOST_EXPORTS})
    try:
        made = services.export_everything(by=request.user)
    except TooOften as refusal:
        context = {"most": services.MOST_EXPORTS, "refusal": str(refusal)}
        return render(request, "portal/rights/export.html", context, status=429)
    return HttpResponse(
        made.data,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "Cache-Control": "no-store, private",
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: DreamerRequest) -> HttpResponse:
    """Read an archive, and lead to a preview; nothing is added yet."""
    if request.method != "POST":
        return render(request, "portal/rights/import.html", {"form": ArchiveForm()})
    form = ArchiveForm(request.POST, request.FILES)
    if not request.FILES:
        _say_if_it_was_too_large(request, form)
    if form.is_valid():
        try:
            staged_id = services.stage_archive(by=request.user, data=form.cleaned_data["file"].read())
        except ArchiveRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("rights:import-preview", staged_id)
    return render(request, "portal/rights/import.html", {"form": form}, status=422)


def _say_if_it_was_too_large(request: DreamerRequest, form: ArchiveForm) -> None:
    """A file past the limit never got here: say so, and not that none was chosen."""
    try:
        check_size(int(request.META.get("CONTENT_LENGTH") or 0))
    except ImportRefused as refusal:
        form.errors.pop("file", None)
        form.add_error("file", str(refusal))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_preview(request: DreamerRequest, staged_id: UUID) -> HttpResponse:
    """What an archive would bring and what was refused, line by line; POST adds it or throws it away."""
    try:
        if request.method == "POST":
            return _finish(request, staged_id)
        _, plan = selectors.staged_archive_for(request.user, staged_id)
    except ArchiveGone as gone:
        messages.error(request, str(gone))
        return redirect("rights:import")
    context = {"staged_id": staged_id, "form": BringForm(), **_shown(plan)}
    return render(request, "portal/rights/import_preview.html", context)


def _finish(request: DreamerRequest, staged_id: UUID) -> HttpResponse:
    if "discard" in request.POST:
        services.discard_archive(by=request.user, staged_id=staged_id)
        messages.success(request, "Nothing was added.")
        return redirect("rights:import")
    form = BringForm(request.POST)
    with_settings = form.is_valid() and form.cleaned_data["with_settings"]
    added = services.bring_archive(by=request.user, staged_id=staged_id, with_settings=with_settings)
    sentence = "1 dream was added." if added == 1 else f"{added:,} dreams were added."
    messages.success(request, f"{sentence} Your settings are taken over." if with_settings else sentence)
    return redirect("journal:list")


def _shown(plan: ArchivePlan) -> dict[str, object]:
    return {
        "plan": plan,
        "dreams": plan.dreams[:SHOWN_DREAMS],
        "more_dreams": max(0, len(plan.dreams) - SHOWN_DREAMS),
        "refused": plan.refused[:SHOWN_REFUSALS],
        "more_refused": max(0, len(plan.refused) - SHOWN_REFUSALS),
    }


@require_POST
def pause(request: DreamerRequest) -> HttpResponse:
    """Pause all use of what I lent, in one press."""
    count = pausing.pause_everything(by=request.user)
    if count:
        verb = "is" if count == 1 else "are"
        messages.success(request, f"{_copies(count)} {verb} set aside: kept, and used for nothing.")
    else:
        messages.info(request, "Nothing that you lend is in use, so there was nothing to pause.")
    return redirect("rights:overview")


@require_POST
def resume(request: DreamerRequest) -> HttpResponse:
    """Lift the pause, in one press."""
    count = pausing.resume_everything(by=request.user)
    if count:
        messages.success(request, f"{_copies(count)} may be used again, as you allowed it before.")
    else:
        messages.info(request, "Nothing was paused.")
    return redirect("rights:overview")


def _copies(count: int) -> str:
    return "1 lent dream" if count == 1 else f"{count:,} lent dreams"
