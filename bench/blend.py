"""The barycenter beside POT's, on the same measures in the same run, and a session of twelve from end to end.

    python bench/blend.py [measures ...]     12 and 500 unless others are named; 4000 takes minutes

Measures are made up: moments as unit vectors about common themes, as many as real dreams have. Both sides
start from the same atoms; objectives are measured by exact transport. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from lounges.blending import BlendTerms, Voice, prepare
from lounges.blending.barycenter import barycenter, default_atoms, first_atoms
from lounges.blending.intake import measures_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ot

Result = TypeVar("Result")
Points = NDArray[np.float64]

DIMENSION = 256
THEMES = 40
OWN = 1.6
"""How much of a moment is its own, beside one part of a theme."""

SESSION = 12
REPEATS = 5


def made_up_voices(count: int) -> list[Voice]:
    """Dreams of a lognormal number of moments, the same at every run."""
    random = np.random.default_rng(20)
    themes = unit(random.normal(size=(THEMES, DIMENSION)))
    voices = []
    for number in range(count):
        moments = int(np.clip(random.lognormal(2.3, 0.6), 1, 64))
        own = unit(random.normal(size=(moments, DIMENSION)))
        points = unit(themes[random.integers(THEMES, size=moments)] + OWN * own)
        affect = np.stack([random.uniform(-1, 1, moments), random.uniform(0, 1, moments)], axis=1)
        voices.append(
            Voice(
                key=f"voice-{number}",
                points=points.astype(np.float32),
                affect=affect.astype(np.float32),
                texts=tuple(f"moment {index} of {number}" for index in range(moments)),
                terms=tuple((f"theme-{index % 7}",) for index in range(moments)),
                depth=1.0,
                quote=number % 4 != 0,
            )
        )
    return voices


def unit(points: Points) -> Points:
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def objective(points: list[Points], masses: list[Points], atoms: Points) -> float:
    even = np.full(len(atoms), 1.0 / len(atoms))
    costs = [ot.emd2(own, even, ot.dist(x, atoms)) for x, own in zip(points, masses, strict=True)]
    return float(np.mean(costs))


def against_pot(count: int) -> dict[str, Any]:
    """Both barycenters of so many measures: seconds, and how the objectives compare."""
    voices = made_up_voices(count)
    measures = [
        m for start in range(0, count, 250) for m in measures_of(voices[start : start + 250], BlendTerms())
    ]
    points, masses = [each.lifted for each in measures], [each.mass for each in measures]
    weights = np.full(count, 1.0 / count)
    atoms = default_atoms([len(own) for own in points])
    start = first_atoms(points, masses, weights=weights, count=atoms).astype(np.float64)
    ours_seconds, ours = min(
        (timed(lambda: barycenter(points, masses, weights=weights)) for _ in range(3 if count <= 500 else 1)),
        key=lambda pair: pair[0],
    )
    theirs_seconds, theirs = timed(
        lambda: ot.lp.free_support_barycenter(points, masses, start, weights=weights, numItermax=100)
    )
    ours_objective, theirs_objective = (objective(points, masses, each) for each in (ours.atoms, theirs))
    return {
        "measures": count,
        "atoms": atoms,
        "pot_s": round(theirs_seconds, 3),
        "ours_s": round(ours_seconds, 4),
        "times_as_fast": round(theirs_seconds / ours_seconds, 1),
        "objective_ratio": round(ours_objective / theirs_objective, 5),
    }


def session() -> dict[str, float]:
    """A session of twelve, embeddings at hand: everything once, and a slider moved."""
    voices = made_up_voices(SESSION)
    prepared = prepare(voices, BlendTerms())
    prepared.at()
    prepare_seconds, at_seconds, shallow_seconds = (
        statistics.median(timed(work)[0] for _ in range(REPEATS))
        for work in (
            lambda: prepare(voices, BlendTerms()),
            lambda: prepared.at(),
            lambda: prepared.at({each.key: 0.3 for each in voices}),
        )
    )
    return {
        "prepare_ms": round(1e3 * prepare_seconds, 1),
        "depths_lowered_ms": round(1e3 * at_seconds, 1),
        "depths_as_asked_ms": round(1e3 * shallow_seconds, 1),
        "kept_at_least": round(prepared.at().report.kept_at_least, 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("measures", nargs="*", type=int, default=[12, 500])
    results = []
    for count in parser.parse_args().measures:
        results.append(against_pot(count))
        print(results[-1], flush=True)
    print(json.dumps({"benchmark": "blend", "barycenter": results, f"session_of_{SESSION}": session()}))


if __name__ == "__main__":
    main()
