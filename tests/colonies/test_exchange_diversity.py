"""Effective numbers against closed forms, worked examples, and what every such measure must satisfy."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies.exchange.diversity import ORDERS, Partition, diversity, partition, shares

EXACT = {"rel": 0, "abs": 1e-9}
ALIKE = ((1.0, 1.0), (1.0, 1.0))


@pytest.mark.parametrize("order", [*ORDERS, 0.5, 3.0])
@pytest.mark.parametrize("kinds", [1, 2, 7])
def test_equally_practised_kinds_count_as_so_many(kinds: int, order: float):
    assert diversity([1 / kinds] * kinds, order=order) == pytest.approx(kinds, **EXACT)


@pytest.mark.parametrize(
    ("practised", "order", "expected"),
    [
        ((0.5, 0.3, 0.2), 0, 3.0),
        ((0.5, 0.3, 0.2), 1, 1 / (0.5**0.5 * 0.3**0.3 * 0.2**0.2)),
        ((0.5, 0.3, 0.2), 2, 1 / 0.38),
        ((0.9, 0.1, 0.0), 0, 2.0),
        ((0.9, 0.1, 0.0), 2, 1 / 0.82),
        ((0.5, 0.25, 0.25), 1, 2**1.5),
    ],
)
def test_worked_examples(practised: tuple[float, ...], order: float, expected: float):
    assert diversity(practised, order=order) == pytest.approx(expected, **EXACT)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("z", [0.0, 0.25, 0.8, 1.0])
def test_two_kinds_that_are_alike_count_as_fewer(z: float, order: float):
    """Leinster and Cobbold: two equally common kinds of likeness z are 2 / (1 + z), at any order."""
    found = diversity((0.5, 0.5), order=order, likeness=((1, z), (z, 1)))
    assert found == pytest.approx(2 / (1 + z), **EXACT)


@pytest.mark.parametrize("order", ORDERS)
def test_colonies_that_share_nothing_are_so_many_cultures(order: float):
    apart = [(0.5, 0.5, 0, 0, 0, 0), (0, 0, 0.5, 0.5, 0, 0), (0, 0, 0, 0, 0.5, 0.5)]
    found = partition(apart, order=order)
    assert (found.alpha, found.beta, found.gamma) == pytest.approx((2, 3, 6), **EXACT)


@pytest.mark.parametrize("order", ORDERS)
def test_colonies_that_are_all_alike_are_one_culture(order: float):
    found = partition([(0.7, 0.2, 0.1)] * 4, order=order)
    assert (found.beta, found.alpha) == pytest.approx((1, found.gamma), **EXACT)


def test_a_worked_partition():
    """(1/2, 1/2, 0) and (0, 1/2, 1/2) at order 2: alpha 2, gamma 1 / (1/16 + 1/4 + 1/16) = 8/3."""
    found = partition([(0.5, 0.5, 0), (0, 0.5, 0.5)], order=2)
    assert found == Partition(2, pytest.approx(2.0), pytest.approx(4 / 3), pytest.approx(8 / 3))


def test_colonies_that_keep_different_names_for_the_same_are_one_culture():
    apart, like = [(1.0, 0.0), (0.0, 1.0)], ALIKE
    assert [partition(apart, order=1, likeness=z).beta for z in (None, like)] == pytest.approx(
        [2, 1], **EXACT
    )


COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any)


@given(COUNTS, st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]))
def test_a_diversity_lies_between_one_and_the_number_of_kinds(counts: list[int], order: float):
    found = diversity(shares(counts), order=order)
    assert 1 - 1e-9 <= found <= sum(count > 0 for count in counts) + 1e-9


@given(COUNTS)
def test_it_never_grows_with_the_order_and_has_no_step_at_one(counts: list[int]):
    practised = shares(counts)
    found = [diversity(practised, order=order) for order in (0, 0.5, 1, 2, 3)]
    assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(found))
    assert diversity(practised, order=1 + 1e-6) == pytest.approx(found[2], rel=1e-4)


@given(COUNTS, st.sampled_from(ORDERS))
def test_twice_the_same_under_other_names_is_twice_as_many(counts: list[int], order: float):
    once, twice = shares(counts), shares([*counts, *counts])
    assert diversity(twice, order=order) == pytest.approx(2 * diversity(once, order=order))


ROWS = st.integers(2, 4).flatmap(
    lambda kinds: st.lists(
        st.lists(st.integers(0, 9), min_size=kinds, max_size=kinds).filter(any), min_size=1, max_size=5
    )
)


@given(ROWS, st.sampled_from(ORDERS))
def test_beta_lies_between_one_and_the_number_of_colonies(rows: list[list[int]], order: float):
    found = partition([shares(row) for row in rows], order=order)
    assert 1 - 1e-9 <= found.beta <= len(rows) + 1e-9
    assert math.isclose(found.alpha * found.beta, found.gamma)


@pytest.mark.parametrize("practised", [(0.5, 0.4), (1.2, -0.2)])
def test_shares_that_make_no_whole_are_refused(practised: tuple[float, ...]):
    with pytest.raises(ValueError, match="make a whole"):
        diversity(practised, order=1)


@pytest.mark.parametrize("counts", [(), (0, 0), (1, -1)])
def test_nothing_practised_has_no_shares(counts: tuple[float, ...]):
    with pytest.raises(ValueError, match="not all nothing"):
        shares(counts)


def test_no_colony_is_no_comparison():
    with pytest.raises(ValueError, match="no colony"):
        partition([], order=1)
