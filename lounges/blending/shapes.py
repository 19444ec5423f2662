"""What goes into a blend and what comes out of it: frozen values, numbers and words only.

No repr shows a word or an embedding, so that none finds its way into a log or a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Voice:
    """One contribution, as numbers.

    `key` is opaque and stable. `points` is [m, d], each row of unit norm (or zero, where the embedder knew
    nothing of the moment). `affect` is [m, 2]: valence -1..1, arousal 0..1. `texts` and `terms` have one
    entry a moment, or are empty when quoting is not allowed; when `quote` is false they are not looked at.
    `depth` is the ceiling its dreamer consented to. `dreamer` names whose contribution it is where one
    dreamer lends several, so that they share one dreamer's influence; empty means that nobody else speaks for
    them.
    """

    key: str
    points: NDArray[np.float32] = field(repr=False)
    affect: NDArray[np.float32] = field(repr=False)
    texts: tuple[str, ...] = field(default=(), repr=False)
    terms: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    depth: float = 0.0
    quote: bool = False
    dreamer: str = ""


@dataclass(frozen=True)
class BlendTerms:
    """What the guild and the host decided about a blend.

    `floor` is the individuality floor, 0..1. `influence_cap` of None means max(2 / dreamers, 0.1). `atoms` of
    None means the median number of moments, held between 6 and 64. The two scales say what a whole unit of
    valence (or arousal) and the whole length of a dream weigh beside the unit-norm embedding. No voice is
    blended deeper than `largest_depth`, whatever its dreamer allowed.
    """

    floor: float = 0.60
    influence_cap: float | None = None
    atoms: int | None = None
    affect_scale: float = 0.25
    time_scale: float = 0.5
    largest_depth: float = 1.0
    quotes_per_motif: int = 3
    terms_per_motif: int = 5
    weave_moments: int = 3
    arc_steps: int = 33


@dataclass(frozen=True)
class Quote:
    """A moment in its dreamer's words. `index` counts the moments of the contribution `voice` from 0."""

    voice: str
    index: int
    text: str = field(repr=False)


@dataclass(frozen=True)
class Motif:
    """One atom of the barycenter. `support` is the voices that carry it; `share` is its part of all the
    mass.
    """

    id: int
    support: tuple[str, ...]
    share: float
    terms: tuple[str, ...] = field(repr=False)
    term_voices: tuple[int, ...]
    valence: float
    arousal: float
    time: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Arc:
    """Affect over narrative time 0..1: the mean over dreamers and the band that holds the middle half of
    them.
    """

    time: tuple[float, ...]
    valence: tuple[float, ...]
    valence_low: tuple[float, ...]
    valence_high: tuple[float, ...]
    arousal: tuple[float, ...]
    arousal_low: tuple[float, ...]
    arousal_high: tuple[float, ...]


@dataclass(frozen=True)
class PlacedMoment:
    """A moment in the plane: (`x`, `y`) as blended at the depth given, (`from_x`, `from_y`) as it was
    dreamt.
    """

    voice: str
    index: int
    x: float
    y: float
    from_x: float
    from_y: float
    motif: int
    text: str | None = field(repr=False)


@dataclass(frozen=True)
class PlacedMotif:
    id: int
    x: float
    y: float
    size: float
    label: str | None = field(repr=False)


@dataclass(frozen=True)
class Constellation:
    """Everything in the unit square; `links` is the shortest tree that joins the motifs."""

    moments: tuple[PlacedMoment, ...]
    motifs: tuple[PlacedMotif, ...]
    links: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Resonance:
    """Another dreamer's quoted moment, met at `motif`."""

    motif: int
    voice: str
    index: int
    text: str = field(repr=False)


@dataclass(frozen=True)
class ReflectedMoment:
    """One of the dreamer's own moments. `alone`: nothing that others lent comes near it."""

    index: int
    text: str | None = field(repr=False)
    motif: int
    resonates: tuple[Resonance, ...]
    alone: bool


@dataclass(frozen=True)
class Reflection:
    """One participant's own view, for them alone."""

    key: str
    moments: tuple[ReflectedMoment, ...]
    motifs: tuple[int, ...]


@dataclass(frozen=True)
class VoiceReport:
    """What the blend did to one voice.

    `retention` is the least share it keeps of its distance to any other voice (1 when there is nobody to lose
    itself in). `influence` is its weight in the barycenter, `attribution` its part of where the atoms lie.
    `nearest` is the voice nearest to it after the blend.
    """

    key: str
    asked: float
    given: float
    why: str
    retention: float
    influence: float
    attribution: float
    nearest: str | None


@dataclass(frozen=True)
class Report:
    """`homogenisation` is the mean share of distance lost over pairs; `diversity` the effective number of
    distinct voices after the blend and `diversity_before` before it."""

    floor: float
    influence_cap: float
    voices: tuple[VoiceReport, ...]
    homogenisation: float
    diversity: float
    diversity_before: float
    kept_at_least: float


@dataclass(frozen=True, eq=False)
class Dreamscape:
    """The shared result, and one reflection for each voice (by key).

    `views` holds each voice's moments as blended at the depth given, [passages, d + 3], and `masses` their
    mass: what the floor is about, so that anyone can measure it again. They are personal data and enter no
    document.
    """

    motifs: tuple[Motif, ...]
    arc: Arc
    weave: tuple[tuple[Quote, ...], ...]
    constellation: Constellation
    reflections: Mapping[str, Reflection]
    report: Report
    inputs_digest: str
    originals: Mapping[str, Floats] = field(repr=False)
    views: Mapping[str, Floats] = field(repr=False)
    masses: Mapping[str, Floats] = field(repr=False)
