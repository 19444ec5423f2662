"""Erasing a sleep diary."""

from uuid import UUID

from colonies.diary.models import DiaryEntry, StagedNights


def erase_diary(*, dreamer: UUID) -> int:
    """Every night is gone; how many there were. The key goes with the dreamer's other keys."""
    StagedNights.objects.filter(dreamer_id=dreamer).delete()
    nights, _ = DiaryEntry.objects.filter(dreamer_id=dreamer).delete()
    return nights
