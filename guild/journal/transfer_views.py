"""Pages by which a journal comes in and goes out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guild.journal import selectors, services
from guild.journal.downloads import journal_file
from guild.journal.enums import ImportFormat
from guild.journal.errors import ImportRefused, StagedImportGone
from guild.journal.forms import ImportForm
from guild.journal.importing import ImportPlan, check_size
from guild.tenancy.requests import DreamerRequest

IMPORT_DRAFT = "journal-import"
SHOWN_DREAMS, SHOWN_REFUSALS = 30, 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_start(request: DreamerRequest) -> HttpResponse:
    """Read a file or pasted text, and lead to a preview; nothing is added yet."""
    if request.method != "POST":
        return render(request, "journal/import.html", {"form": ImportForm(), "draft_key": IMPORT_DRAFT})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        data, filename = form.source()
        try:
            if not data:
                check_size(int(request.META.get("CONTENT_LENGTH") or 0))  # a file too large never got here
            staged_id = services.stage_import(
                by=request.user, data=data, filename=filename, file_format=form.chosen_format()
            )
        except ImportRefused as refusal:
            form.add_error("file" if filename or not data else "text", str(refusal))
        else:
            return redirect("journal:import-preview", staged_id)
    return render(request, "journal/import.html", {"form": form, "draft_key": IMPORT_DRAFT}, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: DreamerRequest, staged_id: UUID) -> HttpResponse:
    """What a file would bring and what was refused, line by line; POST adds it or throws it away."""
    try:
        if request.method == "POST":
            return _finish(request, staged_id)
        plan = selectors.staged_import_for(request.user.pk, staged_id)
    except StagedImportGone as gone:
        messages.error(request, str(gone))
        return redirect("journal:import")
    return render(request, "journal/import_preview.html", {"staged_id": staged_id, **_shown(plan)})


def _finish(request: DreamerRequest, staged_id: UUID) -> HttpResponse:
    if "discard" in request.POST:
        services.discard_import(by=request.user, staged_id=staged_id)
        messages.success(request, "Nothing was added.")
        return redirect("journal:import")
    added = services.confirm_import(by=request.user, staged_id=staged_id)
    sentence = "1 dream was added." if added == 1 else f"{added:,} dreams were added."
    messages.success(request, sentence, extra_tags=f"draft:{IMPORT_DRAFT}")
    return redirect("journal:list")


def _shown(plan: ImportPlan) -> dict[str, object]:
    return {
        "plan": plan,
        "accepted": plan.accepted[:SHOWN_DREAMS],
        "more_accepted": max(0, len(plan.accepted) - SHOWN_DREAMS),
        "refused": plan.refused[:SHOWN_REFUSALS],
        "more_refused": max(0, len(plan.refused) - SHOWN_REFUSALS),
    }


@never_cache
@require_safe
def export(request: DreamerRequest) -> HttpResponse:
    """The whole journal as a file (`?as=jsonl|csv|txt`), or the page that offers it."""
    chosen = request.GET.get("as", "")
    if chosen not in ImportFormat.values:
        return render(request, "journal/export.html", {"formats": ImportFormat.choices})
    return journal_file(request.user.pk, ImportFormat(chosen))
