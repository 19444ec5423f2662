"""The documents a page is drawn from: whole, plain, rounded, and the same for everyone who may see them."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending import BlendTerms, blend
from lounges.blending.arc import arc_of
from lounges.blending.constellation import shortest_tree
from lounges.blending.documents import reflection_document, shared_document
from lounges.blending.intake import measures_of
from lounges.blending.report import diversity, reason
from tests.lounges.blending_voices import scattered, sessions, voice, with_depths

SESSION = tuple(
    voice(key, scattered(5 + place, dimension=32, seed=place), quote=place != 1, seed=place)
    for place, key in enumerate(("ayla", "ezra", "finn", "lara"))
)


def test_shared_document_has_every_part_a_page_draws() -> None:
    document = shared_document(blend(SESSION, BlendTerms()))
    assert document.keys() == {"motifs", "arc", "weave", "constellation", "report"}
    assert document["motifs"][0].keys() == {
        "id", "support", "share", "terms", "term_voices", "valence", "arousal", "time", "quotes",
    }  # fmt: skip
    assert document["arc"].keys() == {
        "time", "valence", "valence_low", "valence_high", "arousal", "arousal_low", "arousal_high",
    }  # fmt: skip
    assert document["weave"][0][0].keys() == {"voice", "index", "text"}
    assert document["constellation"].keys() == {"moments", "motifs", "links"}
    assert document["constellation"]["moments"][0].keys() == {
        "voice", "index", "x", "y", "from", "motif", "text",
    }  # fmt: skip
    assert document["constellation"]["motifs"][0].keys() == {"id", "x", "y", "size", "label"}
    assert document["report"].keys() == {
        "floor", "influence_cap", "voices", "homogenisation", "diversity", "diversity_before",
        "kept_at_least",
    }  # fmt: skip
    assert document["report"]["voices"][0].keys() == {
        "voice", "asked", "given", "why", "retention", "influence", "attribution", "nearest",
    }  # fmt: skip


def test_shared_document_holds_no_more_than_everyone_may_see() -> None:
    """No reflection, no view, no embedding: only motifs' and moments' places in the plane."""
    text = json.dumps(shared_document(blend(SESSION, BlendTerms())))
    assert "alone" not in text
    assert "resonates" not in text
    assert max(map(len, text.split("["))) < 2000


def test_reflection_document_has_every_part_and_its_dreamers_own_row() -> None:
    document = reflection_document(blend(SESSION, BlendTerms()), "finn")
    assert document.keys() == {"voice", "moments", "motifs", "yours_alone", "report"}
    assert document["moments"][0].keys() == {"index", "text", "motif", "resonates", "alone"}
    assert document["report"]["voice"] == document["voice"] == "finn"
    assert document["yours_alone"] == [each["index"] for each in document["moments"] if each["alone"]]


def test_documents_survive_json_unchanged_and_are_rounded() -> None:
    document = shared_document(blend(SESSION, BlendTerms()))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    placed = document["constellation"]["moments"][0]
    assert placed["x"] == round(placed["x"], 4)


@settings(deadline=None, max_examples=30)
@given(sessions())
def test_motifs_cover_all_mass_and_support_follows_from_the_moments(voices) -> None:
    dreamscape = blend(voices, BlendTerms())
    motifs = dreamscape.motifs
    assert sum(motif.share for motif in motifs) == pytest.approx(1.0)
    assert [motif.id for motif in motifs] == list(range(len(motifs)))
    for motif in motifs:
        members = {m.voice for m in dreamscape.constellation.moments if m.motif == motif.id}
        assert motif.support
        assert set(motif.support) <= members
        assert all(quote.voice in members for quote in motif.quotes)
        assert len(motif.terms) == len(motif.term_voices)
        assert -1.0 <= motif.valence <= 1.0
        assert 0.0 <= motif.arousal <= 1.0
        assert 0.0 <= motif.time <= 1.0


def test_plane_stays_where_it_is_when_a_depth_moves() -> None:
    still, deep = (
        shared_document(blend(with_depths(SESSION, depth), BlendTerms(floor=0.0)))["constellation"]
        for depth in (0.0, 1.0)
    )
    assert still["motifs"] == deep["motifs"]
    assert still["links"] == deep["links"]
    assert [m["from"] for m in still["moments"]] == [m["from"] for m in deep["moments"]]
    assert [m["from"] for m in still["moments"]] == [[m["x"], m["y"]] for m in still["moments"]]
    assert [m["from"] for m in deep["moments"]] != [[m["x"], m["y"]] for m in deep["moments"]]


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 5), st.integers(0, 1000))
def test_links_are_the_shortest_tree(count: int, seed: int) -> None:
    points = np.random.default_rng(seed).uniform(size=(count, 2))
    links = shortest_tree(points)
    assert len(links) == count - 1
    pairs = list(combinations(range(count), 2))
    length = {pair: float(np.linalg.norm(points[pair[0]] - points[pair[1]])) for pair in pairs}
    least = min(
        sum(length[pair] for pair in some)
        for some in combinations(pairs, count - 1)
        if joins_all(some, count)
    )
    assert sum(length[pair] for pair in links) == pytest.approx(least)


def joins_all(links, count: int) -> bool:
    reached = {0}
    for _ in range(count):
        reached |= {node for link in links if reached & set(link) for node in link}
    return len(reached) == count


def test_arc_of_one_even_dream_is_level_and_a_rising_one_rises() -> None:
    weights = np.ones(1)
    (level,) = measures_of([voice("a", scattered(6, seed=1))], BlendTerms())
    level.affect[:] = (0.25, 0.5)
    (rising,) = measures_of([voice("b", scattered(6, seed=1))], BlendTerms())
    rising.affect[:, 0] = np.linspace(-1, 1, 6)
    flat, up = (arc_of([measure], weights, steps=9) for measure in (level, rising))
    assert flat.valence == pytest.approx([0.25] * 9)
    assert flat.valence == pytest.approx(flat.valence_low)
    assert list(up.valence) == sorted(up.valence)
    assert up.valence[-1] - up.valence[0] > 1.0


@settings(deadline=None, max_examples=20)
@given(sessions())
def test_arc_lies_inside_its_band(voices) -> None:
    arc = blend(voices, BlendTerms()).arc
    for low, mean, high in zip(arc.valence_low, arc.valence, arc.valence_high, strict=True):
        assert -1.0 - 1e-9 <= low <= mean <= high <= 1.0 + 1e-9
    for low, mean, high in zip(arc.arousal_low, arc.arousal, arc.arousal_high, strict=True):
        assert -1e-9 <= low <= mean <= high <= 1.0 + 1e-9


def test_diversity_is_one_for_copies_and_everyone_for_strangers() -> None:
    weights = np.full(5, 0.2)
    apart = 1.0 - np.eye(5)
    assert diversity(np.zeros((5, 5)), weights, scale=1.0) == pytest.approx(1.0)
    assert diversity(100.0 * apart, weights, scale=1.0) == pytest.approx(5.0)
    assert diversity(apart, weights, scale=1.0) == pytest.approx(5 / 1.04)


def test_homogenisation_and_diversity_say_what_a_deep_blend_costs() -> None:
    shallow, deep = (blend(with_depths(SESSION, depth), BlendTerms(floor=0.0)).report for depth in (0.1, 1.0))
    assert shallow.homogenisation < 0.15 < 0.6 < deep.homogenisation
    assert deep.diversity < 0.6 * shallow.diversity
    assert deep.diversity_before == shallow.diversity_before


def test_attribution_and_influence_sum_to_one() -> None:
    rows = blend(SESSION, BlendTerms()).report.voices
    assert sum(row.influence for row in rows) == pytest.approx(1.0)
    assert sum(row.attribution for row in rows) == pytest.approx(1.0)
    assert all(row.influence <= 0.5 for row in rows)


def test_reason_is_a_sentence_for_the_dreamer() -> None:
    assert reason(0.0, 0.0, floor=0.6) == "You asked to be left untouched, and you are."
    assert reason(0.5, 0.5, floor=0.6) == "As deep as you asked."
    assert reason(0.8, 0.41, floor=0.6) == (
        "You asked for 0.80. It was lowered to 0.41, because any deeper two of the dreams here would keep "
        "less than 60% of what sets them apart."
    )
