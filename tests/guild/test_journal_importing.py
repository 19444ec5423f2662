import json
from datetime import date

import pytest

from guild.journal.checking import NARRATIVE_LIMIT
from guild.journal.enums import ImportFormat
from guild.journal.errors import ImportRefused
from guild.journal.exporting import export_drafts
from guild.journal.importing import (
    IMPORT_LIMIT,
    Accepted,
    ImportPlan,
    ImportTerms,
    Refusal,
    fingerprint,
    parse_import,
)
from guild.journal.nights import Reckoning
from guild.journal.records import Draft, Ratings
from tests.conftest import SharedData

TERMS = ImportTerms(Reckoning("Europe/Lisbon"), latest_night=date(2025, 6, 1))
SEA = Draft(narrative="The sea came up the lane.", dreamed_on=date(2025, 5, 3))


def read(text: str | bytes, filename: str = "") -> ImportPlan:
    return parse_import(text.encode() if isinstance(text, str) else text, terms=TERMS, filename=filename)


def drafts(plan: ImportPlan) -> list[Draft]:
    return [accepted.draft for accepted in plan.accepted]


def json_line(**fields: object) -> str:
    return json.dumps({"narrative": "The sea.", "dreamed_on": "2025-05-03", **fields})


def test_parse_import_of_json_lines_takes_every_field() -> None:
    line = json_line(
        title=" The  lane ",
        kind="Nightmare",
        emotions={"AN": 1, "happiness": "3", "sadness": None},
        lucidity=2,
        vividness="4",
        recall=0,
        tags=["sea", "lane, wet"],
        people="Ines; the postman",
        places=["home"],
    )

    assert read(line).accepted == (
        Accepted(
            1,
            Draft(
                narrative="The sea.",
                dreamed_on=date(2025, 5, 3),
                title="The lane",
                ratings=Ratings(anger=1, happiness=3),
                lucidity=2,
                vividness=4,
                recall=0,
                kind="nightmare",
                tags=("sea", "lane", "wet"),
                people=("Ines", "the postman"),
                places=("home",),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "not a JSON object"),
        ("[" * 5_000, "begins like a JSON list"),
        ('"just words"', "not a JSON object"),
        (json_line(narrative=""), "Write the dream first"),
        (json_line(narrative="  \n "), "Write the dream first"),
        (json_line(narrative=7), "narrative must be text"),
        (json_line(narrative="x" * 1_000_000), "1,000,000 characters"),
        (json_line(narrative="a\u0000b"), "not text"),
        (json_line(narrative="a\ud800b"), "not text"),
        (json_line(dreamed_on="2025-06-02"), "has not begun yet: choose 1 June 2025 or earlier"),
        (json_line(dreamed_on="1066-10-14"), "Choose a night since"),
        (json_line(dreamed_on="03/05/2025"), "two different dates"),
        (json_line(dreamed_on="2025-02-30"), "not a day of the calendar"),
        (json_line(dreamed_on="last Tuesday"), "not a date we can read"),
        (json_line(dreamed_on="T:oday"), "not a date we can read"),
        (json_line(dreamed_on=20250503), "date must be text"),
        (json_line(dreamed_on=None), "There is no date"),
        (json_line(lucidity=5), "Lucidity is a whole number from 0 to 4; this was “5”"),
        (json_line(lucidity=True), "whole number from 0 to 4"),
        (json_line(vividness=1.5), "whole number from 0 to 4"),
        (json_line(recall="vivid"), "whole number from 0 to 4"),
        (json_line(emotions={"anger": -1}), "Anger is a whole number"),
        (json_line(emotions=["anger"]), "Emotions are written like"),
        (json_line(kind="prophecy"), "not a kind of dream"),
        (json_line(kind=3), "kind must be text"),
        (json_line(tags=[1]), "list of texts"),
        (json_line(tags="x" * 61), "at most 60 characters"),
        (json_line(tags=",".join(map(str, range(31)))), "Keep tags to 30"),
        (json_line(title="x" * 201), "Keep the title to 200"),
    ],
)
def test_parse_import_refuses_a_line_with_its_reason_and_keeps_the_others(line: str, reason: str) -> None:
    if line.startswith("["):
        with pytest.raises(ImportRefused, match=reason):
            read(line)
        return
    plan = read(f"{json_line(narrative='One good dream.')}\n\n{line}\n", filename="dreams.jsonl")

    assert [draft.narrative for draft in drafts(plan)] == ["One good dream."]
    assert [refusal.line for refusal in plan.refused] == [3]
    assert reason in plan.refused[0].reason


@pytest.mark.parametrize(
    ("written", "night"),
    [
        ("2025-05-03", date(2025, 5, 3)),
        ("2025/5/3", date(2025, 5, 3)),
        ("3.5.2025", date(2025, 5, 3)),
        ("31/05/2025", date(2025, 5, 31)),
        ("05/31/2025", date(2025, 5, 31)),
        ("05/05/2025", date(2025, 5, 5)),
        ("3 May 2025", date(2025, 5, 3)),
        ("Saturday, 3rd May 2025", date(2025, 5, 3)),
        ("May 3rd, 2025", date(2025, 5, 3)),
        ("Sept. 3 2024", date(2024, 9, 3)),
        ("2025-05-03T02:30:00", date(2025, 5, 2)),
        ("2025-05-03T00:00:00Z", date(2025, 5, 3)),
        ("2025-05-03T16:30:00+00:00", date(2025, 5, 2)),
        ("2025-05-03 19:00", date(2025, 5, 3)),
    ],
)
def test_parse_import_reads_dates_as_people_write_them(written: str, night: date) -> None:
    assert [draft.dreamed_on for draft in drafts(read(json_line(dreamed_on=written)))] == [night]


