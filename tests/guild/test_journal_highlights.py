import time

import pytest

from guild.journal.highlights import Fragment, Part, Query, fragments_of, marked_whole


def marks(text: str, typed: str) -> str:
    return str(marked_whole(text, Query.parse(typed)).html)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("sea lane", ("sea", "lane")),
        ('"the SEA  lane" wet', ("the sea lane", "wet")),
        ("“the lane” Café café", ("the lane", "cafe")),
        ("", ()),
        ('  "" ', ('""',)),
        ("夢", ("夢",)),
    ],
)
def test_query_parse_folds_words_and_quoted_phrases(typed: str, terms: tuple[str, ...]) -> None:
    assert Query.parse(typed).terms == terms


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lane sea", True),
        ("SEA", True),
        ("cafe", True),
        ('"sea came"', True),
        ('"came sea"', False),
        ("sea moon", False),
        ("", False),
        ("title", True),
        ("up the", True),
    ],
)
def test_query_matches_all_terms_in_any_of_the_texts(typed: str, found: bool) -> None:
    assert Query.parse(typed).matches("The sea came up\nthe lane by the Café", "Title") is found


@pytest.mark.parametrize(
    ("text", "typed", "html"),
    [
        ("The Sea, the sea", "sea", "The <mark>Sea</mark>, the <mark>sea</mark>"),
        ("<b>sea</b> & 'co'", "sea", "&lt;b&gt;<mark>sea</mark>&lt;/b&gt; &amp; &#x27;co&#x27;"),
        ("<script>", "<script>", "<mark>&lt;script&gt;</mark>"),
        ("Café au lait", "cafe", "<mark>Café</mark> au lait"),
        ("Cafe\u0301 au lait", "café", "<mark>Cafe\u0301</mark> au lait"),
        ("Straße", "strasse", "<mark>Straße</mark>"),
        ("ﬁsh tank", "fish", "<mark>ﬁsh</mark> tank"),
        ("海の夢を見た", "夢", "海の<mark>夢</mark>を見た"),
        ("هل كان أبي", "كان", "هل <mark>كان</mark> أبي"),
        ("ab abc", "ab abc", "<mark>ab</mark> <mark>abc</mark>"),
        ("no hit", "sea", "no hit"),
        ("sea\nlane", '"sea lane"', "<mark>sea\nlane</mark>"),
    ],
)
def test_marked_whole_marks_hits_and_escapes_everything_else(text: str, typed: str, html: str) -> None:
    assert marks(text, typed) == html


def test_fragments_of_a_long_text_show_words_around_hits_and_say_what_is_left_out() -> None:
    text = "word " * 100 + "the sea came up the lane " + "word " * 100

    (fragment,) = fragments_of(text, Query.parse("sea lane"))

    assert fragment.parts[0] == Part("…", hit=False)
    assert fragment.parts[-1] == Part("…", hit=False)
    assert [part.text for part in fragment.parts if part.hit] == ["sea", "lane"]
    assert len("".join(part.text for part in fragment.parts)) < 200


def test_fragments_of_many_hits_are_at_most_three() -> None:
    text = ("sea " + "word " * 60) * 10

    assert len(fragments_of(text, Query.parse("sea"))) == 3


def test_fragments_of_a_text_without_a_hit_are_none() -> None:
    assert fragments_of("The lane.", Query.parse("sea")) == ()


def test_fragments_of_a_short_text_is_the_whole_text() -> None:
    assert fragments_of("The sea.", Query.parse("sea")) == (
        Fragment((Part("The ", hit=False), Part("sea", hit=True), Part(".", hit=False))),
    )


def test_query_matches_five_thousand_dreams_in_a_moment() -> None:
    dreams = ["I was walking along the canal with somebody I could not see. " * 30] * 5_000
    query = Query.parse("canal lantern")
    started = time.perf_counter()

    assert not any(query.matches(dream) for dream in dreams)
    assert time.perf_counter() - started < 2


def test_fragments_of_a_text_with_a_hit_everywhere_take_a_moment() -> None:
    started = time.perf_counter()

    fragments = fragments_of("a" * 300_000, Query.parse("a"))

    assert time.perf_counter() - started < 3
    assert fragments
