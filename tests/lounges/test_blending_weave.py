"""The weave: no voice lost, no voice over the others, whatever was lent."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending import BlendTerms, Dreamscape, Voice, blend
from lounges.blending.words import beginning, word_count
from tests.lounges.blending_voices import scattered, sessions, voice


def spoken(dreamscape: Dreamscape, voices: tuple[Voice, ...]) -> Counter[str]:
    """Words by dreamer."""
    dreamer_of = {each.key: each.dreamer or each.key for each in voices}
    words: Counter[str] = Counter()
    for paragraph in dreamscape.weave:
        for quote in paragraph:
            words[dreamer_of[quote.voice]] += len(quote.text.split())
    return words


def assert_fair(voices: tuple[Voice, ...], terms: BlendTerms) -> None:
    dreamscape = blend(voices, terms)
    words = spoken(dreamscape, voices)
    speakers = {each.dreamer or each.key for each in voices if each.quote}
    assert words.keys() == speakers
    limit = max(dreamscape.report.influence_cap, 2 / max(1, len(speakers)))
    assert all(count <= limit * words.total() + 1e-9 for count in words.values())


LENGTHS = st.lists(st.integers(1, 200), min_size=1, max_size=6)


@settings(deadline=None, max_examples=35)
@given(st.lists(LENGTHS, min_size=1, max_size=8), st.none() | st.floats(0.01, 1.0))
def test_everyone_who_allows_quoting_speaks_and_nobody_over_the_others(lengths, cap) -> None:
    voices = tuple(
        replace(
            voice(f"v{place}", scattered(len(moments), seed=place), quote=True, seed=place),
            texts=tuple(" ".join(["word"] * count) for count in moments),
        )
        for place, moments in enumerate(lengths)
    )
    assert_fair(voices, BlendTerms(influence_cap=cap))


@settings(deadline=None, max_examples=30)
@given(sessions(), st.lists(st.sampled_from(("", "mira", "finn")), min_size=6, max_size=6))
def test_rules_hold_by_dreamer_when_some_lend_several_dreams(voices, dreamers) -> None:
    named = tuple(replace(each, dreamer=name) for each, name in zip(voices, dreamers, strict=False))
    assert_fair(named, BlendTerms())


def test_order_is_along_narrative_time() -> None:
    voices = [voice(f"v{place}", scattered(8, seed=place), quote=True) for place in range(4)]
    times = [[quote.index / 8 for quote in paragraph] for paragraph in blend(voices, BlendTerms()).weave]
    assert all(max(early) < min(late) for early, late in pairwise(times))


def test_session_in_which_nobody_allows_quoting_has_no_weave_and_no_words() -> None:
    dreamscape = blend([voice(f"v{place}", scattered(5, seed=place)) for place in range(3)], BlendTerms())
    assert dreamscape.weave == ()
    assert {motif.terms for motif in dreamscape.motifs} == {()}
    assert {moment.text for moment in dreamscape.constellation.moments} == {None}


def test_blank_words_are_no_words() -> None:
    blank = replace(voice("a", scattered(3, seed=1), quote=True), texts=(" ", "", "\n"))
    half = replace(voice("b", scattered(3, seed=2), quote=True), texts=(" ", "a door", ""))
    quotes = [quote for paragraph in blend([blank, half], BlendTerms()).weave for quote in paragraph]
    assert [(quote.voice, quote.text) for quote in quotes] == [("b", "a door")]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("I was flying over the sea", 3, "I was flying…"),
        ("I was flying", 3, "I was flying"),
        ("I   was\nflying on", 2, "I   was…"),
        ("夢の中で空を飛んだ", 4, "夢の中で…"),
        ("夢 in the 空を飛んだ night", 5, "夢 in the 空を…"),
        ("😀😀 fell", 1, "😀😀…"),
    ],
)
def test_beginning_cuts_between_words_and_inside_scripts_without_spaces(text, words, expected) -> None:
    assert beginning(text, words=words) == expected
    assert word_count(beginning(text, words=words)) <= words


@settings(deadline=None)
@given(st.text(max_size=80), st.integers(1, 10))
def test_beginning_of_any_text_is_no_longer_than_asked(text: str, words: int) -> None:
    cut = beginning(text, words=words)
    assert word_count(cut) <= words
    assert text.startswith(cut.removesuffix("…")) or text == cut
