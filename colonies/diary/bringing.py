"""Bringing nights in from a file: read, shown, and taken over only when their dreamer says so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from colonies.diary.entries import Entry, document, read_document
from colonies.diary.importing import read_file
from colonies.diary.models import DiaryEntry, StagedNights
from colonies.diary.recorded import Unread
from colonies.diary.selectors import opened, place_of
from colonies.diary.services import OLDEST
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.wording import optional_text
from guild.dreamers.closing import keep_open
from guild.dreamers.models import Dreamer
from guild.journal.selectors import reckoning_of
from guild.vault import services as vault
from guild.vault.places import Place

STAGED_FOR = timedelta(days=1)
LONGEST_COMMENT = 1_000
GONE = "This file was taken over, put aside, or waited for more than a day: choose it once more."


@dataclass(frozen=True)
class Plan:
    """What a file would bring: nights that are new, nights that the diary has otherwise, and how many it has
    just so. `said` are sentences about what is not taken.
    """

    new: tuple[Entry, ...]
    other: tuple[Entry, ...]
    same: int
    said: tuple[str, ...]


@transaction.atomic
def stage(*, by: Dreamer, data: bytes, now: datetime | None = None) -> UUID:
    """Read a file and keep its nights, sealed, until the dreamer says yes; one at a time. Raises Unread."""
    moment = now or timezone.now()
    reckoning = reckoning_of(by)
    found = read_file(data, reckoning=reckoning)
    tonight = reckoning.night_of(moment)
    kept = [entry for entry in found.entries if tonight - OLDEST <= entry.on <= tonight]
    left = len(found.entries) - len(kept)
    said = [*found.said, *([f"{left} left out: to come, or more than ten years ago."] if left else [])]
    if not kept:
        raise Unread(" ".join(["There is no night in this file that can be taken.", *said]))
    StagedNights.objects.filter(dreamer_id=by.pk).delete()
    keep_open(by.pk)
    row = StagedNights(dreamer_id=by.pk, key_id=vault.dreamer_key(by.pk), staged_at=moment)
    text = json.dumps({"said": said, "nights": [[str(entry.on), document(entry)] for entry in kept]})
    row.nights_sealed = vault.seal(key_id=row.key_id, text=text, place=_place(row))
    row.save(force_insert=True)
    return row.pk


def plan_of(by: Dreamer, *, now: datetime | None = None) -> Plan:
    """What the staged file would bring as things stand now. Raises NotNow without one."""
    entries, said = _staged(by, now=now or timezone.now())
    held = _held(by, entries)
    new = tuple(entry for entry in entries if entry.on not in held)
    other = tuple(entry for entry in entries if entry.on in held and not _is_same(entry, held[entry.on]))
    return Plan(new, other, len(entries) - len(new) - len(other), tuple(said))


@transaction.atomic
def take_over(*, by: Dreamer, replacing: bool, now: datetime | None = None) -> int:
    """Writes the staged nights; those that the diary has otherwise only where they are to be replaced, each
    as a revision of its own. How many were written. Raises NotNow.
    """
    moment = now or timezone.now()
    StagedNights.objects.select_for_update().filter(dreamer_id=by.pk).first()
    plan = plan_of(by, now=moment)
    wanted = [*plan.new, *(plan.other if replacing else ())]
    _write(by, wanted, at=moment)
    StagedNights.objects.filter(dreamer_id=by.pk).delete()
    return len(wanted)


@transaction.atomic
def put_aside(*, by: Dreamer) -> None:
    """The staged file is gone, and nothing was taken over."""
    StagedNights.objects.filter(dreamer_id=by.pk).delete()


def forget_expired(*, dreamer: UUID, now: datetime | None = None) -> int:
    """Remove a file that waited for a yes for more than a day; how many. In the dreamer's tenant."""
    moment = now or timezone.now()
    waiting = StagedNights.objects.filter(dreamer_id=dreamer, staged_at__lte=moment - STAGED_FOR)
    return waiting.delete()[0]


def _staged(by: Dreamer, *, now: datetime) -> tuple[list[Entry], list[str]]:
    row = StagedNights.objects.filter(dreamer_id=by.pk, staged_at__gt=now - STAGED_FOR).first()
    if row is None:
        raise NotNow(GONE)
    opener = vault.openers({row.key_id})[row.key_id]
    held = json.loads(opener.open_text(bytes(row.nights_sealed), _place(row)))
    entries = [
        read_document(text, night=datetime.fromisoformat(night).date(), revision=1)
        for night, text in held["nights"]
    ]
    return entries, held["said"]


def _held(by: Dreamer, entries: Sequence[Entry]) -> dict[object, Entry]:
    rows = DiaryEntry.objects.filter(dreamer_id=by.pk, night__in=[entry.on for entry in entries])
    return {entry.on: entry for entry in opened(rows)}


def _is_same(one: Entry, other: Entry) -> bool:
    return json.loads(document(one)) == json.loads(document(other))


def _write(by: Dreamer, entries: Sequence[Entry], *, at: datetime) -> None:
    held = {
        row.night: row
        for row in DiaryEntry.objects.select_for_update().filter(
            dreamer_id=by.pk, night__in=[entry.on for entry in entries]
        )
    }
    keep_open(by.pk)
    key = vault.dreamer_key(by.pk)
    keys = vault.openers({key, *(row.key_id for row in held.values())})
    rows = [_row(by, entry, held.get(entry.on), key=key, at=at) for entry in entries]
    for row, entry in zip(rows, entries, strict=True):
        row.entry_sealed = keys[row.key_id].seal(document(_clean(entry)), place_of(row))
    new = [row for row in rows if row.night not in held]
    DiaryEntry.objects.bulk_create(new)
    changed = [row for row in rows if row.night in held]
    DiaryEntry.objects.bulk_update(changed, ["revision", "written_at", "entry_sealed"])


def _row(by: Dreamer, entry: Entry, row: DiaryEntry | None, *, key: UUID, at: datetime) -> DiaryEntry:
    row = row or DiaryEntry(dreamer_id=by.pk, night=entry.on, key_id=key, revision=0)
    row.revision, row.written_at = row.revision + 1, at
    return row


def _clean(entry: Entry) -> Entry:
    """With a comment that the diary itself would have taken."""
    try:
        comment = optional_text(entry.comment, field="comment", longest=LONGEST_COMMENT)
    except Invalid:
        comment = ""
    return Entry(entry.night, entry.zone, comment, entry.revision)


def _place(row: StagedNights) -> Place:
    return Place("colonies_stagednights.nights", row=row.pk, owner=row.dreamer_id)
