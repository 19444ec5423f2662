"""The whole journal as a response to save: the same for the page and the API."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone

from guild.journal import selectors
from guild.journal.enums import ImportFormat
from guild.journal.exporting import CONTENT_TYPES, export_drafts


def journal_file(dreamer_id: UUID, file_format: ImportFormat) -> HttpResponse:
    """Made whole before it is sent: the walls stand only as long as the request's transaction."""
    drafts = (dream.draft for dream in selectors.every_dream_for(dreamer_id))
    day = timezone.localdate().isoformat()
    return HttpResponse(
        "".join(export_drafts(drafts, file_format=file_format)),
        content_type=CONTENT_TYPES[file_format],
        headers={
            "Content-Disposition": f'attachment; filename="dreams-{day}.{file_format.value}"',
            "Cache-Control": "no-store, private",
        },
    )
