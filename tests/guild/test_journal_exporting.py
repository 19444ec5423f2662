import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guild.journal.checking import clean_line, clean_text, problems_of, split_labels
from guild.journal.enums import DreamKind, ImportFormat
from guild.journal.exporting import export_drafts
from guild.journal.import_readers import CSV_COLUMNS
from guild.journal.importing import ImportTerms, parse_import
from guild.journal.nights import Reckoning
from guild.journal.records import Draft, Ratings

LATEST = date(2030, 1, 1)
TERMS = ImportTerms(Reckoning("Europe/Lisbon"), latest_night=LATEST)

rating = st.none() | st.integers(0, 4)
awkward = st.sampled_from(
    [
        *("=== 2024-01-01", "\\=== x", "\\", "'=1+1", "@x", "2024-01-01", '"', ",", ";", "title: x"),
        *("夢", "אב", "😂", "\n", "\n\n", " a ", "# b", "\t", "null", "[", "{"),
    ]
)
words = st.lists(awkward, min_size=1, max_size=8).map("".join)
labels = st.lists(words, max_size=3).map(split_labels)
drafts = st.builds(
    Draft,
    narrative=words.map(lambda text: clean_text(f"x{text}")) | words.map(clean_text).filter(bool),
    dreamed_on=st.dates(date(1850, 1, 1), LATEST),
    title=words.map(clean_line) | st.just(""),
    ratings=st.builds(Ratings, rating, rating, rating, rating, rating),
    lucidity=rating,
    vividness=rating,
    recall=rating,
    kind=st.sampled_from(DreamKind.values),
    tags=labels,
    people=labels,
    places=labels,
)


def exported(*dreams: Draft, file_format: ImportFormat) -> str:
    return "".join(export_drafts(dreams, file_format=file_format))


@pytest.mark.parametrize("file_format", list(ImportFormat))
@given(draft=drafts)
def test_export_is_read_back_to_the_very_same_draft(file_format: ImportFormat, draft: Draft) -> None:
    assert problems_of(draft, latest_night=LATEST) == ()

    plan = parse_import(exported(draft, file_format=file_format).encode(), terms=TERMS)

    assert plan.refused == ()
    assert [accepted.draft for accepted in plan.accepted] == [draft]


def test_export_of_csv_leaves_no_cell_that_a_spreadsheet_would_run() -> None:
    openings = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "\tx"]
    dreams = [
        Draft(narrative=f"{opening} in a dream", dreamed_on=LATEST, title=opening) for opening in openings
    ]

    rows = list(csv.reader(io.StringIO(exported(*dreams, file_format=ImportFormat.CSV), newline="")))

    assert rows[0] == list(CSV_COLUMNS)
    assert [row[1][:1] for row in rows[1:]] == ["'"] * len(openings)
    assert not any(cell[:1] in set("=+-@\t") for row in rows[1:] for cell in row if cell)


def test_export_of_json_lines_keeps_unrated_apart_from_nought() -> None:
    draft = Draft(narrative="The sea.", dreamed_on=date(2025, 5, 3), ratings=Ratings(anger=0))

    fields = json.loads(exported(draft, file_format=ImportFormat.JSON_LINES))

    assert (fields["emotions"], fields["lucidity"]) == ({"anger": 0}, None)


def test_export_of_plain_text_is_readable_without_us() -> None:
    draft = Draft(
        narrative="The sea.\n=== then", dreamed_on=date(2025, 5, 3), title="Lane", ratings=Ratings(anger=0)
    )

    assert exported(draft, file_format=ImportFormat.TEXT) == (
        "# Dream journal, plain text, version 1\n"
        "\n=== 2025-05-03\ntitle: Lane\nkind: dream\nanger: 0\n\nThe sea.\n\\=== then\n"
    )


@pytest.mark.parametrize("file_format", list(ImportFormat))
def test_export_of_many_dreams_keeps_their_order(file_format: ImportFormat) -> None:
    dreams = [Draft(narrative=f"Dream {number}", dreamed_on=date(2025, 1, 1)) for number in range(5)]

    plan = parse_import(exported(*dreams, file_format=file_format).encode(), terms=TERMS)

    assert [accepted.draft for accepted in plan.accepted] == dreams
