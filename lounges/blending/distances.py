"""W2 between any two voices at any two depths: bounds for many pairs at once, exact values for few.

All answers are squared distances. For voices i and j at depths s and t the cost of moving a passage to
another is |x + s u|^2 + |y + t w|^2 - 2 <x + s u, y + t w>: two terms that no coupling can change, and an
inner product made of four fixed matrices with the factors 1, t, s and s t. So one optimal basis, found at any
depths, answers for all others: the cost of its coupling is an upper bound that needs four numbers, and its
duals, carried over to the new costs and made feasible, give a lower one. Where it is still optimal the two
meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from lounges.blending.intake import Measure
from lounges.blending.shapes import Floats, Indices
from lounges.blending.simplex import Basis, Masses, optimal_basis
from lounges.blending.views import View

CELLS = 1 << 17
"""Cost cells worked on at once: a few arrays of this many doubles stay in cache."""

MET = 1e-9
"""Bounds that differ by less than this part of the value have met."""

LEAST_COST = 1e-9
_FAR = 1e30


@dataclass(frozen=True, eq=False)
class Probe:
    """Questions: how far is the first voice of `pair` at `near` from the second at `far`; one entry each."""

    pair: Indices
    near: Floats
    far: Floats

    def __len__(self) -> int:
        return len(self.pair)

    def take(self, chosen: Indices) -> Probe:
        return Probe(self.pair[chosen], self.near[chosen], self.far[chosen])

    def factors(self) -> Floats:
        """What the four inner matrices are multiplied with, [q, 4]."""
        return np.stack([np.ones(len(self)), self.far, self.near, self.near * self.far], axis=1)


class Distances:
    """The pairs i < j of some voices; `first` and `second` give their positions.

    Remembers the latest optimal basis of each pair. What it answers does not depend on what it was asked
    before, beyond how near the bounds are to each other.
    """

    def __init__(self, measures: Sequence[Measure], views: Sequence[View]) -> None:
        self.voices = len(views)
        self.first, self.second = np.triu_indices(self.voices, 1)
        self._counts = [measure.counts for measure in measures]
        self._sizes = np.array([len(view.home) for view in views])
        self._starts = np.concatenate([[0], np.cumsum(self._sizes)[:-1]])
        self._mass = np.concatenate([view.mass for view in views])
        home = np.concatenate([view.home for view in views])
        home = home - self._mass @ home / self._mass.sum()
        pull = np.concatenate([view.pull for view in views])
        crossed = home @ pull.T
        self._inner = (home @ home.T, crossed, crossed.T, pull @ pull.T)
        squares = np.stack([np.diag(self._inner[place]) for place in (0, 1, 3)], axis=1)
        self._norms = np.add.reduceat(squares * self._mass[:, None], self._starts, axis=0)
        self._bases: list[Basis | None] = [None] * len(self.first)
        self._overlap = np.zeros((len(self.first), 4))
        self._duals = np.zeros((len(self.first), 4, int(self._sizes.max())))

    def afresh(self) -> Distances:
        """The same pairs with the bases found so far; what it finds from here on stays with it."""
        other = copy(self)
        other._bases = list(self._bases)
        other._overlap, other._duals = self._overlap.copy(), self._duals.copy()
        return other

    def probe(self, depths: Floats) -> Probe:
        """Every pair, with each voice at its depth."""
        return Probe(np.arange(len(self.first)), depths[self.first], depths[self.second])

    def pairs_of(self, voice: int) -> Indices:
        return np.flatnonzero((self.first == voice) | (self.second == voice))

    def exact(self, probe: Probe) -> Floats:
        """The squared distances, to rounding. Improves the bounds that follow."""
        return np.array([self._exact(probe.take(np.array([row]))) for row in range(len(probe))])

    def settled(self, probe: Probe) -> Floats:
        """The squared distances, to rounding; only pairs whose bounds have not met are worked out again."""
        values = self.upper(probe)
        apart = np.flatnonzero(values - self.lower(probe) > MET * np.maximum(values, LEAST_COST))
        values[apart] = self.exact(probe.take(apart))
        return values

    def upper(self, probe: Probe) -> Floats:
        """Upper bounds: the cost of the latest couplings. Every pair must have been asked for exactly
        before.
        """
        fixed = _quadratic(self._norms[self.first[probe.pair]], probe.near)
        fixed += _quadratic(self._norms[self.second[probe.pair]], probe.far)
        overlap = np.einsum("qf,qf->q", self._overlap[probe.pair], probe.factors())
        return np.maximum(fixed - 2.0 * overlap, 0.0)

    def lower(self, probe: Probe) -> Floats:
        """Lower bounds: the value of the latest duals after two c-transforms, which make them feasible."""
        bounds = np.zeros(len(probe))
        for chosen in self._chunks(probe):
            bounds[chosen] = self._lower(probe.take(chosen))
        return np.maximum(bounds, 0.0)

    def _exact(self, probe: Probe) -> float:
        pair = int(probe.pair[0])
        one, other = int(self.first[pair]), int(self.second[pair])
        matrices = np.stack([matrix[self._places(one), self._places(other)] for matrix in self._inner])
        costs = -2.0 * np.tensordot(probe.factors()[0], matrices, axes=1)
        masses = Masses.of(self._counts[one], self._counts[other])
        basis = optimal_basis(costs, masses, self._bases[pair])
        self._bases[pair] = basis
        self._overlap[pair] = basis.cost(matrices)
        self._duals[pair, :, : matrices.shape[2]] = basis.column_duals(matrices)
        return float(self.upper(probe)[0])

    def _lower(self, probe: Probe) -> Floats:
        rows, mass = self._padded(self.first[probe.pair])
        columns, target = self._padded(self.second[probe.pair])
        factors = probe.factors()
        costs = np.zeros((len(probe), rows.shape[1], columns.shape[1]))
        for matrix, factor in zip(self._inner, factors.T, strict=True):
            costs -= (2.0 * factor)[:, None, None] * matrix[rows[:, :, None], columns[:, None, :]]
        duals = -2.0 * np.einsum("qf,qfn->qn", factors, self._duals[probe.pair, :, : columns.shape[1]])
        shifted = costs - duals[:, None, :]
        shifted += np.where(target > 0.0, 0.0, _FAR)[:, None, :]
        from_rows = shifted.min(axis=2)
        shifted = costs - from_rows[:, :, None]
        shifted += np.where(mass > 0.0, 0.0, _FAR)[:, :, None]
        from_columns = shifted.min(axis=1)
        value = np.einsum("qm,qm->q", from_rows, mass) + np.einsum("qn,qn->q", from_columns, target)
        value += _quadratic(self._norms[self.first[probe.pair]], probe.near)
        value += _quadratic(self._norms[self.second[probe.pair]], probe.far)
        return np.asarray(value)

    def _places(self, voice: int) -> slice:
        return slice(int(self._starts[voice]), int(self._starts[voice] + self._sizes[voice]))

    def _padded(self, voices: Indices) -> tuple[Indices, Floats]:
        """Places of each voice's passages in the stacked arrays, [q, m], and their mass, 0 where padded."""
        sizes = self._sizes[voices]
        steps = np.arange(sizes.max())
        inside = steps < sizes[:, None]
        places = np.where(inside, steps, 0) + self._starts[voices][:, None]
        return places, np.where(inside, self._mass[places], 0.0)

    def _chunks(self, probe: Probe) -> list[Indices]:
        """Questions of like size together, no more than CELLS cells at once when padded."""
        rows, columns = self._sizes[self.first[probe.pair]], self._sizes[self.second[probe.pair]]
        order = np.lexsort((columns, rows))
        chunks: list[list[int]] = []
        height = width = 0
        for position in order.tolist():
            height, width = max(height, int(rows[position])), max(width, int(columns[position]))
            if not chunks or (len(chunks[-1]) + 1) * height * width > CELLS:
                chunks.append([])
                height, width = int(rows[position]), int(columns[position])
            chunks[-1].append(position)
        return [np.array(chunk) for chunk in chunks]


def _quadratic(norms: Floats, depth: Floats) -> Floats:
    """The mean of |x + s u|^2 from the means of |x|^2, <x, u> and |u|^2, [q, 3]."""
    return np.asarray(norms[:, 0] + 2.0 * depth * norms[:, 1] + depth**2 * norms[:, 2])
