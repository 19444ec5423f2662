import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guild.journal.moments import LONGEST_MOMENT, MOST_MOMENTS, moments_of


def texts(narrative: str) -> list[str]:
    return [moment.text for moment in moments_of(narrative)]


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("I was home. The dog spoke! Did it?", ["I was home.", "The dog spoke!", "Did it?"]),
        ("i was home. the dog spoke. i left", ["i was home.", "the dog spoke.", "i left"]),
        ("Mr. Hale met Dr. Orr at 3.5 miles. He left.", ["Mr. Hale met Dr. Orr at 3.5 miles.", "He left."]),
        (
            "It was 4 a.m. and dark. I rose at 5 a.m. The sun.",
            ["It was 4 a.m. and dark.", "I rose at 5 a.m.", "The sun."],
        ),
        ("J. R. Moss came. So did I. Then rain.", ["J. R. Moss came.", "So did I.", "Then rain."]),
        ("I said no. Then bus no. 5 came.", ["I said no.", "Then bus no. 5 came."]),
        ("It moved... then stopped... Then again.", ["It moved... then stopped...", "Then again."]),
        ("It moved… then stopped… Then again.", ["It moved… then stopped…", "Then again."]),
        ('"Who is it?" she asked. "Me." He went.', ['"Who is it?" she asked.', '"Me."', "He went."]),
        ("What?! No. Really?? Yes", ["What?!", "No.", "Really??", "Yes"]),
        ("It was loud! 😂 Then quiet 🙂", ["It was loud! 😂", "Then quiet 🙂"]),
        (
            "昨夜、夢を見た。学校にいた！「誰？」と聞いた。",
            ["昨夜、夢を見た。", "学校にいた！", "「誰？」と聞いた。"],
        ),
        (
            "حلمت أنني في البيت. هل كان أبي هناك؟ لا أعرف",
            ["حلمت أنني في البيت.", "هل كان أبي هناك؟", "لا أعرف"],
        ),
        ("मैं घर पर था। कुत्ता बोला।", ["मैं घर पर था।", "कुत्ता बोला।"]),
        ("the sea\na red door\nmy brother", ["the sea", "a red door", "my brother"]),
        ("One thing\n\nAnother thing", ["One thing", "Another thing"]),
        ("* * *\nI was awake.", ["* * *\nI was awake."]),
        ("😂😂", ["😂😂"]),
        ("word", ["word"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_moments_of_cuts_where_a_reader_would(narrative: str, expected: list[str]) -> None:
    assert texts(narrative) == expected


def test_moments_of_a_wrapped_paragraph_ignores_the_wrapping() -> None:
    wrapped = (
        "I was walking along the canal with somebody I could not see, and\nthe water was the colour of tea."
    )

    assert texts(wrapped) == [wrapped]


def test_moments_of_a_text_without_full_stops_are_short_enough_to_be_moments() -> None:
    narrative = "and then we went up, " * 200

    lengths = [len(text) for text in texts(narrative)]

    assert max(lengths) <= LONGEST_MOMENT
    assert min(lengths) >= LONGEST_MOMENT // 4


def test_moments_of_joined_emoji_are_never_cut_inside_one() -> None:
    family = "👩‍👩‍👧"

    moments = texts(family * 400)

    assert not any(moment.startswith("\u200d") or moment.endswith("\u200d") for moment in moments)


@given(st.text(alphabet=st.sampled_from("aB1 .!?…\n\"'”。」「夢،؟。😂\u0301-*"), max_size=600))
def test_moments_of_anything_keep_every_word_once_and_in_order(narrative: str) -> None:
    moments = moments_of(narrative)

    assert all(narrative[moment.start : moment.end] == moment.text for moment in moments)
    assert all(first.end <= second.start for first, second in itertools.pairwise(moments))
    kept = "".join("".join(moment.text.split()) for moment in moments)
    assert kept == "".join(narrative.split())


@pytest.mark.parametrize(
    "narrative",
    [
        "The dog walked in and looked at me. " * 10_000,
        "." * 500_000 + "x",
        "a" + " " * 400_000 + "b",
        "! " * 250_000,
        '."' * 250_000,
        "\n " * 200_000 + "x",
        "e\u0301" * 250_000,
        "Mr. " * 120_000,
    ],
    ids=["sentences", "dots", "spaces", "bangs", "quotes", "lines", "accents", "titles"],
)
def test_moments_of_half_a_megabyte_take_seconds_at_most(narrative: str) -> None:
    started = time.perf_counter()

    moments = moments_of(narrative)

    assert time.perf_counter() - started < 8
    assert 0 < len(moments) <= MOST_MOMENTS


def test_moments_of_ten_thousand_sentences_are_ten_thousand() -> None:
    assert len(moments_of("The dog walked in and looked at me. " * 10_000)) == 10_000
