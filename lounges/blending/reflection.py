"""Reflections: what one dreamer sees, and nobody else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lounges.blending.intake import Measure
from lounges.blending.motifs import Gathering
from lounges.blending.shapes import Floats, Indices, ReflectedMoment, Reflection, Resonance

ALONE = 0.25
"""A moment is its dreamer's alone when its likeness to the nearest moment of others is in the session's
lowest quarter.
"""

ROWS = 512
"""Moments compared with all others at once."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """How moments of different dreamers resemble each other.

    `alone[i]` [m_i] marks the moments of voice i that nothing of others comes near. `echoes[i]` are the
    moments of others that may be quoted to voice i, the likest first, each with the moment of voice i it is
    likest to: (own index, position of the other voice, its index).
    """

    alone: tuple[tuple[bool, ...], ...]
    echoes: tuple[tuple[tuple[int, int, int], ...], ...]


def likeness_of(measures: Sequence[Measure]) -> Likeness:
    """Compare every moment with every moment of other dreamers, by cosine."""
    points = np.concatenate([measure.points for measure in measures])
    owners = np.repeat(np.arange(len(measures)), [len(measure.points) for measure in measures])
    index = np.concatenate([np.arange(len(measure.points)) for measure in measures])
    quotable = np.array([bool(measure.texts) for measure in measures])[owners]
    dreamers = np.array([measure.dreamer for measure in measures])[owners]
    closest: list[Floats] = []
    echoes: list[tuple[tuple[int, int, int], ...]] = []
    for measure in measures:
        foreign = np.flatnonzero(dreamers != measure.dreamer)
        nearest, partner, best = _compared(measure.points, points[foreign])
        closest.append(nearest)
        heard = quotable[foreign]
        echoes.append(_ranked(foreign[heard], partner[heard], best[heard], owners=owners, index=index))
    pooled = np.concatenate(closest)
    finite = pooled[np.isfinite(pooled)]
    bound = float(np.quantile(finite, ALONE)) if len(finite) else math.inf
    return Likeness(alone=tuple(tuple((own < bound).tolist()) for own in closest), echoes=tuple(echoes))


def _compared(own: Floats, others: Floats) -> tuple[Floats, Indices, Floats]:
    """Of each own moment, its best likeness; of each other moment, the likest own moment and how like it
    is.
    """
    nearest = np.full(len(own), -np.inf)
    partner, best = np.zeros(len(others), dtype=np.intp), np.full(len(others), -np.inf)
    if len(others) == 0:
        return nearest, partner, best
    for start in range(0, len(own), ROWS):
        like = own[start : start + ROWS] @ others.T
        nearest[start : start + ROWS] = like.max(axis=1)
        row = like.argmax(axis=0)
        value = like[row, np.arange(len(others))]
        better = value > best
        partner[better], best[better] = row[better] + start, value[better]
    return nearest, partner, best


def _ranked(
    places: Indices, partner: Indices, best: Floats, *, owners: Indices, index: Indices
) -> tuple[tuple[int, int, int], ...]:
    order = np.argsort(-best, kind="stable")
    return tuple(
        zip(
            partner[order].tolist(),
            owners[places[order]].tolist(),
            index[places[order]].tolist(),
            strict=True,
        )
    )


def reflection_of(
    position: int, *, measures: Sequence[Measure], gathering: Gathering, likeness: Likeness, depth: float
) -> Reflection:
    """The reflection of one voice blended to `depth`."""
    measure = measures[position]
    echoes = likeness.echoes[position]
    allowed = most_quotes(depth, own=len(measure.points), others=len(echoes))
    heard: dict[int, list[Resonance]] = {}
    for own, voice, index in echoes[:allowed]:
        other = measures[voice]
        motif = int(gathering.of_moments[voice][index])
        heard.setdefault(own, []).append(
            Resonance(motif=motif, voice=other.key, index=index, text=other.texts[index])
        )
    motif_of = gathering.of_moments[position].tolist()
    return Reflection(
        key=measure.key,
        moments=tuple(
            ReflectedMoment(
                index=index,
                text=measure.texts[index] if measure.texts else None,
                motif=motif_of[index],
                resonates=tuple(heard.get(index, ())),
                alone=alone,
            )
            for index, alone in enumerate(likeness.alone[position])
        ),
        motifs=tuple(sorted(set(motif_of))),
    )


def most_quotes(depth: float, *, own: int, others: int) -> int:
    """How many moments of others a reflection may hold.

    At most a share `depth` of what others let be quoted, and at most a share `depth` of the reflection
    itself.
    """
    of_others = math.floor(depth * others + 1e-9)
    if depth >= 1.0:
        return of_others
    return min(of_others, math.floor(own * depth / (1.0 - depth) + 1e-9))
