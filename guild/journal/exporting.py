"""From dreams to a file that anyone can read, and that `importing` reads back to the same drafts."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from guild.journal.enums import Emotion, ImportFormat
from guild.journal.import_readers import (
    CSV_COLUMNS,
    FORMULA_OPENINGS,
    TEXT_DREAM_MARK,
    TEXT_FILE_HEADING,
)
from guild.journal.records import Draft

CONTENT_TYPES: dict[ImportFormat, str] = {
    ImportFormat.JSON_LINES: "application/x-ndjson",
    ImportFormat.CSV: "text/csv; charset=utf-8",
    ImportFormat.TEXT: "text/plain; charset=utf-8",
}


def export_drafts(drafts: Iterable[Draft], *, file_format: ImportFormat) -> Iterator[str]:
    """The file in pieces, one dream at a time."""
    return _WRITERS[file_format](drafts)


def json_fields(draft: Draft) -> dict[str, Any]:
    """A draft as a line of JSON has it: the names that `import_fields` knows."""
    return {
        "dreamed_on": draft.dreamed_on.isoformat(),
        "title": draft.title,
        "narrative": draft.narrative,
        "kind": draft.kind,
        "emotions": {emotion.value: rating for emotion, rating in draft.ratings.given.items()},
        "lucidity": draft.lucidity,
        "vividness": draft.vividness,
        "recall": draft.recall,
        "tags": list(draft.tags),
        "people": list(draft.people),
        "places": list(draft.places),
    }


def _json_lines(drafts: Iterable[Draft]) -> Iterator[str]:
    for draft in drafts:
        yield json.dumps(json_fields(draft), ensure_ascii=False) + "\n"


def _csv(drafts: Iterable[Draft]) -> Iterator[str]:
    yield _csv_line(CSV_COLUMNS)
    for draft in drafts:
        values = _plain_values(draft)
        yield _csv_line(_guarded(values[column]) for column in CSV_COLUMNS)


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _guarded(cell: str) -> str:
    """A spreadsheet runs a cell that begins like a formula: an apostrophe makes it text again."""
    return f"'{cell}" if cell[:1] in FORMULA_OPENINGS and cell else cell


def _text(drafts: Iterable[Draft]) -> Iterator[str]:
    yield f"{TEXT_FILE_HEADING}\n"
    for draft in drafts:
        values = _plain_values(draft)
        narrative, night = values.pop("narrative"), values.pop("dreamed_on")
        details = "".join(f"{name}: {value}\n" for name, value in values.items() if value)
        yield f"\n{TEXT_DREAM_MARK}{night}\n{details}\n{_escaped(narrative)}\n"


def _escaped(narrative: str) -> str:
    """Lines that would begin another dream, and lines that begin like an escape, get a backslash."""
    return "\n".join(
        f"\\{line}" if line.startswith((TEXT_DREAM_MARK.strip(), "\\")) else line
        for line in narrative.split("\n")
    )


def _plain_values(draft: Draft) -> dict[str, str]:
    return {
        "dreamed_on": draft.dreamed_on.isoformat(),
        "title": draft.title,
        "narrative": draft.narrative,
        "kind": draft.kind,
        **{emotion.value: _number(draft.ratings.of(emotion)) for emotion in Emotion},
        "lucidity": _number(draft.lucidity),
        "vividness": _number(draft.vividness),
        "recall": _number(draft.recall),
        "tags": ", ".join(draft.tags),
        "people": ", ".join(draft.people),
        "places": ", ".join(draft.places),
    }


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


_WRITERS: dict[ImportFormat, Callable[[Iterable[Draft]], Iterator[str]]] = {
    ImportFormat.JSON_LINES: _json_lines,
    ImportFormat.CSV: _csv,
    ImportFormat.TEXT: _text,
}
