"""Consent is a ceiling: words, depths, and how much of others anyone is shown."""

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending import BlendTerms, Dreamscape, blend, prepare
from lounges.blending.documents import reflection_document, shared_document
from lounges.blending.reflection import most_quotes
from tests.lounges.blending_voices import scattered, sessions, voice


def every_word(dreamscape: Dreamscape) -> str:
    """All that leaves the blend as words."""
    documents = [shared_document(dreamscape)]
    documents += [reflection_document(dreamscape, key) for key in dreamscape.reflections]
    parts = (dreamscape.motifs, dreamscape.constellation, dreamscape.report, dreamscape.reflections)
    return json.dumps(documents) + repr([_plain(part) for part in (*parts, dreamscape.weave)])


def _plain(value: object) -> object:
    """Dataclasses as dictionaries all the way down: their own repr shows no words."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


@settings(deadline=None, max_examples=25)
@given(sessions())
def test_no_word_of_a_voice_that_does_not_allow_quoting_appears_anywhere(voices) -> None:
    words = every_word(blend(voices, BlendTerms(floor=0.0)))
    for each in voices:
        assert each.quote or f"{each.key} moment" not in words
        assert each.quote or f"{each.key}-term" not in words


@settings(deadline=None, max_examples=25)
@given(sessions())
def test_every_quoted_moment_is_one_its_dreamer_wrote(voices) -> None:
    dreamscape = blend(voices, BlendTerms())
    texts = {each.key: each.texts for each in voices}
    quotes = [quote for motif in dreamscape.motifs for quote in motif.quotes]
    quotes += [quote for paragraph in dreamscape.weave for quote in paragraph]
    for reflection in dreamscape.reflections.values():
        for moment in reflection.moments:
            quotes += moment.resonates
    for quote in quotes:
        assert texts[quote.voice][quote.index].startswith(quote.text.rstrip("…").rstrip())


@settings(deadline=None, max_examples=25)
@given(sessions(least=2), st.sampled_from((0.0, 0.6)))
def test_reflection_holds_at_most_a_share_of_others_as_deep_as_it_goes(voices, floor: float) -> None:
    dreamscape = blend(voices, BlendTerms(floor=floor))
    for row in dreamscape.report.voices:
        document = reflection_document(dreamscape, row.key)
        shown = [(r["voice"], r["index"]) for m in document["moments"] for r in m["resonates"]]
        others = sum(len(each.texts) for each in voices if each.quote and each.key != row.key)
        assert len(shown) <= row.given * others + 1e-9
        assert len(shown) <= row.given * (len(shown) + len(document["moments"])) + 1e-9
        assert len(set(shown)) == len(shown)
        assert all(key != row.key for key, _ in shown)


def test_reflection_at_full_depth_may_hold_everything_and_untouched_nothing() -> None:
    assert most_quotes(1.0, own=3, others=40) == 40
    assert most_quotes(0.0, own=3, others=40) == 0
    assert most_quotes(0.5, own=3, others=40) == 3
    assert most_quotes(0.5, own=100, others=40) == 20


def test_reflection_lists_own_moments_in_order_and_what_is_theirs_alone() -> None:
    shared = scattered(4, dimension=64, seed=1)
    own = scattered(5, dimension=64, seed=2)
    own[1:4] = shared[:3]
    voices = [voice("a", own, quote=True), voice("b", shared, quote=True, seed=1)]
    document = reflection_document(blend(voices, BlendTerms()), "a")
    assert [moment["index"] for moment in document["moments"]] == [0, 1, 2, 3, 4]
    assert [moment["text"] for moment in document["moments"]] == list(voices[0].texts)
    assert set(document["yours_alone"]) <= {0, 4}
    assert document["yours_alone"]


def test_reflection_resonates_with_the_likest_moment_of_others() -> None:
    own = scattered(4, dimension=64, seed=2)
    other = scattered(6, dimension=64, seed=3)
    other[5] = own[2]
    dreamscape = blend(
        [voice("a", own, quote=True), voice("b", other, quote=True, seed=1)], BlendTerms(floor=0.7)
    )
    heard = reflection_document(dreamscape, "a")["moments"][2]["resonates"]
    assert [(each["voice"], each["index"], each["text"]) for each in heard] == [("b", 5, "b moment 5 ")]


def test_two_dreams_of_one_dreamer_are_not_each_others_others() -> None:
    voices = [
        voice("a", scattered(4, seed=1), quote=True, dreamer="mira"),
        voice("b", scattered(4, seed=2), quote=True, dreamer="mira"),
        voice("c", scattered(4, seed=3), quote=False, dreamer="finn"),
    ]
    dreamscape = blend(voices, BlendTerms(floor=0.0))
    assert [m.resonates for m in dreamscape.reflections["a"].moments] == [()] * 4
    shares = {row.key: row.influence for row in dreamscape.report.voices}
    assert shares == pytest.approx({"a": 0.25, "b": 0.25, "c": 0.5})


def test_no_repr_shows_a_word() -> None:
    voices = [voice(key, scattered(4, seed=place), quote=True) for place, key in enumerate("ab")]
    prepared = prepare(voices, BlendTerms())
    dreamscape = prepared.at()
    assert "moment 1" in every_word(dreamscape)
    for shown in (voices, prepared, dreamscape):
        assert "moment 1" not in repr(shown)
        assert "-term" not in repr(shown)


def test_words_passed_for_a_voice_that_does_not_allow_quoting_are_not_looked_at() -> None:
    spoken = voice("a", scattered(4, seed=1), quote=False)
    silent = replace(spoken, texts=(), terms=())
    others = [voice("b", scattered(5, seed=2), quote=True)]
    assert shared_document(blend([spoken, *others], BlendTerms())) == shared_document(
        blend([silent, *others], BlendTerms())
    )


@settings(deadline=None, max_examples=15)
@given(sessions(least=2), st.integers(0, 1000))
def test_depths_stated_later_give_what_the_same_depths_gave_at_once(voices, seed: int) -> None:
    """Moving a slider is the same as having asked for that depth from the start."""
    prepared = prepare(voices, BlendTerms())
    depths = {each.key: ((seed + 37 * place) % 101) / 100 for place, each in enumerate(voices)}
    prepared.at(dict.fromkeys(depths, 1.0))
    moved = prepared.at(depths)
    at_once = blend([replace(each, depth=depths[each.key]) for each in voices], BlendTerms())
    assert shared_document(moved) == shared_document(at_once)
    assert moved.inputs_digest == at_once.inputs_digest
    assert moved.reflections == at_once.reflections


def test_slider_gives_the_same_bits_whatever_was_asked_before() -> None:
    voices = [voice(f"v{seed}", scattered(12, dimension=64, seed=seed), seed=seed) for seed in range(7)]
    prepared = prepare(voices, BlendTerms())
    depths = {each.key: 0.2 for each in voices}
    before = prepared.at(depths)
    prepared.at()
    assert prepared.at(depths).report == before.report