def test_parse_import_of_a_json_list_counts_entries() -> None:
    plan = read(json.dumps([{"text": "The sea.", "date": "2025-05-03"}, "words"], indent=2))

    assert len(plan.accepted) == 1
    assert [refusal.line for refusal in plan.refused] == [2]


def test_parse_import_refuses_what_is_there_already_and_what_comes_twice() -> None:
    terms = ImportTerms(TERMS.reckoning, TERMS.latest_night, existing=frozenset({fingerprint(SEA)}))
    lines = [
        json_line(narrative=SEA.narrative),
        json_line(narrative="A lamp."),
        json_line(narrative=" a  LAMP. "),
        json_line(narrative="A lamp.", dreamed_on="2025-05-04"),
    ]

    plan = parse_import("\n".join(lines).encode(), terms=terms)

    assert [accepted.line for accepted in plan.accepted] == [2, 4]
    assert plan.refused == (
        Refusal(1, "This dream is already in your journal."),
        Refusal(3, "This is the same dream as on line 2."),
    )


def test_parse_import_of_csv_counts_physical_lines_and_names_what_it_leaves_out() -> None:
    text = (
        "Date;Text;Weather;Lucidity\n"
        '2025-05-03;"Two\nlines; one cell";rain;1\n'
        "\n"
        "2025-05-04;short;sun;9\n"
        "2025-05-05;too;many;1;cells\n"
    )

    plan = read(text)

    assert plan.format == ImportFormat.CSV
    assert [draft.narrative for draft in drafts(plan)] == ["Two\nlines; one cell"]
    assert [refusal.line for refusal in plan.refused] == [5, 6]
    assert plan.ignored_fields == ("Weather",)


def test_parse_import_of_csv_takes_a_formula_as_the_words_it_is() -> None:
    plan = read("date,narrative\n2025-05-03,=SUM(A1:A9) was written on the wall\n")

    assert [draft.narrative for draft in drafts(plan)] == ["=SUM(A1:A9) was written on the wall"]


def test_parse_import_of_csv_says_where_a_quotation_mark_was_left_open() -> None:
    plan = read('date,narrative\n2025-05-03,fine\n2025-05-04,"never closed\n')

    assert len(plan.accepted) == 1
    assert [refusal.line for refusal in plan.refused] == [3]
    assert "quotation marks" in plan.refused[0].reason


def test_parse_import_of_csv_without_a_heading_is_refused_whole() -> None:
    with pytest.raises(ImportRefused, match="must name its columns"):
        read("2025-05-03,The sea\n", filename="dreams.csv")


def test_parse_import_of_csv_takes_a_megabyte_cell_as_one_refusal() -> None:
    plan = read(f"date,narrative\n2025-05-03,{'x' * 1_000_000}\n2025-05-04,fine\n")

    assert len(plan.accepted) == 1
    assert f"{NARRATIVE_LIMIT:,}" in plan.refused[0].reason


def test_parse_import_of_plain_text_splits_at_lines_that_are_dates() -> None:
    text = (
        "some words first\n\n"
        "## 3 May 2025 - The lane\nThe sea came up.\n\nThen it left. In 1999 it stayed.\n"
        "Date: 2025-05-04\nA lamp.\n"
        "03/05/2025\nUnsure.\n"
    )

    plan = read(text)

    assert plan.format == ImportFormat.TEXT
    assert [(draft.dreamed_on.day, draft.title, draft.narrative) for draft in drafts(plan)] == [
        (3, "The lane", "The sea came up.\n\nThen it left. In 1999 it stayed."),
        (4, "", "A lamp."),
    ]
    assert [refusal.line for refusal in plan.refused] == [1, 9]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("café".encode(), "utf-8"),
        ("café".encode("utf-8-sig"), "utf-8"),
        ("café".encode("utf-16"), "utf-16"),
        ("café".encode("utf-32"), "utf-32"),
        ("café".encode("windows-1252"), "windows-1252"),
    ],
)
def test_parse_import_reads_the_usual_encodings(data: bytes, encoding: str) -> None:
    heading = "2025-05-03\n".encode({"utf-8": "utf-8"}.get(encoding, encoding))
    body = data if encoding in {"utf-8", "windows-1252"} else "café".encode(f"{encoding}-le")
    marked = data.startswith(b"\xef\xbb\xbf")
    plan = read(data[:3] + heading + data[3:] if marked else heading + body)

    assert plan.encoding == encoding
    assert [draft.narrative for draft in drafts(plan)] == ["café"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"PK\x03\x04 an archive", "not a text file"),
        (b"%PDF-1.7 a document", "not a text file"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"\x00\x01\x02" * 1000, "not a text file"),
        (b"\xff\xfe\x00", "not a text file"),
        (b"x" * (IMPORT_LIMIT + 1), "the most at once is 12 MB"),
    ],
)
def test_parse_import_of_what_is_not_a_text_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        read(data)


@pytest.mark.real_dreams
@pytest.mark.parametrize("file_format", list(ImportFormat))
def test_parse_import_of_the_real_reports_takes_all_and_gives_them_back(
    file_format: ImportFormat, shared_data: SharedData
) -> None:
    plan = read(shared_data.dreams.read_bytes(), filename=shared_data.dreams.name)
    again = read("".join(export_drafts(drafts(plan), file_format=file_format)).encode())

    # Counts and a truth value only: a failing comparison of the drafts would print other people's words.
    assert (len(plan.accepted), len(plan.refused), plan.ignored_fields) == (2523, 0, ("dreamer", "id"))
    assert again.format == file_format
    same = drafts(again) == drafts(plan)
    assert same
