"""The constellation: moments and motifs in the plane, the same plane for every depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lounges.blending.intake import Measure
from lounges.blending.motifs import Gathering
from lounges.blending.shapes import Constellation, Floats, Motif, PlacedMoment, PlacedMotif
from lounges.blending.views import View

MARGIN = 0.04
"""Free border of the unit square."""

FLAT = 1e-6
"""An axis along which the dreams reach less far than this is not stretched to fill the square."""

LABEL_TERMS = 2


@dataclass(frozen=True, eq=False)
class Plane:
    """An affine map [d] -> [2] into the unit square, fixed by the dreams alone."""

    axes: Floats
    offset: Floats

    def place(self, points: Floats) -> Floats:
        return np.clip(points @ self.axes + self.offset, 0.0, 1.0)


def plane_of(views: Sequence[View], weights: Floats) -> Plane:
    """The two principal axes of the views half way, stretched so that the dreams as dreamt fill the square.

    Half way, the axes follow both what sets the dreams apart and where the motifs lie. An axis points to
    where its longest loading is positive, so the picture never flips.
    """
    points = np.concatenate([view.at(0.5) for view in views])
    mass = np.concatenate([view.mass * weight for view, weight in zip(views, weights, strict=True)])
    origin = mass @ points / mass.sum()
    axes = _principal((points - origin) * np.sqrt(mass)[:, None])
    home = np.concatenate([view.home for view in views]) @ axes
    low, high = home.min(axis=0), home.max(axis=0)
    stretch = (1.0 - 2.0 * MARGIN) / np.maximum(high - low, FLAT)
    return Plane(axes=axes * stretch, offset=0.5 - stretch * (low + high) / 2.0)


def _principal(centred: Floats) -> Floats:
    """The first two right singular vectors [d, 2]; zero where the points have no such direction."""
    rows, dimension = centred.shape
    if rows <= dimension:
        _, vectors = np.linalg.eigh(centred @ centred.T)
        axes = centred.T @ vectors[:, ::-1][:, :2]
    else:
        _, vectors = np.linalg.eigh(centred.T @ centred)
        axes = vectors[:, ::-1][:, :2]
    lengths = np.linalg.norm(axes, axis=0)
    axes = np.where(lengths > 1e-9, axes / np.maximum(lengths, 1e-30), 0.0)
    if axes.shape[1] < 2:
        axes = np.hstack([axes, np.zeros((dimension, 2 - axes.shape[1]))])
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(2)])
    return np.asarray(axes * np.where(signs == 0.0, 1.0, signs))


def constellation_of(
    measures: Sequence[Measure],
    views: Sequence[View],
    depths: Floats,
    *,
    plane: Plane,
    gathering: Gathering,
    motifs: Sequence[Motif],
) -> Constellation:
    """Every passage where the depth given puts it, every motif at its atom, and the tree between motifs."""
    moments: list[PlacedMoment] = []
    for measure, view, depth, own in zip(measures, views, depths, gathering.of_passages, strict=True):
        moments += _placed(measure, plane.place(view.at(depth)), plane.place(view.home), own.tolist())
    centres = plane.place(gathering.atoms)
    return Constellation(
        moments=tuple(sorted(moments, key=lambda moment: (moment.voice, moment.index))),
        motifs=tuple(
            PlacedMotif(
                id=motif.id, x=float(x), y=float(y), size=motif.share, label=_label(motif)
            )
            for motif, (x, y) in zip(motifs, centres, strict=True)
        ),
        links=shortest_tree(centres),
    )  # fmt: skip


def _placed(measure: Measure, now: Floats, home: Floats, motifs: Sequence[int]) -> list[PlacedMoment]:
    firsts = np.searchsorted(measure.passage_of, np.arange(len(motifs))).tolist()
    return [
        PlacedMoment(
            voice=measure.key,
            index=first,
            x=float(now[passage, 0]),
            y=float(now[passage, 1]),
            from_x=float(home[passage, 0]),
            from_y=float(home[passage, 1]),
            motif=motifs[passage],
            text=measure.texts[first] if measure.texts else None,
        )
        for passage, first in enumerate(firsts)
    ]


def _label(motif: Motif) -> str | None:
    return ", ".join(motif.terms[:LABEL_TERMS]) or None


def shortest_tree(points: Floats) -> tuple[tuple[int, int], ...]:
    """The edges of a minimum spanning tree in the plane (Prim 1957): drawn, it never crosses itself."""
    distances = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    away, through = distances[0].copy(), np.zeros(len(points), dtype=np.intp)
    outside = np.ones(len(points), dtype=bool)
    outside[0] = False
    links: list[tuple[int, int]] = []
    while outside.any():
        node = int(np.where(outside, away, np.inf).argmin())
        outside[node] = False
        links.append((min(node, int(through[node])), max(node, int(through[node]))))
        nearer = distances[node] < away
        away[nearer], through[nearer] = distances[node][nearer], node
    return tuple(sorted(links))
