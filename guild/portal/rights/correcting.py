"""The question after a dream was changed: shall the copies that are lent say so too (GDPR 16)?"""

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from guild.dreamers.models import Dreamer
from guild.portal.rights.enums import Right
from guild.portal.rights.services import hold_account, note
from lounges.sessions.rectifying import has_old_copies, rectify


def question_about(dreamer: UUID, dream: UUID) -> str | None:
    """The page that asks, where a lent copy says what this dream said before; for `journal.afterwards`."""
    return reverse("rights:correct", args=[dream]) if has_old_copies(dreamer, dream) else None


@transaction.atomic
def correct_copy(*, by: Dreamer, contribution: UUID, words: str = "") -> bool:
    """Have one lent copy say what the dream says now; whether it said anything else. Raises as `rectify`."""
    hold_account(by.pk)
    changed = rectify(by=by.pk, contribution=contribution, words=words)
    if changed:
        note(by.pk, Right.CORRECTION, detail={"copy": str(contribution)})
    return changed
