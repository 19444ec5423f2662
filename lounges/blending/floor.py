"""The individuality floor: how deep each voice may be blended before somebody stops being told apart.

A pair keeps the floor when W2 between its two views is at least `floor` times W2 between the two dreams.
Depths are only ever lowered from what was asked. The search fills like water: every voice rises together
until some pair reaches the floor, then those that can still rise alone go on. It ends where no single depth
can rise by RISE.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lounges.blending.distances import Distances, Probe
from lounges.blending.shapes import Floats, Indices

GRID = 100
"""Depths given are hundredths, or exactly what was asked."""

RISE = 0.02
"""No single depth given could be this much higher."""

IDENTICAL = 1e-5
"""Dreams nearer than this began identical: there is no difference between them to keep."""

ROUNDING = 1e-9
"""The floor asked of squared distances is this part higher, so that it holds however they are summed."""


class Floor:
    """Whether pairs of voices keep their distance: decided by bounds, and exactly where these leave doubt."""

    def __init__(self, distances: Distances, floor: float) -> None:
        self.distances = distances
        self.floor = floor
        self.before = distances.exact(distances.probe(np.zeros(distances.voices)))
        self.distinct = self.before > IDENTICAL**2
        self.least = floor**2 * self.before * (1.0 + ROUNDING)

    def afresh(self) -> Floor:
        """The same question asked anew: its answers owe nothing to what this one was asked."""
        other = copy(self)
        other.distances = self.distances.afresh()
        return other

    def breaks(self, probe: Probe) -> NDArray[np.bool_]:
        """Which of the pairs asked about surely break the floor; cheap, and never wrong when it says so."""
        return np.asarray(self._asked_about(probe) & (self.distances.upper(probe) < self.least[probe.pair]))

    def all_hold(self, probe: Probe) -> bool:
        """Whether every pair asked about keeps the floor; certain."""
        probe = probe.take(np.flatnonzero(self._asked_about(probe)))
        if self.breaks(probe).any():
            return False
        spare = (self.distances.lower(probe) - self.least[probe.pair]) / self.before[probe.pair]
        doubtful = np.flatnonzero(spare < 0.0)
        for row in doubtful[np.argsort(spare[doubtful], kind="stable")].tolist():
            asked = probe.take(np.array([row]))
            if float(self.distances.exact(asked)[0]) < float(self.least[asked.pair[0]]):
                return False
        return True

    def _asked_about(self, probe: Probe) -> NDArray[np.bool_]:
        """Leaves out pairs that began identical, and pairs in which nobody moves."""
        return self.distinct[probe.pair] & ((probe.near > 0.0) | (probe.far > 0.0))


def depths_within(floor: Floor, asked: Floats) -> Floats:
    """The depths given, [n], each at most what was asked, that keep every pair at or above the floor."""
    if floor.all_hold(floor.distances.probe(asked)):
        return asked.copy()
    return _Search(floor, asked).run()


Step = tuple[int, float]
"""A voice, and the depth it might rise to."""


@dataclass(frozen=True, eq=False)
class _Search:
    floor: Floor
    asked: Floats

    def run(self) -> Floats:
        depths = self._rise_together(np.zeros_like(self.asked), np.arange(len(self.asked)))
        while True:
            steps = [step for step in self._open_steps(depths) if self._holds(depths, step)]
            if not steps:
                return depths
            together = self._rise_together(depths, np.unique([voice for voice, _ in steps]))
            if (together - depths).max() < RISE / 4.0:
                voice, to = min(steps, key=lambda step: (depths[step[0]], step))
                together = depths.copy()
                together[voice] = to
            depths = together

    def _open_steps(self, depths: Floats) -> list[Step]:
        """The single steps up that consent allows and no pair is already known to forbid."""
        steps = [
            (voice, to)
            for voice, (depth, asked) in enumerate(zip(depths.tolist(), self.asked.tolist(), strict=True))
            for to in _next(depth, asked)
        ]
        if not steps:
            return []
        probes = [self._after(depths, step) for step in steps]
        together = Probe(
            pair=np.concatenate([probe.pair for probe in probes]),
            near=np.concatenate([probe.near for probe in probes]),
            far=np.concatenate([probe.far for probe in probes]),
        )
        known = np.any(self.floor.breaks(together).reshape(len(steps), -1), axis=1)
        return [steps[place] for place in np.flatnonzero(~known).tolist()]

    def _holds(self, depths: Floats, step: Step) -> bool:
        return self.floor.all_hold(self._after(depths, step))

    def _after(self, depths: Floats, step: Step) -> Probe:
        """Every pair of a voice, after its step."""
        voice, to = step
        distances = self.floor.distances
        changed = depths.copy()
        changed[voice] = to
        return distances.probe(changed).take(distances.pairs_of(voice))

    def _rise_together(self, depths: Floats, voices: Indices) -> Floats:
        """The highest common level of `voices`, by bisection over hundredths, that holds with the others
        fixed.
        """
        low = int(np.floor(depths[voices].min() * GRID + 1e-9))
        high = int(np.ceil(self.asked[voices].max() * GRID - 1e-9)) + 1
        best = depths
        while high - low > 1:
            middle = (low + high) // 2
            level = depths.copy()
            level[voices] = np.maximum(depths[voices], np.minimum(self.asked[voices], middle / GRID))
            if self.floor.all_hold(self.floor.distances.probe(level)):
                low, best = middle, level
            else:
                high = middle
        return best


def _next(depth: float, asked: float) -> list[float]:
    """The depths just above one that must all be out of reach before it counts as the highest."""
    above = (np.floor(depth * GRID + 1e-9) + 1.0) / GRID
    return sorted({min(float(to), asked) for to in (above, depth + RISE)} - {depth})
