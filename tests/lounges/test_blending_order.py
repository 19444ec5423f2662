"""Order does not matter, the same input gives the same bits, and a withdrawal is exact."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending import BlendTerms, Dreamscape, blend
from lounges.blending.documents import digest, reflection_document, shared_document
from tests.lounges.blending_voices import scattered, sessions, voice


def same_bits(one: Dreamscape, other: Dreamscape) -> bool:
    """Whether two dreamscapes are the same to the last bit, documents and numbers alike."""
    parts = ("motifs", "arc", "weave", "constellation", "report", "reflections", "inputs_digest")
    views = one.views.keys() == other.views.keys() and all(
        np.array_equal(one.views[key], other.views[key]) for key in one.views
    )
    return views and all(getattr(one, part) == getattr(other, part) for part in parts)


@settings(deadline=None, max_examples=30)
@given(sessions(least=2), st.data())
def test_order_of_the_participants_changes_nothing(voices, data) -> None:
    permuted = data.draw(st.permutations(voices))
    assert same_bits(blend(voices, BlendTerms()), blend(permuted, BlendTerms()))


@settings(deadline=None, max_examples=20)
@given(sessions())
def test_same_input_gives_the_same_bits(voices) -> None:
    assert same_bits(blend(voices, BlendTerms()), blend(voices, BlendTerms()))


@settings(deadline=None, max_examples=20)
@given(sessions(least=2), st.data())
def test_dreamscape_after_a_withdrawal_is_the_one_made_without_it(voices, data) -> None:
    blend(voices, BlendTerms())
    left = [each for each in voices if each is not data.draw(st.sampled_from(voices))] or [voices[0]]
    rebuilt = [replace(each, points=each.points.copy(), affect=each.affect.copy()) for each in left]
    assert same_bits(blend(left, BlendTerms()), blend(rebuilt, BlendTerms()))


def test_withdrawn_voice_is_named_nowhere_and_changes_what_is_left() -> None:
    voices = [voice(key, scattered(6, seed=place), quote=True) for place, key in enumerate("abcd")]
    with_all, without = (blend(some, BlendTerms()) for some in (voices, voices[:3]))
    assert "d" in with_all.reflections
    assert sorted(without.reflections) == ["a", "b", "c"]
    assert "d moment" not in str(shared_document(without))
    assert with_all.inputs_digest != without.inputs_digest


def test_keys_name_voices_and_decide_nothing() -> None:
    """Other names for the same dreams: the same numbers, under the other names."""
    one = [voice(key, scattered(6, seed=place), seed=place) for place, key in enumerate("abcd")]
    other = [replace(each, key=key) for each, key in zip(one, "zqmx", strict=True)]
    first, second = blend(one, BlendTerms()), blend(other, BlendTerms())
    for old, new in zip("abcd", "zqmx", strict=True):
        assert np.array_equal(first.views[old], second.views[new])


def test_digest_tells_documents_apart_and_forgives_the_last_figures() -> None:
    voices = [voice(key, scattered(5, seed=place), quote=True) for place, key in enumerate("abc")]
    document = shared_document(blend(voices, BlendTerms()))
    nudged = document | {"report": document["report"] | {"diversity": document["report"]["diversity"] + 1e-7}}
    moved = document | {"report": document["report"] | {"diversity": document["report"]["diversity"] + 1e-2}}
    reordered = dict(reversed(document.items()))
    assert digest(document) == digest(nudged) == digest(reordered)
    assert digest(document) != digest(moved)
    assert len(digest(document)) == 64


def test_inputs_digest_changes_with_every_thing_that_went_in() -> None:
    base = [voice(key, scattered(5, seed=place), quote=True) for place, key in enumerate("abc")]
    changed = [
        replace(base[0], depth=0.5),
        replace(base[0], quote=False),
        replace(base[0], key="other"),
        replace(base[0], texts=("else", *base[0].texts[1:])),
        replace(base[0], affect=base[0].affect * 0.5),
        replace(base[0], points=scattered(5, seed=9)),
    ]
    digests = {blend([each, *base[1:]], BlendTerms()).inputs_digest for each in (base[0], *changed)}
    digests |= {blend(base, BlendTerms(floor=0.5)).inputs_digest}
    assert len(digests) == len(changed) + 2


def test_reflection_documents_of_a_permuted_session_are_equal() -> None:
    voices = [voice(key, scattered(5, seed=place), quote=True) for place, key in enumerate("abc")]
    one, other = blend(voices, BlendTerms()), blend(voices[::-1], BlendTerms())
    assert all(reflection_document(one, key) == reflection_document(other, key) for key in "abc")
