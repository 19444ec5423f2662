"""Exact transport, against POT's."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.blending.simplex import Basis, Masses, optimal_basis
from tests.lounges import pot


def oracle(costs: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    return pot.transport_cost(costs, first / first.sum(), second / second.sum())


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, columns = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    random = np.random.default_rng(draw(st.integers(0, 100_000)))
    costs = random.normal(size=(rows, columns))
    if draw(st.booleans()):
        costs = np.round(costs)  # ties everywhere: the degenerate case
    most = draw(st.sampled_from((2, 5)))
    return costs, random.integers(1, most, rows), random.integers(1, most, columns)


@settings(deadline=None, max_examples=150)
@given(problems())
def test_basis_of_any_problem_has_the_cost_that_pot_finds(problem) -> None:
    costs, first, second = problem
    basis = optimal_basis(costs, Masses.of(first, second))
    assert np.isclose(basis.cost(costs[None])[0], oracle(costs, first, second), atol=1e-12)


@settings(deadline=None, max_examples=80)
@given(problems(), st.integers(0, 1000))
def test_basis_started_from_another_is_as_good(problem, seed: int) -> None:
    costs, first, second = problem
    masses = Masses.of(first, second)
    start = optimal_basis(costs, masses)
    other = costs + np.random.default_rng(seed).normal(size=costs.shape)
    basis = optimal_basis(other, masses, start)
    assert np.isclose(basis.cost(other[None])[0], oracle(other, first, second), atol=1e-12)


def coupling(basis: Basis, shape: tuple[int, int]) -> np.ndarray:
    plan = np.zeros(shape)
    for (row, column), share in zip(basis.edges, basis.shares, strict=True):
        plan[row, column] += share
    return plan


@settings(deadline=None, max_examples=80)
@given(problems())
def test_basis_carries_the_masses_and_its_duals_prove_it_optimal(problem) -> None:
    costs, first, second = problem
    basis = optimal_basis(costs, Masses.of(first, second))
    plan = coupling(basis, costs.shape)
    columns = basis.column_duals(costs[None])[0]
    rows = (costs - columns).min(axis=1)
    value = rows @ (first / first.sum()) + columns @ (second / second.sum())
    assert (plan >= 0.0).all()
    assert np.allclose(plan.sum(axis=1), first / first.sum(), atol=1e-12)
    assert np.allclose(plan.sum(axis=0), second / second.sum(), atol=1e-12)
    assert np.isclose(value, np.sum(plan * costs), atol=1e-12)
