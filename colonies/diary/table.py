"""The diary as a CSV of our own: out, and in again as it was. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from colonies.diary.entries import LENGTHS, TIMES, Entry, document, read_document
from colonies.diary.recorded import Unread
from guild.journal.errors import UnknownTimeZone
from guild.journal.nights import zone_named

COLUMNS = ("night", "zone", *TIMES, *LENGTHS, "awakenings", "quality", "comment")
_FORMULAS = frozenset(
    "=+-@\t\r'"
)  # with these a spreadsheet begins a formula: an apostrophe goes before them
_NUMBERS = {"latency": 1_440, "awake": 1_440, "awakenings": 50, "quality": 5}
_LONGEST_COMMENT = 1_000
_FAR = timedelta(days=3)


def as_csv(entries: Iterable[Entry]) -> str:
    """Every night in a row, oldest first as given."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        fields = json.loads(document(entry)) | {"night": entry.on.isoformat()}
        writer.writerow([_cell(fields[name]) for name in COLUMNS])
    return out.getvalue()


def entry_from(row: Mapping[str, Any]) -> Entry:
    """A row as `as_csv` wrote it. Raises Unread with what is wrong."""
    try:
        night = date.fromisoformat(_text(row, "night"))
        zone = _text(row, "zone")
        zone_named(zone)
    except ValueError as error:
        raise Unread("its night is no date such as 2026-11-25") from error
    except UnknownTimeZone as error:
        raise Unread("its time zone is not known") from error
    fields: dict[str, Any] = {name: _text(row, name) or None for name in TIMES}
    fields |= {name: _number(row, name) for name in _NUMBERS}
    fields |= {"zone": zone, "comment": _text(row, "comment")[:_LONGEST_COMMENT]}
    try:
        entry = read_document(json.dumps(fields), night=night, revision=1)
    except (ValueError, TypeError) as error:
        raise Unread("one of its times is none such as 2026-11-25T23:10:00+01:00") from error
    moments = [moment for moment in _moments(entry) if moment is not None]
    if any(moment.tzinfo is None for moment in moments):
        raise Unread("one of its times has no offset such as +01:00")
    if any(abs(moment.date() - night) > _FAR for moment in moments):
        raise Unread("one of its times is days away from its night")
    return entry


def _moments(entry: Entry) -> list[Any]:
    return [getattr(entry.night, name) for name in TIMES]


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULAS and text else text


def _text(row: Mapping[str, Any], name: str) -> str:
    text = str(row.get(name) or "")
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULAS and len(text) > 1 else text


def _number(row: Mapping[str, Any], name: str) -> int | None:
    text = _text(row, name)
    if not text:
        return None
    most = _NUMBERS[name]
    if not text.isascii() or not text.isdigit() or not int(text[:6]) <= most or len(text) > 6:
        raise Unread(f"its {name} is no whole number up to {most:,}")
    return int(text)
