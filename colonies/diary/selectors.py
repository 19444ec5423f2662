"""Reads of one's own diary; the wall shows nobody else's."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from colonies.diary.entries import Entry, read_document
from colonies.diary.models import DiaryEntry
from guild.vault import services as vault
from guild.vault.places import Place

A_MONTH = timedelta(days=31)


def place_of(row: DiaryEntry) -> Place:
    return Place("colonies_diaryentry.entry", row=row.pk, owner=row.dreamer_id, revision=row.revision)


def entry_for(dreamer: UUID, night: date) -> Entry | None:
    """What is written of one night; None for nothing. Raises the vault's errors."""
    rows = DiaryEntry.objects.filter(dreamer_id=dreamer, night=night)
    return next(iter(opened(rows)), None)


def entry_before(dreamer: UUID, night: date) -> Entry | None:
    """The last night that was written down before `night`, within a month. Raises the vault's errors."""
    rows = DiaryEntry.objects.filter(dreamer_id=dreamer, night__lt=night, night__gte=night - A_MONTH)
    return next(iter(opened(rows.order_by("-night")[:1])), None)


def entries_between(dreamer: UUID, *, since: date, until: date) -> list[Entry]:
    """The nights from `since` to `until`, both included, in order. Raises the vault's errors."""
    rows = DiaryEntry.objects.filter(dreamer_id=dreamer, night__gte=since, night__lte=until)
    return opened(rows.order_by("night"))


def every_entry_of(dreamer: UUID) -> list[Entry]:
    """All nights, oldest first. Raises the vault's errors."""
    return opened(DiaryEntry.objects.filter(dreamer_id=dreamer).order_by("night"))


def opened(rows: Iterable[DiaryEntry]) -> list[Entry]:
    """Rows as they read, in their order, with one query for the keys. Raises the vault's errors."""
    found = list(rows)
    openers = vault.openers({row.key_id for row in found}) if found else {}
    return [
        read_document(
            openers[row.key_id].open_text(bytes(row.entry_sealed), place_of(row)),
            night=row.night,
            revision=row.revision,
        )
        for row in found
    ]
