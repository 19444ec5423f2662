"""Pages by which nights come in from a file and go out as one."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from colonies.diary import bringing, selectors
from colonies.diary.importing import MOST_BYTES
from colonies.diary.recorded import Unread
from colonies.diary.table import as_csv
from colonies.rituals.errors import NotNow
from guild.tenancy.requests import DreamerRequest

SHOWN = 60
UNPROCESSABLE = 422


class FileForm(forms.Form):
    """A file of any of the kinds that can be read."""

    file = forms.FileField(
        label="A file",
        allow_empty_file=True,
        help_text=f"At most {MOST_BYTES >> 20} MB; an Apple Health export may have more. Only nights stay.",
        error_messages={"required": "Choose a file first; at most 12 MB are taken."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: DreamerRequest) -> HttpResponseBase:
    """Reads a file and leads to what is in it; nothing is in the diary yet."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            bringing.stage(by=request.user, data=form.cleaned_data["file"].read())
        except Unread as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("diary:preview")
    status = UNPROCESSABLE if form.errors else HttpResponse.status_code
    return render(request, "colonies/diary/bring.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: DreamerRequest) -> HttpResponseBase:
    """What the file would bring, and what the diary has otherwise; a press takes it over or puts it aside."""
    try:
        if request.method == "POST":
            return _answered(request)
        plan = bringing.plan_of(request.user)
    except NotNow as gone:
        messages.error(request, str(gone))
        return redirect("diary:bring")
    context = {
        "plan": plan,
        "new": plan.new[-SHOWN:],
        "other": plan.other[-SHOWN:],
        "more": max(len(plan.new) - SHOWN, 0),
    }
    return render(request, "colonies/diary/preview.html", context)


@never_cache
@require_safe
def export(request: DreamerRequest) -> HttpResponse:
    """The whole diary as a CSV that can be brought in again."""
    text = as_csv(selectors.every_entry_of(request.user.pk))
    day = timezone.localdate().isoformat()
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="sleep-diary-{day}.csv"',
            "Cache-Control": "no-store, private",
        },
    )


def _answered(request: DreamerRequest) -> HttpResponseBase:
    if "aside" in request.POST:
        bringing.put_aside(by=request.user)
        messages.success(request, "Nothing was taken over.")
        return redirect("diary:bring")
    count = bringing.take_over(by=request.user, replacing=request.POST.get("replace") == "yes")
    messages.success(request, f"{count:,} night{' was' if count == 1 else 's were'} taken over.")
    return redirect("diary:diary")
