"""What is left of the distances between voices after a blend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lounges.blending.distances import Distances
from lounges.blending.floor import IDENTICAL, Floor
from lounges.blending.shapes import Floats, Indices

NEARLY = 1e-3
"""Squared distances known to this part are good enough for a mean over pairs."""


@dataclass(frozen=True, eq=False)
class Kept:
    """Distances [n, n] between the dreams `before` and `after` a blend. `distinct` [n, n] leaves out
    identical ones.
    """

    before: Floats
    after: Floats
    distinct: NDArray[np.bool_]

    def ratios(self) -> Floats:
        """The share each pair keeps, [n, n]; infinite where the dreams began identical."""
        return np.where(self.distinct, self.after / np.where(self.distinct, self.before, 1.0), np.inf)

    def retention(self) -> Floats:
        """The least share each voice keeps; 1 where it has nobody to keep its distance from."""
        least: Floats = self.ratios().min(axis=1)
        return np.where(np.isfinite(least), least, 1.0)

    def nearest(self) -> Indices:
        """The position of the voice nearest to each after the blend, -1 where there is none."""
        if len(self.after) == 1:
            return np.array([-1])
        return np.asarray((self.after + np.diag(np.full(len(self.after), np.inf))).argmin(axis=1))

    def homogenisation(self) -> float:
        """The mean share of distance lost, over pairs; 0 where there are none."""
        ratios = self.ratios()[self.distinct]
        return 1.0 - float(ratios.mean()) if len(ratios) else 0.0

    def mean_before(self) -> float:
        distances = self.before[self.distinct]
        return float(distances.mean()) if len(distances) else 0.0


def kept_at(floor: Floor, depths: Floats) -> Kept:
    """What every pair keeps at the depths given: exact where it is some voice's least or nearest, and within
    NEARLY of it elsewhere.
    """
    distances = floor.distances
    probe = distances.probe(depths)
    low, high = distances.lower(probe), distances.upper(probe)
    unsure = (high - low) > NEARLY * np.maximum(high, IDENTICAL**2)
    scale = np.where(floor.distinct, floor.before, np.inf)
    for least, most in ((low / scale, high / scale), (low, high)):
        reach = _least_of_each(distances, np.where(floor.distinct, most, np.inf))
        unsure |= least <= np.maximum(reach[distances.first], reach[distances.second])
    after = (low + high) / 2.0
    after[unsure] = distances.settled(probe.take(np.flatnonzero(unsure)))
    return Kept(
        before=_square(distances, np.sqrt(floor.before)),
        after=_square(distances, np.sqrt(after)),
        distinct=_square(distances, floor.distinct),
    )


def _least_of_each(distances: Distances, values: Floats) -> Floats:
    """The least of each voice's pairs, [n]."""
    least = np.full(distances.voices, np.inf)
    np.minimum.at(least, distances.first, values)
    np.minimum.at(least, distances.second, values)
    return least


def _square(distances: Distances, values: NDArray[Any]) -> NDArray[Any]:
    """Values of pairs as a symmetric table [n, n], zero on the diagonal."""
    table = np.zeros((distances.voices, distances.voices), dtype=values.dtype)
    table[distances.first, distances.second] = values
    table[distances.second, distances.first] = values
    return table
