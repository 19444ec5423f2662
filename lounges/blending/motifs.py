"""Motifs: the atoms that moments gather at, who carries them, and what they are made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lounges.blending.intake import Measure
from lounges.blending.shapes import BlendTerms, Floats, Indices, Motif, Quote

_TIE = 1e-6
"""Squared distances nearer than this are the same: the first atom is taken, whatever the rounding."""

SUPPORT = 0.5
"""A voice supports a motif when its part of the motif's mass is above this much of its even share."""


@dataclass(frozen=True, eq=False)
class Gathering:
    """Which motif each moment belongs to.

    `atoms` [K, d + 3] are in the order of the motifs' ids. `of_passages[i]` and `of_moments[i]` give the
    motif of each passage and each moment of voice i. `masses` [n, K] is the part of each voice's own mass at
    each motif.
    """

    atoms: Floats
    of_passages: tuple[Indices, ...]
    of_moments: tuple[Indices, ...]
    masses: Floats


def gather(measures: Sequence[Measure], atoms: Floats) -> Gathering:
    """Every moment goes to its nearest atom. An atom to which none is nearest is no motif.

    The plans of the barycenter cannot say who carries an atom: a balanced plan brings every voice to every
    atom with the same mass. Motifs are numbered by the mean narrative time of their moments.
    """
    nearest = [_nearest(measure.lifted, atoms) for measure in measures]
    masses = np.array(
        [
            np.bincount(own, weights=measure.mass, minlength=len(atoms))
            for own, measure in zip(nearest, measures, strict=True)
        ]
    )
    times = sum(
        np.bincount(own, weights=measure.mass * measure.lifted[:, -1], minlength=len(atoms))
        for own, measure in zip(nearest, measures, strict=True)
    )
    total = masses.sum(axis=0)
    kept = np.flatnonzero(total > 0.0)
    kept = kept[np.argsort((times / np.maximum(total, 1e-30))[kept], kind="stable")]
    number = np.full(len(atoms), -1)
    number[kept] = np.arange(len(kept))
    of_passages = tuple(number[own] for own in nearest)
    return Gathering(
        atoms=atoms[kept],
        of_passages=of_passages,
        of_moments=tuple(own[measure.passage_of] for own, measure in zip(of_passages, measures, strict=True)),
        masses=masses[:, kept],
    )


def _nearest(points: Floats, atoms: Floats) -> Indices:
    squared = np.einsum("kd,kd->k", atoms, atoms) - 2.0 * points @ atoms.T
    return np.asarray(np.argmax(squared <= squared.min(axis=1, keepdims=True) + _TIE, axis=1))


def motifs_of(
    measures: Sequence[Measure], gathering: Gathering, *, weights: Floats, terms: BlendTerms
) -> tuple[Motif, ...]:
    """The motifs, described by what their own moments hold."""
    shares = weights @ gathering.masses
    chosen = _terms(measures, gathering, most=terms.terms_per_motif)
    return tuple(
        _motif(
            measures, gathering, number=number, share=float(shares[number]), weights=weights,
            words=chosen[number], quotes=terms.quotes_per_motif,
        )
        for number in range(len(gathering.atoms))
    )  # fmt: skip


def _motif(
    measures: Sequence[Measure],
    gathering: Gathering,
    *,
    number: int,
    share: float,
    weights: Floats,
    words: Sequence[tuple[str, int]],
    quotes: int,
) -> Motif:
    affect, time, mass = np.zeros(2), 0.0, 0.0
    for measure, own, weight in zip(measures, gathering.of_moments, weights, strict=True):
        inside = own == number
        each = weight / len(own)
        affect = affect + each * measure.affect[inside].sum(axis=0)
        time += each * float(measure.times[inside].sum())
        mass += each * float(inside.sum())
    supporters = [
        measure.key
        for measure, part in zip(measures, gathering.masses[:, number], strict=True)
        if part > SUPPORT * share
    ]
    return Motif(
        id=number,
        support=tuple(sorted(supporters)),
        share=share,
        terms=tuple(word for word, _ in words),
        term_voices=tuple(count for _, count in words),
        valence=float(affect[0] / mass),
        arousal=float(affect[1] / mass),
        time=time / mass,
        quotes=_quotes(measures, gathering, number=number, most=quotes),
    )


def _quotes(
    measures: Sequence[Measure], gathering: Gathering, *, number: int, most: int
) -> tuple[Quote, ...]:
    """The nearest quotable moment of each voice that has one here, nearest first."""
    found: list[tuple[float, str, int, str]] = []
    dimension = measures[0].points.shape[1]
    atom = gathering.atoms[number, :dimension]
    for measure, own in zip(measures, gathering.of_moments, strict=True):
        inside = np.flatnonzero(own == number)
        if len(measure.texts) == 0 or len(inside) == 0:
            continue
        away = np.linalg.norm(measure.points[inside] - atom, axis=1)
        index = int(inside[away.argmin()])
        found.append((float(away.min()), measure.key, index, measure.texts[index]))
    return tuple(Quote(voice=key, index=index, text=text) for _, key, index, text in sorted(found)[:most])


def _terms(measures: Sequence[Measure], gathering: Gathering, *, most: int) -> list[list[tuple[str, int]]]:
    """For each motif, the words most its own, and how many voices use each there.

    A word counts once a voice, and for less the more motifs it turns up in (inverse motif frequency).
    """
    motifs = len(gathering.atoms)
    voices: list[Counter[str]] = [Counter() for _ in range(motifs)]
    uses: list[Counter[str]] = [Counter() for _ in range(motifs)]
    for measure, own in zip(measures, gathering.of_moments, strict=True):
        here: list[set[str]] = [set() for _ in range(motifs)]
        for words, number in zip(measure.terms, own.tolist(), strict=False):
            here[number].update(words)
            uses[number].update(words)
        for number, words_here in enumerate(here):
            voices[number].update(words_here)
    spread = Counter(word for counted in voices for word in counted)
    return [_best(voices[number], uses[number], spread, motifs=motifs, most=most) for number in range(motifs)]


def _best(
    voices: Counter[str], uses: Counter[str], spread: Counter[str], *, motifs: int, most: int
) -> list[tuple[str, int]]:
    def worth(word: str) -> float:
        return (voices[word] + 0.1 * min(uses[word], 9)) * math.log(1.0 + motifs / spread[word])

    ranked = sorted(voices, key=lambda word: (-worth(word), word))
    return [(word, voices[word]) for word in ranked[:most]]
