"""From the bytes of a file to nights that may be kept, and a sentence for all that may not.

What a file says it is does not count: it is looked at. Nothing is ever unpacked further than `MOST_UNPACKED`.
"""

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterable
from typing import IO, Any

from colonies.diary import rings
from colonies.diary.apple import read_apple
from colonies.diary.entries import Entry
from colonies.diary.measures import contradictions
from colonies.diary.recorded import Found, Sleep, Unread, nights_of
from colonies.diary.table import COLUMNS, entry_from
from guild.journal.nights import Reckoning

MOST_BYTES = 12 << 20
MOST_UNPACKED = 256 << 20
MOST_MEMBERS = 5_000
MOST_NIGHTS = 4_000
_SHOWN_LINES = 5

_NOT_KNOWN = (
    "This is none of the files that can be read: choose our own CSV, Apple Health's export.zip or "
    "export.xml, Fitbit's sleep JSON, or Oura's JSON or CSV."
)
_UNPACKED = f"Unpacked this is more than {MOST_UNPACKED >> 20} MB, and is not read: export fewer years."


def read_file(data: bytes, *, reckoning: Reckoning) -> Found:
    """The nights of a file of any kind, in order. Raises Unread when nothing can be made of it."""
    if len(data) > MOST_BYTES:
        raise Unread(f"This file has {len(data) >> 20} MB; the most at once is {MOST_BYTES >> 20} MB.")
    if not data.strip():
        raise Unread("This file is empty: choose one that holds nights.")
    found = _read_zip(data, reckoning) if data.startswith(b"PK\x03\x04") else _read(data, reckoning)
    if len(found.entries) > MOST_NIGHTS:
        raise Unread(f"More than {MOST_NIGHTS:,} nights at once: import them in parts.")
    return found


class _Counted(io.RawIOBase):
    """A stream that gives up past `most` bytes, whatever its header promised."""

    def __init__(self, inner: IO[bytes], *, most: int) -> None:
        super().__init__()
        self._inner, self.left = inner, most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise Unread(_UNPACKED)
        return data


def _read(data: bytes, reckoning: Reckoning) -> Found:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return nights_of(read_apple(io.BytesIO(data)), reckoning=reckoning)
    text = _text(data)
    return _read_json(text, reckoning) if start in {b"[", b"{"} else _read_csv(text, reckoning)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unread(_NOT_KNOWN) from error


def _read_zip(data: bytes, reckoning: Reckoning) -> Found:
    """Apple's archive, or one that holds Fitbit's or Oura's files of sleep."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise Unread(f"More than {MOST_MEMBERS:,} files are in this: choose the one with the sleep.")
            return _read_members(archive, members, reckoning)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unread("This archive is damaged or locked: export it anew, and choose that file.") from error


def _read_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], reckoning: Reckoning) -> Found:
    names = {member.filename.rpartition("/")[2].lower(): member for member in members}
    if "export.xml" in names:
        with archive.open(names["export.xml"]) as file:
            counted = _Counted(file, most=MOST_UNPACKED)
            return nights_of(read_apple(counted), reckoning=reckoning)  # type: ignore[arg-type]
    found: list[Found] = []
    left = MOST_UNPACKED
    for name, member in sorted(names.items()):
        if name.startswith("sleep") and name.endswith((".json", ".csv")):
            with archive.open(member) as file:
                counted = _Counted(file, most=min(left, MOST_BYTES * 4))
                found.append(_read(counted.read(), reckoning))
                left = left - (min(left, MOST_BYTES * 4) - counted.left)
    if not found:
        raise Unread("There is no export.xml and no file of sleep in this archive.")
    return _merged(found)


def _merged(parts: Iterable[Found]) -> Found:
    entries: dict[Any, Entry] = {}
    said: list[str] = []
    for part in parts:
        entries |= {entry.on: entry for entry in part.entries}
        said += part.said
    return Found(tuple(entries[on] for on in sorted(entries)), tuple(dict.fromkeys(said)))


def _read_json(text: str, reckoning: Reckoning) -> Found:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unread("This file begins like JSON and is not whole: export it anew.") from error
    return _read_records(_listed(value), reckoning)


def _listed(value: Any) -> list[Any]:
    """The records of a document: it is a list itself, or holds one as `sleep` or `data`."""
    if isinstance(value, dict):
        value = next(
            (value[name] for name in ("sleep", "data") if isinstance(value.get(name), list)), [value]
        )
    return value if isinstance(value, list) else []


def _read_records(records: list[Any], reckoning: Reckoning) -> Found:
    if any(map(rings.is_fitbit, records)):
        sleeps = list(rings.read_fitbit(filter(rings.is_fitbit, records), zone=reckoning.time_zone))
    elif any(map(rings.is_oura, records)):
        sleeps = list(rings.read_oura(filter(rings.is_oura, records), zone=reckoning.time_zone))
    else:
        raise Unread(_NOT_KNOWN)
    return _with_unread(sleeps, missing=len(records) - len(sleeps), reckoning=reckoning)


def _with_unread(sleeps: list[Sleep | None], *, missing: int, reckoning: Reckoning) -> Found:
    found = nights_of((sleep for sleep in sleeps if sleep is not None), reckoning=reckoning)
    unread = missing + sum(sleep is None for sleep in sleeps)
    if not unread:
        return found
    records = "1 record" if unread == 1 else f"{unread:,} records"
    return Found(found.entries, (*found.said, f"{records} could not be read and left out: no times in them."))


def _read_csv(text: str, reckoning: Reckoning) -> Found:
    csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = {str(name).strip().lower().replace(" ", "_") for name in reader.fieldnames or ()}
        if set(COLUMNS) <= columns:
            return _own(reader)
        if {"bedtime_start", "bedtime_end"} <= columns:
            rows = [{str(k).strip().lower().replace(" ", "_"): v for k, v in row.items()} for row in reader]
            return _read_records(rows, reckoning)
    except csv.Error as error:
        raise Unread(f"This cannot be read as CSV ({error}): look at the quotation marks.") from error
    raise Unread(_NOT_KNOWN)


def _own(reader: "csv.DictReader[str]") -> Found:
    entries: dict[Any, Entry] = {}
    said: list[str] = []
    for row in reader:
        outcome = _own_row(row)
        if isinstance(outcome, str):
            said.append(f"Line {reader.line_num} is left out: {outcome}.")
        elif outcome.on in entries:
            said.append(f"Line {reader.line_num} is left out: the night stands in the file before.")
        else:
            entries[outcome.on] = outcome
    more = len(said) - _SHOWN_LINES
    shown = (*said[:_SHOWN_LINES], f"And {more:,} more lines.") if more > 0 else tuple(said)
    return Found(tuple(entries[on] for on in sorted(entries)), shown)


def _own_row(row: dict[str, Any]) -> Entry | str:
    try:
        entry = entry_from(row)
    except Unread as refusal:
        return str(refusal)
    found = contradictions(entry.night)
    return found[0].rstrip(".")[:1].lower() + found[0].rstrip(".")[1:] if found else entry
