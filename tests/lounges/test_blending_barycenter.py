"""The barycenter and its plans, against POT's free-support barycenter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending import BlendTerms
from lounges.blending.barycenter import Barycenter, barycenter, default_atoms
from lounges.blending.influence import cap_for, weights_of
from lounges.blending.intake import Measure, measures_of
from tests.lounges import pot
from tests.lounges.blending_voices import scattered, sessions, voice


def measured(voices) -> tuple[tuple[Measure, ...], np.ndarray, Barycenter]:
    measures = measures_of(voices, BlendTerms())
    weights = weights_of([measure.dreamer for measure in measures])
    points, masses = [each.lifted for each in measures], [each.mass for each in measures]
    return measures, weights, barycenter(points, masses, weights=weights)


def objective(measures, weights, atoms: np.ndarray) -> float:
    even = np.full(len(atoms), 1.0 / len(atoms))
    return sum(
        weight * pot.transport_cost(pot.squared_distances(measure.lifted, atoms), measure.mass, even)
        for measure, weight in zip(measures, weights, strict=True)
    )


@pytest.mark.parametrize("seed", range(4))
def test_objective_is_no_worse_than_that_of_pot(seed: int) -> None:
    voices = [
        voice(f"v{place}", scattered(3 + 2 * place, dimension=64, seed=100 * seed + place), seed=place)
        for place in range(8)
    ]
    measures, weights, ours = measured(voices)
    theirs = pot.free_support_barycenter(
        [measure.lifted for measure in measures],
        [measure.mass for measure in measures],
        np.resize(measures[0].lifted, ours.atoms.shape),
        weights=weights,
        numItermax=100,
    )
    assert objective(measures, weights, ours.atoms) <= 1.001 * objective(measures, weights, theirs)


@settings(deadline=None, max_examples=60)
@given(sessions())
def test_plan_of_every_voice_carries_its_mass_to_even_atoms(voices) -> None:
    measures, _, centre = measured(voices)
    for measure, plan in zip(measures, centre.plans, strict=True):
        assert np.isfinite(plan).all()
        assert (plan >= 0.0).all()
        assert np.allclose(plan.sum(axis=1), measure.mass, atol=1e-9)
    assert np.isfinite(centre.atoms).all()


def test_plans_of_ordinary_dreams_share_the_atoms_evenly() -> None:
    voices = [voice(f"v{seed}", scattered(10, dimension=64, seed=seed), seed=seed) for seed in range(6)]
    _, _, centre = measured(voices)
    for plan in centre.plans:
        assert plan.sum(axis=0) == pytest.approx(
            np.full(len(centre.atoms), 1.0 / len(centre.atoms)), rel=0.05
        )


def test_barycenter_of_identical_dreams_is_that_dream() -> None:
    points = scattered(7, dimension=64, seed=3)
    measures, weights, centre = measured([voice(key, points, seed=1) for key in "abc"])
    assert objective(measures, weights, centre.atoms) < 1e-3


def test_atoms_are_the_median_number_of_moments_between_bounds() -> None:
    assert default_atoms([3, 9, 20]) == 9
    assert default_atoms([2, 2, 3]) == 6
    assert default_atoms([500, 600, 700]) == 64
    assert default_atoms([1, 2]) == 3


@given(
    st.lists(st.sampled_from("abcdefghijklmnop"), min_size=1, max_size=40), st.none() | st.floats(0.01, 1.0)
)
def test_nobody_weighs_more_than_the_cap_however_many_dreams_they_lend(dreamers, asked) -> None:
    weights = weights_of(dreamers)
    cap = cap_for(len(set(dreamers)), asked)
    assert weights.sum() == pytest.approx(1.0)
    for dreamer in set(dreamers):
        own = sum(weight for weight, name in zip(weights, dreamers, strict=True) if name == dreamer)
        assert own <= cap + 1e-12


def test_default_cap_is_two_even_shares_and_at_least_a_tenth() -> None:
    assert [cap_for(count, None) for count in (1, 2, 4, 12, 100)] == [1.0, 1.0, 0.5, 2 / 12, 0.1]
