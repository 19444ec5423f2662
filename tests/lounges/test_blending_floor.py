"""The individuality floor, measured by somebody else's exact transport."""

import numpy as np
import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st

from lounges.blending import BlendTerms, blend, prepare
from lounges.blending.distances import Distances, Probe
from lounges.blending.floor import RISE
from tests.lounges.blending_voices import (
    given,
    retention_at,
    retention_of,
    scattered,
    sessions,
    voice,
    w2,
    with_depths,
)

FLOORS = st.sampled_from((0.0, 0.3, 0.6, 0.85, 0.99, 1.0))
ROUNDING = 1e-7


@settings(deadline=None, max_examples=60)
@given_that(sessions(), FLOORS)
def test_every_voice_keeps_the_floor_and_no_depth_is_above_consent(voices, floor: float) -> None:
    dreamscape = blend(voices, BlendTerms(floor=floor))
    assert all(kept >= floor - ROUNDING for kept in retention_of(dreamscape).values())
    assert all(0.0 <= row.given <= row.asked for row in dreamscape.report.voices)
    assert {row.key: row.asked for row in dreamscape.report.voices} == {v.key: v.depth for v in voices}


@settings(deadline=None, max_examples=40)
@given_that(sessions(least=2), FLOORS)
def test_no_single_depth_could_be_higher(voices, floor: float) -> None:
    prepared = prepare(voices, BlendTerms(floor=floor))
    dreamscape = prepared.at()
    depths = given(dreamscape)
    for row in dreamscape.report.voices:
        if row.given + RISE <= row.asked:
            kept = retention_at(prepared, depths | {row.key: row.given + RISE})
            assert min(kept.values()) < floor + ROUNDING, row


@settings(deadline=None, max_examples=40)
@given_that(sessions(least=2))
def test_report_says_what_exact_transport_measures(voices) -> None:
    dreamscape = blend(voices, BlendTerms())
    measured = retention_of(dreamscape)
    reported = {row.key: row.retention for row in dreamscape.report.voices}
    assert reported == pytest.approx(measured, abs=1e-6)
    assert dreamscape.report.kept_at_least == pytest.approx(min(measured.values()), abs=1e-6)


@settings(deadline=None, max_examples=40)
@given_that(sessions(least=2, most=4), st.integers(0, 1000))
def test_bounds_hold_the_exact_distance_between_them(voices, seed: int) -> None:
    prepared = prepare(voices, BlendTerms())
    distances = Distances(prepared.measures, prepared.views)
    random = np.random.default_rng(seed)
    distances.exact(distances.probe(random.uniform(size=len(voices))))
    for _ in range(3):
        depths = random.uniform(size=len(voices))
        probe = distances.probe(depths)
        low, high = distances.lower(probe), distances.upper(probe)
        exact = [
            w2(one.at(depths[i]), other.at(depths[j]), (one.mass, other.mass)) ** 2
            for i, one in enumerate(prepared.views)
            for j, other in enumerate(prepared.views)
            if i < j
        ]
        assert (low <= np.array(exact) + 1e-9).all()
        assert (high >= np.array(exact) - 1e-9).all()
        assert distances.exact(probe) == pytest.approx(exact, abs=1e-9)


def test_bounds_of_pairs_of_unlike_sizes_are_not_confused_by_padding() -> None:
    voices = [voice(f"v{size}", scattered(size, seed=size), seed=size) for size in (1, 2, 30, 64)]
    prepared = prepare(voices, BlendTerms())
    distances = Distances(prepared.measures, prepared.views)
    probe = distances.probe(np.array([0.2, 0.4, 0.6, 0.8]))
    exact = distances.exact(probe)
    assert distances.lower(probe) == pytest.approx(exact, abs=1e-9)
    assert distances.upper(probe) == pytest.approx(exact, abs=1e-9)


def test_settled_answers_do_not_depend_on_what_was_asked_before() -> None:
    voices = [voice(f"v{seed}", scattered(9, seed=seed), seed=seed) for seed in range(4)]
    prepared = prepare(voices, BlendTerms())
    fresh, used = (Distances(prepared.measures, prepared.views) for _ in range(2))
    for each in (fresh, used):
        each.exact(each.probe(np.zeros(4)))
    used.exact(used.probe(np.ones(4)))
    probe = Probe(np.array([0, 3]), np.array([0.2, 0.9]), np.array([0.5, 0.1]))
    assert fresh.settled(probe) == pytest.approx(used.settled(probe), abs=1e-9)


def test_depths_are_lowered_when_asked_for_more_than_the_floor_bears() -> None:
    voices = [voice(f"v{seed}", scattered(8, dimension=64, seed=seed), seed=seed) for seed in range(5)]
    deep = blend(with_depths(voices, 1.0), BlendTerms())
    shallow = blend(with_depths(voices, 0.1), BlendTerms())
    assert all(0.0 < row.given < 1.0 for row in deep.report.voices)
    assert "lowered to" in deep.report.voices[0].why
    assert {row.given for row in shallow.report.voices} == {0.1}
    assert {row.why for row in shallow.report.voices} == {"As deep as you asked."}


def test_everyone_rises_as_far_as_others_leave_them() -> None:
    """A voice whose neighbours hardly move may go deeper than it could among neighbours that move with it."""
    voices = [voice(f"v{seed}", scattered(8, dimension=64, seed=seed), seed=seed) for seed in range(5)]
    prepared = prepare(voices, BlendTerms())
    together = given(prepared.at(dict.fromkeys(given(prepared.at()), 1.0)))
    alone = given(prepared.at({"v0": 1.0, "v1": 0.0, "v2": 0.0, "v3": 0.0, "v4": 0.0}))
    assert alone["v0"] > together["v0"] + 0.1


def test_floor_of_one_leaves_everyone_where_they_were_and_of_nothing_lets_all_through() -> None:
    voices = [voice(f"v{seed}", scattered(6, dimension=64, seed=seed), seed=seed) for seed in range(4)]
    assert set(given(blend(voices, BlendTerms(floor=0.0))).values()) == {1.0}
    assert max(given(blend(voices, BlendTerms(floor=1.0))).values()) < RISE


def test_pair_that_began_identical_is_left_out_and_costs_nobody_depth() -> None:
    points = scattered(6, dimension=64, seed=1)
    twins = [voice("a", points, seed=5), voice("b", points.copy(), seed=5)]
    dreamscape = blend(twins, BlendTerms(floor=0.9))
    assert given(dreamscape) == {"a": 1.0, "b": 1.0}
    assert [row.retention for row in dreamscape.report.voices] == [1.0, 1.0]
    assert dreamscape.report.homogenisation == 0.0
