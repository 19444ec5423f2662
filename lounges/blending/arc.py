"""The arc: how valence and arousal run through the night of the guild."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lounges.blending.intake import Measure
from lounges.blending.shapes import Arc, Floats

BANDWIDTH = 0.12
"""Standard deviation, in narrative time, of the Gaussian that smooths each dream."""


def arc_of(measures: Sequence[Measure], weights: Floats, *, steps: int) -> Arc:
    """Each dream is smoothed over narrative time; the arc is their weighted mean, its band their middle
    half.
    """
    time = np.linspace(0.0, 1.0, steps)
    curves = np.array([_curve(measure, time) for measure in measures])
    mean = np.einsum("i,isf->sf", weights, curves)
    low, high = np.quantile(curves, (0.25, 0.75), axis=0)
    low, high = np.minimum(low, mean), np.maximum(high, mean)
    return Arc(
        time=_values(time),
        valence=_values(mean[:, 0]),
        valence_low=_values(low[:, 0]),
        valence_high=_values(high[:, 0]),
        arousal=_values(mean[:, 1]),
        arousal_low=_values(low[:, 1]),
        arousal_high=_values(high[:, 1]),
    )


def _curve(measure: Measure, time: Floats) -> Floats:
    """Nadaraya-Watson regression of the moments' affect, [steps, 2]."""
    away = (time[:, None] - measure.times[None, :]) / BANDWIDTH
    away = away**2 / 2.0
    kernel = np.exp(away.min(axis=1, keepdims=True) - away)
    smoothed: Floats = (kernel @ measure.affect) / kernel.sum(axis=1, keepdims=True)
    return smoothed


def _values(column: Floats) -> tuple[float, ...]:
    return tuple(column.tolist())
