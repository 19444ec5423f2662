"""Bad input: a clear typed error or a sound result, never a crash and never a NaN."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending import BlendError, BlendTerms, Voice, blend, errors, prepare
from lounges.blending.documents import reflection_document, shared_document
from lounges.blending.intake import LONGEST, MOST_VOICES, measures_of
from tests.lounges.blending_voices import scattered, sessions, voice

GOOD = voice("good", scattered(5, seed=1), quote=True)


def sound(voices: list[Voice], terms: BlendTerms | None = None) -> dict:
    """The shared document, once everything in it is found to be finite and every figure in its range."""
    dreamscape = blend(voices, terms or BlendTerms())
    document = shared_document(dreamscape)
    text = json.dumps(
        [document, *(reflection_document(dreamscape, each.key) for each in voices)], allow_nan=False
    )
    assert "NaN" not in text
    for row in document["report"]["voices"]:
        assert 0.0 <= row["given"] <= row["asked"] <= 1.0
        assert row["retention"] >= 0.0
    for placed in (*document["constellation"]["moments"], *document["constellation"]["motifs"]):
        assert 0.0 <= placed["x"] <= 1.0
        assert 0.0 <= placed["y"] <= 1.0
    assert abs(sum(motif["share"] for motif in document["motifs"]) - 1.0) < 1e-3
    assert len(document["constellation"]["links"]) == len(document["motifs"]) - 1
    assert 1.0 - 1e-6 <= document["report"]["diversity"] <= len(voices) + 1e-6
    return document


@settings(deadline=None, max_examples=40)
@given(sessions(), st.none() | st.integers(1, 20))
def test_any_session_gives_a_sound_dreamscape(voices, atoms) -> None:
    document = sound(list(voices), BlendTerms(atoms=atoms))
    assert atoms is None or len(document["motifs"]) <= atoms


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (replace(GOOD, points=scattered(0), affect=np.zeros((0, 2), np.float32)), errors.EmptyVoice),
        (replace(GOOD, points=np.full((5, 8), np.nan, np.float32)), errors.MalformedVoice),
        (replace(GOOD, points=np.full((5, 8), np.inf, np.float32)), errors.MalformedVoice),
        (replace(GOOD, points=np.ones((5, 8), np.float32)), errors.MalformedVoice),
        (replace(GOOD, points=np.zeros((5, 0), np.float32)), errors.MalformedVoice),
        (replace(GOOD, points=np.zeros(8, np.float32)), errors.MalformedVoice),
        (replace(GOOD, affect=np.zeros((4, 2), np.float32)), errors.MalformedVoice),
        (replace(GOOD, affect=np.full((5, 2), np.nan, np.float32)), errors.MalformedVoice),
        (replace(GOOD, affect=np.full((5, 2), -0.5, np.float32)), errors.MalformedVoice),
        (replace(GOOD, affect=np.full((5, 2), 1.5, np.float32)), errors.MalformedVoice),
        (replace(GOOD, texts=("too few",)), errors.MalformedVoice),
        (replace(GOOD, terms=((),)), errors.MalformedVoice),
        (replace(GOOD, depth=1.1), errors.DepthOutOfRange),
        (replace(GOOD, depth=-0.1), errors.DepthOutOfRange),
        (replace(GOOD, depth=float("nan")), errors.DepthOutOfRange),
        (replace(GOOD, key="other"), errors.DuplicateVoice),
        (replace(GOOD, points=scattered(5, dimension=9)), errors.MalformedVoice),
    ],
)  # fmt: skip
def test_voice_that_cannot_be_blended_is_refused_with_a_sentence(bad: Voice, error: type[BlendError]) -> None:
    other = voice("other", scattered(4, seed=2))
    with pytest.raises(error, match=r"^[A-Z].*\.$"):
        blend([other, bad], BlendTerms())


@pytest.mark.parametrize(
    "terms",
    [
        BlendTerms(floor=1.2), BlendTerms(floor=float("nan")), BlendTerms(influence_cap=0.0),
        BlendTerms(influence_cap=2.0), BlendTerms(atoms=0), BlendTerms(atoms=10_000),
        BlendTerms(affect_scale=-1.0), BlendTerms(time_scale=float("inf")), BlendTerms(arc_steps=1),
        BlendTerms(weave_moments=0), BlendTerms(quotes_per_motif=-1),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_used_are_refused(terms: BlendTerms) -> None:
    with pytest.raises(errors.BadTerms, match="These blend terms cannot be used"):
        blend([GOOD], terms)


def test_nobody_and_too_many_are_refused() -> None:
    with pytest.raises(errors.NoVoices, match="nothing to blend"):
        blend([], BlendTerms())
    crowd = [replace(GOOD, key=str(place)) for place in range(MOST_VOICES + 1)]
    with pytest.raises(errors.TooManyVoices, match=str(MOST_VOICES)):
        blend(crowd, BlendTerms())


def test_unknown_voice_is_refused_by_sliders_and_documents() -> None:
    prepared = prepare([GOOD], BlendTerms())
    with pytest.raises(errors.UnknownVoice, match="nobody"):
        prepared.at({"nobody": 0.5})
    with pytest.raises(errors.DepthOutOfRange, match="good"):
        prepared.at({"good": 1.5})
    with pytest.raises(errors.UnknownVoice, match="nobody"):
        reflection_document(prepared.at(), "nobody")


def test_one_participant_keeps_everything_and_has_nobody_near() -> None:
    row = sound([GOOD])["report"]["voices"][0]
    assert (row["given"], row["retention"], row["nearest"]) == (1.0, 1.0, None)


def test_one_moment_each_and_one_moment_alone_are_sound() -> None:
    sound([voice("a", scattered(1, seed=1), quote=True)])
    document = sound([voice(key, scattered(1, seed=place), quote=True) for place, key in enumerate("abc")])
    assert len(document["motifs"]) == 1
    assert document["motifs"][0]["support"] == ["a", "b", "c"]


def test_identical_dreams_and_a_language_the_embedder_does_not_know_are_sound() -> None:
    copies = sound([replace(GOOD, key=key) for key in "abcd"])
    assert copies["report"]["diversity_before"] == 1.0
    nothing = [
        voice(key, np.zeros((4, 8), np.float32), quote=True, seed=place) for place, key in enumerate("ab")
    ]
    assert sound(nothing)["motifs"]


def test_ten_thousand_moments_in_one_dream_are_blended_as_passages() -> None:
    long = voice("long", scattered(10_000, dimension=32, seed=1), quote=True)
    short = voice("short", scattered(6, dimension=32, seed=2), quote=True)
    dreamscape = blend([long, short], BlendTerms())
    assert len(dreamscape.views["long"]) == LONGEST
    assert dreamscape.masses["long"].sum() == pytest.approx(1.0)
    assert len(dreamscape.reflections["long"].moments) == 10_000
    assert dreamscape.report.kept_at_least >= 0.6 - 1e-7


@pytest.mark.parametrize(("voices", "passages"), [(2, 100), (64, 64), (256, 16)])
def test_crowd_of_long_dreams_is_blended_in_fewer_passages_each(voices: int, passages: int) -> None:
    crowd = [voice(f"v{place}", scattered(100, seed=place), seed=place) for place in range(voices)]
    measures = measures_of(crowd, BlendTerms())
    assert {len(measure.lifted) for measure in measures} == {passages}
    assert all(measure.counts.sum() == 100 for measure in measures)
    assert measures[0].lifted[:, -1].tolist() == sorted(measures[0].lifted[:, -1])


def test_affect_a_rounding_outside_its_range_is_taken_as_its_end() -> None:
    affect = np.array([[1.0000001, 1.0], [-1.0000001, -1e-7]], np.float32)
    arc = sound([replace(voice("a", scattered(2, seed=1)), affect=affect)])["arc"]
    assert -1.0 <= min(arc["valence_low"]) <= max(arc["valence_high"]) <= 1.0
    assert 0.0 <= min(arc["arousal_low"]) <= max(arc["arousal_high"]) <= 1.0
