"""From voices to measures: the checks at the door, the order of computation, and the space everything lives
in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lounges.blending import errors
from lounges.blending.shapes import BlendTerms, Floats, Indices, Voice

MOST_VOICES = 256
"""Distances between voices grow with the square of their number: 256 is 32,640 pairs."""

LONGEST = 128
"""A dream of more moments is blended as this many passages of neighbouring moments."""

MOST_PASSAGES = 4096
"""Of all dreams together: tables of this many passages squared are held, 134 MB each."""

_NORM_SLACK = 1e-2
_RANGE_SLACK = 1e-3


@dataclass(frozen=True, eq=False)
class Measure:
    """A voice as a discrete measure.

    `lifted` is [p, d + 3]: embedding, scaled valence, scaled arousal, scaled narrative time. `counts` is how
    many moments each of the p passages holds (1 each, unless the dream is very long), and `passage_of` [m]
    says which passage a moment is in. `points` [m, d] and `affect` [m, 2] are the moments themselves. `texts`
    and `terms` are empty unless quoting is allowed.
    """

    key: str
    dreamer: str
    lifted: Floats = field(repr=False)
    counts: NDArray[np.int64] = field(repr=False)
    passage_of: Indices = field(repr=False)
    points: Floats = field(repr=False)
    affect: Floats = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)
    terms: tuple[tuple[str, ...], ...] = field(repr=False)

    @property
    def mass(self) -> Floats:
        return self.counts / self.counts.sum()

    @property
    def times(self) -> Floats:
        """Narrative time of each moment, 0..1."""
        return narrative_time(len(self.points))


def narrative_time(moments: int) -> Floats:
    return (np.arange(moments) + 0.5) / moments


def measures_of(voices: Sequence[Voice], terms: BlendTerms) -> tuple[Measure, ...]:
    """The voices as measures, in an order that depends on what they hold and not on how they came.

    Everything after this runs in that order, which is what makes a blend the same bits whatever the order of
    the participants. Raises a BlendError for anything that cannot be blended.
    """
    _check_terms(terms)
    _check_together(voices)
    for voice in voices:
        check_depth(voice.key, voice.depth)
        _check(voice)
    longest = longest_among(len(voices))
    return tuple(_measure(voice, terms, longest) for voice in sorted(voices, key=_content_order))


def longest_among(voices: int) -> int:
    """How many passages one of so many dreams may have: 128 among up to 32, 16 among 256."""
    return min(LONGEST, MOST_PASSAGES // voices)


def check_depth(key: str, depth: float) -> None:
    if not 0.0 <= depth <= 1.0:
        raise errors.DepthOutOfRange(key, depth)


def _content_order(voice: Voice) -> tuple[bytes, str]:
    content = hashlib.sha256()
    for values in (voice.points, voice.affect):
        content.update(np.ascontiguousarray(values, dtype=np.float32).tobytes())
    return content.digest(), voice.key


def _check_terms(terms: BlendTerms) -> None:
    cap, atoms = terms.influence_cap, terms.atoms
    problems = {
        "the floor must be between 0 and 1": not 0.0 <= terms.floor <= 1.0,
        "the largest depth must be between 0 and 1": not 0.0 <= terms.largest_depth <= 1.0,
        "the influence cap must be above 0 and at most 1": cap is not None and not 0.0 < cap <= 1.0,
        "the number of atoms must be between 1 and 256": atoms is not None and not 1 <= atoms <= 256,
        "the scales of affect and time must be between 0 and 10": not (
            0.0 <= terms.affect_scale <= 10.0 and 0.0 <= terms.time_scale <= 10.0
        ),
        "there must be at least one moment in the weave, and two steps in the arc": not (
            terms.weave_moments >= 1 and terms.arc_steps >= 2
        ),
        "the numbers of quotes and of terms of a motif cannot be negative": min(
            terms.quotes_per_motif, terms.terms_per_motif
        )
        < 0,
    }
    for problem, present in problems.items():
        if present:
            raise errors.BadTerms(problem)


def _check_together(voices: Sequence[Voice]) -> None:
    if not voices:
        raise errors.NoVoices
    if len(voices) > MOST_VOICES:
        raise errors.TooManyVoices(len(voices), MOST_VOICES)
    seen: set[str] = set()
    for voice in voices:
        if voice.key in seen:
            raise errors.DuplicateVoice(voice.key)
        seen.add(voice.key)
        if np.ndim(voice.points) == 2 and voice.points.shape[1:] != voices[0].points.shape[1:]:
            raise errors.MalformedVoice(
                voice.key, "its points have another dimension: embed all dreams alike"
            )


def _check(voice: Voice) -> None:
    points, affect = np.asarray(voice.points), np.asarray(voice.affect)
    if points.ndim != 2 or points.shape[1] == 0:
        raise errors.MalformedVoice(voice.key, "its points must be a table of one row a moment")
    moments = len(points)
    if moments == 0:
        raise errors.EmptyVoice(voice.key)
    if affect.shape != (moments, 2):
        raise errors.MalformedVoice(voice.key, "its affect must have one valence and one arousal a moment")
    if not (np.isfinite(points).all() and np.isfinite(affect).all()):
        raise errors.MalformedVoice(voice.key, "it holds values that are not numbers: read the dream again")
    if np.linalg.norm(points.astype(np.float64), axis=1).max() > 1.0 + _NORM_SLACK:
        raise errors.MalformedVoice(voice.key, "its points must be of unit norm: normalise the embeddings")
    least, most = affect.min(axis=0), affect.max(axis=0)
    if min(least[0] + 1.0, least[1]) < -_RANGE_SLACK or most.max() > 1.0 + _RANGE_SLACK:
        raise errors.MalformedVoice(voice.key, "valence must lie in -1..1 and arousal in 0..1")
    if voice.quote:
        for words, name in ((voice.texts, "texts"), (voice.terms, "terms")):
            if len(words) not in (0, moments):
                raise errors.MalformedVoice(voice.key, f"it must have as many {name} as moments, or none")


def _measure(voice: Voice, terms: BlendTerms, longest: int) -> Measure:
    points = np.asarray(voice.points, dtype=np.float64)
    affect = np.clip(np.asarray(voice.affect, dtype=np.float64), (-1.0, 0.0), (1.0, 1.0))
    moments = len(points)
    time = narrative_time(moments)[:, None]
    lifted = np.hstack([points, terms.affect_scale * affect, terms.time_scale * time])
    passage_of = np.arange(moments) * min(moments, longest) // moments
    counts = np.bincount(passage_of).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return Measure(
        key=voice.key,
        dreamer=voice.dreamer or voice.key,
        lifted=np.add.reduceat(lifted, starts, axis=0) / counts[:, None],
        counts=counts,
        passage_of=passage_of,
        points=points,
        affect=affect,
        texts=tuple(voice.texts) if voice.quote and any(map(str.strip, voice.texts)) else (),
        terms=tuple(tuple(words) for words in voice.terms) if voice.quote else (),
    )
