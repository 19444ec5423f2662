"""Readers of the three kinds of file: each yields records in order, or says why a stretch is not one."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guild.journal.dates import date_heading
from guild.journal.errors import ImportRefused
from guild.journal.import_fields import field_named

TEXT_FILE_HEADING = "# Dream journal, plain text, version 1"
TEXT_DREAM_MARK = "=== "
CSV_COLUMNS = (
    "dreamed_on",
    "title",
    "narrative",
    "kind",
    "anger",
    "apprehension",
    "sadness",
    "confusion",
    "happiness",
    "lucidity",
    "vividness",
    "recall",
    "tags",
    "people",
    "places",
)
# Characters with which a spreadsheet begins a formula; our export puts an apostrophe before them.
FORMULA_OPENINGS = frozenset("=+-@\t\r'")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Record:
    line: int
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Unread:
    line: int
    reason: str


Row = Record | Unread


def read_json(text: str) -> Iterator[Row]:
    """One object a line; or one array of objects, counted by entry."""
    if text.lstrip().startswith("["):
        yield from _read_json_array(text)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Unread(number, "This line is not a JSON object: write one dream a line, in braces.")
    return _object_row(number, value)


def _read_json_array(text: str) -> Iterator[Row]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            "This file begins like a JSON list and is not one: mend it, or write one dream a line."
        ) from error
    for number, value in enumerate(values, start=1):
        yield _object_row(number, value)


def _object_row(number: int, value: object) -> Row:
    if isinstance(value, dict):
        return Record(number, value)
    return Unread(
        number, "This is not a JSON object: write each dream in braces, with its narrative and date."
    )


def read_csv(text: str) -> Iterator[Row]:
    """Rows under a heading that names the columns. Raises ImportRefused without such a heading."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    delimiter, columns = _heading_of(text)
    own = columns == list(CSV_COLUMNS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    next(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Unread(
                line, f"From here on the file cannot be read as CSV ({error}): look at the quotation marks."
            )
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _csv_row(line, columns, cells, own=own)


def _csv_row(line: int, columns: Sequence[str], cells: Sequence[str], *, own: bool) -> Row:
    if len(cells) > len(columns):
        return Unread(
            line,
            f"This row has {len(cells)} cells where the heading has {len(columns)}: "
            "put quotation marks around a text that holds the separator.",
        )
    values = [_without_guard(cell) for cell in cells] if own else cells
    return Record(line, dict(zip(columns, values, strict=False)))


def _without_guard(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in FORMULA_OPENINGS else cell


def _heading_of(text: str) -> tuple[str, list[str]]:
    """The delimiter and the names under which most columns are known to us."""
    candidates = []
    for delimiter in _DELIMITERS:
        try:
            columns = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            columns = []
        known = [field_named(column) for column in columns]
        candidates.append(
            (sum(field is not None for field in known), "narrative" in known, delimiter, columns)
        )
    _, has_narrative, delimiter, columns = max(candidates, key=lambda candidate: candidate[:2])
    if not has_narrative:
        raise ImportRefused(
            "The first line of a CSV file must name its columns, among them “narrative” and “dreamed_on”."
        )
    return delimiter, columns


def looks_like_csv(text: str) -> bool:
    try:
        return len(_heading_of(text)[1]) > 1
    except ImportRefused:
        return False


def read_text(text: str) -> Iterator[Row]:
    """Our own plain text exactly as exported; any other by lines that hold a date and nothing but a title."""
    if text.lstrip("\ufeff").startswith(TEXT_FILE_HEADING):
        yield from _read_own_text(text.split("\n"))
    else:
        yield from _read_any_text(text.split("\n"))


def _read_own_text(lines: Sequence[str]) -> Iterator[Row]:
    starts = [number for number, line in enumerate(lines) if line.startswith(TEXT_DREAM_MARK)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        fields: dict[str, object] = {"dreamed_on": lines[start].removeprefix(TEXT_DREAM_MARK)}
        body = start + 1
        while body < end and lines[body].strip():
            name, _, value = lines[body].partition(":")
            fields[name] = value.strip()
            body += 1
        narrative = (line.removeprefix("\\") for line in lines[body:end])
        yield Record(start + 1, {**fields, "narrative": "\n".join(narrative)})


def _read_any_text(lines: Sequence[str]) -> Iterator[Row]:
    headings = [(number, found) for number, line in enumerate(lines) if (found := date_heading(line))]
    first = headings[0][0] if headings else len(lines)
    if any(line.strip() for line in lines[:first]):
        yield Unread(1, "There is no date above this text: put a line like 2024-05-31 above each dream.")
    ends = [*(number for number, _ in headings[1:]), len(lines)]
    for (start, (typed, title)), end in zip(headings, ends, strict=True):
        narrative = "\n".join(lines[start + 1 : end])
        yield Record(start + 1, {"dreamed_on": typed, "title": title, "narrative": narrative})
