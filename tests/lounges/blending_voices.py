"""Voices made of numbers, and the measure of what a blend leaves of them by POT's exact transport."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from lounges.blending import Dreamscape, Prepared, Voice
from lounges.blending.floor import IDENTICAL
from tests.lounges import pot

KINDS = ("scattered", "clustered", "copy", "near copy", "unknown language", "opposed")
Views = Mapping[str, NDArray[np.float64]]


def voice(
    key: str,
    points: NDArray[np.float32],
    *,
    depth: float = 1.0,
    quote: bool = False,
    seed: int = 0,
    dreamer: str = "",
) -> Voice:
    """A voice with these points, random affect, and words of its own that name it."""
    random = np.random.default_rng(seed)
    count = len(points)
    affect = np.stack([random.uniform(-1, 1, count), random.uniform(0, 1, count)], axis=1)
    return Voice(
        key=key,
        points=points.astype(np.float32),
        affect=affect.astype(np.float32),
        texts=tuple(f"{key} moment {index} " + "word " * (index % 5) for index in range(count)),
        terms=tuple((f"{key}-term", f"shared{index % 3}") for index in range(count)),
        depth=depth,
        quote=quote,
        dreamer=dreamer,
    )


def unit(points: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return (points / np.maximum(lengths, 1e-9)).astype(np.float32)


def scattered(moments: int, *, dimension: int = 8, seed: int = 0) -> NDArray[np.float32]:
    return unit(np.random.default_rng(seed).normal(size=(moments, dimension)))


@st.composite
def sessions(draw: st.DrawFn, least: int = 1, most: int = 6) -> tuple[Voice, ...]:
    """Sessions as awkward as they come: copies, near copies, single moments, empty embeddings, planes."""
    dimension = draw(st.sampled_from((2, 3, 8, 24)))
    made: list[Voice] = []
    for position in range(draw(st.integers(least, most))):
        seed = draw(st.integers(0, 10_000))
        points = _points(draw(st.sampled_from(KINDS)), draw(st.integers(1, 9)), dimension, seed, made)
        made.append(
            voice(
                f"v{position}",
                points,
                depth=draw(st.sampled_from((0.0, 0.05, 0.3, 0.417, 0.8, 1.0))),
                quote=draw(st.booleans()),
                seed=seed,
            )
        )
    return tuple(made)


def _points(kind: str, moments: int, dimension: int, seed: int, made: Sequence[Voice]) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    if kind == "copy" and made:
        return made[0].points.copy()
    if kind == "near copy" and made:
        return unit(made[-1].points + 1e-3 * random.normal(size=made[-1].points.shape))
    if kind == "unknown language":
        return np.zeros((moments, dimension), np.float32)
    if kind == "opposed":
        direction = random.normal(size=(1, dimension))
        return unit(np.where(np.arange(moments)[:, None] % 2 == 0, direction, -direction))
    if kind == "clustered":
        return unit(random.normal(size=(1, dimension)) + 0.1 * random.normal(size=(moments, dimension)))
    return unit(random.normal(size=(moments, dimension)))


def w2(one: NDArray[np.float64], other: NDArray[np.float64], masses: Sequence[NDArray[np.float64]]) -> float:
    """W2 by exact transport."""
    return float(np.sqrt(pot.transport_cost(pot.squared_distances(one, other), masses[0], masses[1])))


def retention(originals: Views, views: Views, masses: Views) -> dict[str, float]:
    """The least share each voice keeps of its distance to another; 1 where there is none to keep."""
    least = dict.fromkeys(views, 1.0)
    found: dict[str, list[float]] = {key: [] for key in views}
    keys = list(views)
    for place, one in enumerate(keys):
        for other in keys[:place]:
            pair = (masses[one], masses[other])
            before = w2(originals[one], originals[other], pair)
            if before > IDENTICAL:
                share = w2(views[one], views[other], pair) / before
                found[one].append(share)
                found[other].append(share)
    return least | {key: min(shares) for key, shares in found.items() if shares}


def retention_of(dreamscape: Dreamscape) -> dict[str, float]:
    return retention(dreamscape.originals, dreamscape.views, dreamscape.masses)


def retention_at(prepared: Prepared, depths: Mapping[str, float]) -> dict[str, float]:
    """What each would keep at any depths, whether or not the floor allows them."""
    pairs = list(zip(prepared.measures, prepared.views, strict=True))
    return retention(
        {measure.key: view.home for measure, view in pairs},
        {measure.key: view.at(depths[measure.key]) for measure, view in pairs},
        {measure.key: view.mass for measure, view in pairs},
    )


def given(dreamscape: Dreamscape) -> dict[str, float]:
    return {row.key: row.given for row in dreamscape.report.voices}


def with_depths(voices: Sequence[Voice], depth: float) -> tuple[Voice, ...]:
    return tuple(replace(each, depth=depth) for each in voices)
