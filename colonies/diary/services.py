"""Writing one's own diary. It is nobody's business but its dreamer's: no law is asked, and no ledger told."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from colonies.diary.entries import Entry, Written, document, entry_of
from colonies.diary.measures import contradictions
from colonies.diary.models import DiaryEntry
from colonies.diary.selectors import place_of
from colonies.rituals.errors import Invalid
from colonies.rituals.wording import optional_text
from guild.dreamers.closing import keep_open
from guild.dreamers.models import Dreamer
from guild.journal.selectors import reckoning_of
from guild.vault import services as vault

LONGEST_COMMENT = 1_000
MOST_AWAKENINGS = 50
MOST_MINUTES = 1_440
OLDEST = timedelta(days=3_660)
_NUMBERS = {"latency": MOST_MINUTES, "awake": MOST_MINUTES, "awakenings": MOST_AWAKENINGS}


@transaction.atomic
def write_night(*, by: Dreamer, night: date, written: Written, now: datetime | None = None) -> DiaryEntry:
    """What is known of a night; written again, it is replaced. Raises Invalid, of a field or of none."""
    checked = _checked(written)
    tonight = reckoning_of(by).night_of(now or timezone.now())
    if not tonight - OLDEST <= night <= tonight:
        raise Invalid("night", "Choose a night that has begun, within the last ten years.")
    entry = entry_of(checked, night=night, zone=by.time_zone, turnover=by.night_turnover_hour)
    found = contradictions(entry.night)
    if found:
        raise Invalid("", " ".join(found))
    return _put(by, entry, at=now or timezone.now())


def _put(by: Dreamer, entry: Entry, *, at: datetime) -> DiaryEntry:
    row = DiaryEntry.objects.select_for_update().filter(dreamer_id=by.pk, night=entry.on).first()
    if row is None:
        keep_open(by.pk)
        row = DiaryEntry(dreamer_id=by.pk, night=entry.on, key_id=vault.dreamer_key(by.pk))
    else:
        row.revision += 1
    row.written_at = at
    row.entry_sealed = vault.seal(key_id=row.key_id, text=document(entry), place=place_of(row))
    row.save()
    return row


@transaction.atomic
def delete_night(*, by: Dreamer, night: date) -> bool:
    """The row is gone; whether there was one."""
    gone, _ = DiaryEntry.objects.filter(dreamer_id=by.pk, night=night).delete()
    return bool(gone)


def _checked(written: Written) -> Written:
    if all(value in (None, "") for value in vars(written).values()):
        raise Invalid("", "Write down at least one thing about the night.")
    for name, most in _NUMBERS.items():
        value = getattr(written, name)
        if value is not None and not 0 <= value <= most:
            raise Invalid(name, f"This is a number from 0 to {most:,}.")
    if written.quality is not None and not 1 <= written.quality <= 5:
        raise Invalid("quality", "Choose one of the five.")
    comment = optional_text(written.comment, field="comment", longest=LONGEST_COMMENT)
    return Written(**{**vars(written), "comment": comment})
