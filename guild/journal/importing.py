"""From the bytes of a file to drafts that may be kept, and a reason for every line that may not.

Nothing is guessed that could be wrong (a date with two readings, a rating off the scale) and nothing is lost
without a word: what is not taken is refused with its line, and columns that we do not keep are named.
"""

import codecs
import hashlib
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date

from guild.journal.checking import problems_of
from guild.journal.enums import ImportFormat
from guild.journal.errors import ImportRefused
from guild.journal.import_fields import RecordRefused, draft_of, ignored_names
from guild.journal.import_readers import (
    Record,
    Row,
    Unread,
    looks_like_csv,
    read_csv,
    read_json,
    read_text,
)
from guild.journal.nights import Reckoning
from guild.journal.records import Draft

IMPORT_LIMIT = 12 * 1024 * 1024
# A dream a night for thirteen years; their readings take some twenty seconds of one core.
MOST_DREAMS = 5_000
_BINARY_OPENINGS = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENDINGS = {
    "jsonl": ImportFormat.JSON_LINES,
    "ndjson": ImportFormat.JSON_LINES,
    "json": ImportFormat.JSON_LINES,
    "csv": ImportFormat.CSV,
    "tsv": ImportFormat.CSV,
    "txt": ImportFormat.TEXT,
    "text": ImportFormat.TEXT,
    "md": ImportFormat.TEXT,
}
_READERS: dict[ImportFormat, Callable[[str], Iterator[Row]]] = {
    ImportFormat.JSON_LINES: read_json,
    ImportFormat.CSV: read_csv,
    ImportFormat.TEXT: read_text,
}
_CONTROLS = {character: None for character in range(32) if chr(character) not in "\n\t\r\x0b\x0c"}


@dataclass(frozen=True)
class ImportTerms:
    """What a file is held against: whose nights, the last night that has begun, and what is there already."""

    reckoning: Reckoning
    latest_night: date
    existing: Set[bytes] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Accepted:
    line: int
    draft: Draft


@dataclass(frozen=True)
class Refusal:
    line: int
    reason: str


@dataclass(frozen=True)
class ImportPlan:
    """What a file would bring. `encoding` and `format` are what it was read as."""

    format: ImportFormat
    encoding: str
    accepted: tuple[Accepted, ...]
    refused: tuple[Refusal, ...]
    ignored_fields: tuple[str, ...]


def parse_import(
    data: bytes, *, terms: ImportTerms, filename: str = "", file_format: ImportFormat | None = None
) -> ImportPlan:
    """Read `data` wholly in memory (at most 12 MB). Raises ImportRefused when none of it can be read."""
    text, encoding = decode(data)
    chosen = file_format or _format_of(text, filename)
    accepted: list[Accepted] = []
    refused: list[Refusal] = []
    ignored: dict[str, None] = {}
    seen: dict[bytes, int] = {}
    for row in _READERS[chosen](text):
        if isinstance(row, Record):
            ignored.update(dict.fromkeys(ignored_names(row.fields)))
        outcome = _judge(row, terms=terms, seen=seen, room=len(accepted) < MOST_DREAMS)
        if isinstance(outcome, Accepted):
            accepted.append(outcome)
        else:
            refused.append(outcome)
    return ImportPlan(chosen, encoding, tuple(accepted), tuple(refused), tuple(ignored))


def fingerprint(draft: Draft) -> bytes:
    """Equal for two drafts of the same night with the same words; held in memory only, never stored."""
    words = " ".join(draft.narrative.split()).casefold()
    return hashlib.sha256(f"{draft.dreamed_on}|{words}".encode(errors="surrogatepass")).digest()


def check_size(size: int) -> None:
    """Raises ImportRefused for more bytes than are read at once."""
    if size > IMPORT_LIMIT:
        raise ImportRefused(
            f"This file has {size >> 20} MB; the most at once is {IMPORT_LIMIT >> 20} MB. Import it in parts."
        )


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file with plain line ends, and the encoding it was read as. Raises ImportRefused."""
    if not data.strip():
        raise ImportRefused("This file is empty: choose one that holds dreams.")
    check_size(len(data))
    if data.startswith(_BINARY_OPENINGS):
        raise ImportRefused(_NOT_TEXT)
    text, encoding = _decoded(data)
    controls = len(text) - len(text.translate(_CONTROLS))
    if controls > len(text) // 100 or (encoding == "windows-1252" and controls):
        raise ImportRefused(_NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


_NOT_TEXT = (
    "This is not a text file: export the dreams as JSON lines, CSV or plain text (not as a document, "
    "a spreadsheet or an archive) and choose that file."
)


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding), encoding.removesuffix("-sig")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(data, "windows-1252"), "windows-1252"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(_NOT_TEXT) from error


def _format_of(text: str, filename: str) -> ImportFormat:
    ending = filename.rpartition(".")[2].casefold()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if text.lstrip()[:1] in {"{", "["}:
        return ImportFormat.JSON_LINES
    return ImportFormat.CSV if looks_like_csv(text) else ImportFormat.TEXT


def _judge(row: Row, *, terms: ImportTerms, seen: dict[bytes, int], room: bool) -> Accepted | Refusal:
    if isinstance(row, Unread):
        return Refusal(row.line, row.reason)
    try:
        draft = draft_of(row.fields, reckoning=terms.reckoning)
    except RecordRefused as error:
        return Refusal(row.line, str(error))
    if problems := problems_of(draft, latest_night=terms.latest_night):
        return Refusal(row.line, " ".join(problem.sentence for problem in problems))
    mark = fingerprint(draft)
    if mark in terms.existing:
        return Refusal(row.line, "This dream is already in your journal.")
    if mark in seen:
        return Refusal(row.line, f"This is the same dream as on line {seen[mark]}.")
    if not room:
        return Refusal(
            row.line, f"More than {MOST_DREAMS:,} dreams at once: import the rest from a second file."
        )
    seen[mark] = row.line
    return Accepted(row.line, draft)
