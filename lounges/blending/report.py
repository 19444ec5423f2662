"""The report: what the blend asked of each voice, and what it left them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lounges.blending.barycenter import Barycenter
from lounges.blending.intake import Measure
from lounges.blending.retention import Kept
from lounges.blending.shapes import Floats, Report, VoiceReport

ALIKE = 0.01
"""How alike two dreams count that are as far apart as the dreams of the session were on average."""


def report_of(
    keys: Sequence[str],
    *,
    asked: Floats,
    given: Floats,
    kept: Kept,
    weights: Floats,
    attribution: Floats,
    floor: float,
    cap: float,
    largest_depth: float = 1.0,
) -> Report:
    """Rows are in the order of the keys, which no order of the participants changes."""
    retention = kept.retention()
    nearest = kept.nearest()
    rows = [
        VoiceReport(
            key=key,
            asked=float(asked[position]),
            given=float(given[position]),
            why=reason(float(asked[position]), float(given[position]), floor=floor, largest=largest_depth),
            retention=float(retention[position]),
            influence=float(weights[position]),
            attribution=float(attribution[position]),
            nearest=None if nearest[position] < 0 else keys[nearest[position]],
        )
        for position, key in enumerate(keys)
    ]
    return Report(
        floor=floor,
        influence_cap=cap,
        voices=tuple(sorted(rows, key=lambda row: row.key)),
        homogenisation=kept.homogenisation(),
        diversity=diversity(kept.after, weights, scale=kept.mean_before()),
        diversity_before=diversity(kept.before, weights, scale=kept.mean_before()),
        kept_at_least=float(retention.min()),
    )


AT_THE_LARGEST = "No dream is blended deeper than"


def reason(asked: float, given: float, *, floor: float, largest: float = 1.0) -> str:
    """Why this depth, in words for the dreamer."""
    if asked == 0.0:
        return "You asked to be left untouched, and you are."
    if given == asked:
        return "As deep as you asked."
    if given == largest:
        return f"You asked for {asked:.2f}. {AT_THE_LARGEST} {largest:.2f} here."
    return (
        f"You asked for {asked:.2f}. It was lowered to {given:.2f}, because any deeper two of the dreams "
        f"here would keep less than {floor:.0%} of what sets them apart."
    )


def attribution_of(measures: Sequence[Measure], centre: Barycenter, weights: Floats) -> Floats:
    """The part of each voice in where the atoms lie, [n], summing to one.

    An atom is the weighted sum of what each voice brings to it, a_k = sum_i w_i y_ik, so |a_k|^2 = sum_i w_i
    <y_ik, a_k> splits its squared length among the voices. Where the atoms have no length the weights answer.
    """
    dimension = measures[0].points.shape[1]
    atoms = centre.atoms[:, :dimension]
    parts = np.array(
        [
            weight * np.sum((plan.T @ measure.lifted[:, :dimension]) * atoms)
            for measure, plan, weight in zip(measures, centre.plans, weights, strict=True)
        ]
    )
    total = float(parts.sum())
    return parts / total if total > 1e-9 else weights.copy()


def diversity(distances: Floats, weights: Floats, *, scale: float) -> float:
    """The effective number of distinct voices, 1..n: similarity-sensitive diversity of order 1.

    Leinster and Cobbold 2012, with likeness exp(-u d) between voices at distances [n, n], u such that dreams
    `scale` apart are ALIKE alike.
    """
    if scale <= 0.0:
        return 1.0
    likeness = np.exp(np.log(ALIKE) * distances / scale)
    return float(np.exp(-np.sum(weights * np.log(likeness @ weights))))
