"""One blend: what is computed once for the dreams, and what is computed again for every change of a depth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from lounges.blending import errors
from lounges.blending.arc import arc_of
from lounges.blending.barycenter import barycenter
from lounges.blending.constellation import Plane, constellation_of, plane_of
from lounges.blending.distances import Distances
from lounges.blending.floor import Floor, depths_within
from lounges.blending.influence import cap_for, weights_of
from lounges.blending.intake import Measure, check_depth, measures_of
from lounges.blending.motifs import Gathering, gather, motifs_of
from lounges.blending.reflection import Likeness, likeness_of, reflection_of
from lounges.blending.report import attribution_of, report_of
from lounges.blending.retention import kept_at
from lounges.blending.shapes import (
    Arc,
    BlendTerms,
    Constellation,
    Dreamscape,
    Floats,
    Motif,
    Quote,
    Reflection,
    Report,
    Voice,
)
from lounges.blending.views import View, view_of
from lounges.blending.weave import weave_of


def blend(voices: Sequence[Voice], terms: BlendTerms) -> Dreamscape:
    """The dreamscape of these voices, each no deeper than it consented to. Raises BlendError."""
    return prepare(voices, terms).at()


def prepare(voices: Sequence[Voice], terms: BlendTerms) -> Prepared:
    """Everything about a blend that does not depend on depths. Raises BlendError."""
    measures = measures_of(voices, terms)
    dreamers = [measure.dreamer for measure in measures]
    weights, cap = weights_of(dreamers), cap_for(len(set(dreamers)), terms.influence_cap)
    centre = barycenter(
        [measure.lifted for measure in measures],
        [measure.mass for measure in measures],
        weights=weights,
        atoms=terms.atoms,
    )
    views = tuple(view_of(measure, centre, position) for position, measure in enumerate(measures))
    gathering = gather(measures, centre.atoms)
    return Prepared(
        terms=terms,
        cap=cap,
        depths={voice.key: float(voice.depth) for voice in voices},
        measures=measures,
        weights=weights,
        views=views,
        gathering=gathering,
        floor=Floor(Distances(measures, views), terms.floor),
        plane=plane_of(views, weights),
        likeness=likeness_of(measures),
        motifs=motifs_of(measures, gathering, weights=weights, terms=terms),
        arc=arc_of(measures, weights, steps=terms.arc_steps),
        weave=weave_of(measures, gathering, cap=cap, terms=terms),
        attribution=attribution_of(measures, centre, weights),
        content_digest=_content_digest(voices, terms),
    )


@dataclass(frozen=True, eq=False)
class Prepared:
    """A blend ready for any depths. `measures`, `weights`, `views` and all that follow them share one
    order.
    """

    terms: BlendTerms
    cap: float
    depths: Mapping[str, float]
    measures: tuple[Measure, ...]
    weights: Floats
    views: tuple[View, ...]
    gathering: Gathering
    floor: Floor
    plane: Plane
    likeness: Likeness
    motifs: tuple[Motif, ...]
    arc: Arc
    weave: tuple[tuple[Quote, ...], ...]
    attribution: Floats
    content_digest: str

    def at(self, depths: Mapping[str, float] | None = None) -> Dreamscape:
        """The dreamscape when these are the depths consented to, by key; the voices' own where none is given.

        Computes no barycenter. Raises UnknownVoice or DepthOutOfRange.
        """
        ceilings = self._ceilings(depths or {})
        asked = np.array([ceilings[measure.key] for measure in self.measures])
        floor = self.floor.afresh()
        given = depths_within(floor, np.minimum(asked, self.terms.largest_depth))
        keys = [measure.key for measure in self.measures]
        return Dreamscape(
            motifs=self.motifs,
            arc=self.arc,
            weave=self.weave,
            constellation=self._constellation(given),
            reflections=dict(zip(keys, self._reflections(given), strict=True)),
            report=self._report(floor, asked, given),
            inputs_digest=self._inputs_digest(ceilings),
            originals={key: view.home for key, view in zip(keys, self.views, strict=True)},
            views={
                key: view.at(depth) for key, view, depth in zip(keys, self.views, given.tolist(), strict=True)
            },
            masses={key: view.mass for key, view in zip(keys, self.views, strict=True)},
        )

    def _constellation(self, given: Floats) -> Constellation:
        return constellation_of(
            self.measures,
            self.views,
            given,
            plane=self.plane,
            gathering=self.gathering,
            motifs=self.motifs,
        )

    def _reflections(self, given: Floats) -> list[Reflection]:
        return [
            reflection_of(
                position,
                measures=self.measures,
                gathering=self.gathering,
                likeness=self.likeness,
                depth=depth,
            )
            for position, depth in enumerate(given.tolist())
        ]

    def _report(self, floor: Floor, asked: Floats, given: Floats) -> Report:
        return report_of(
            [measure.key for measure in self.measures],
            asked=asked,
            given=given,
            kept=kept_at(floor, given),
            weights=self.weights,
            attribution=self.attribution,
            floor=self.terms.floor,
            largest_depth=self.terms.largest_depth,
            cap=self.cap,
        )

    def _ceilings(self, depths: Mapping[str, float]) -> dict[str, float]:
        for key, depth in depths.items():
            if key not in self.depths:
                raise errors.UnknownVoice(key)
            check_depth(key, depth)
        return {key: float(depths.get(key, own)) for key, own in self.depths.items()}

    def _inputs_digest(self, ceilings: Mapping[str, float]) -> str:
        stated = json.dumps(sorted(ceilings.items()))
        return hashlib.sha256(f"{self.content_digest} {stated}".encode()).hexdigest()


def _content_digest(voices: Sequence[Voice], terms: BlendTerms) -> str:
    """A digest of everything that went in but the depths, whatever the order it came in."""
    content = hashlib.sha256(json.dumps(_stated(terms), sort_keys=True).encode())
    for voice in sorted(voices, key=lambda voice: voice.key):
        words = [list(voice.texts), [list(moment) for moment in voice.terms]] if voice.quote else []
        header = [voice.key, voice.dreamer, voice.quote, list(voice.points.shape), words]
        content.update(json.dumps(header).encode())
        content.update(np.ascontiguousarray(voice.points, dtype=np.float32).tobytes())
        content.update(np.ascontiguousarray(voice.affect, dtype=np.float32).tobytes())
    return content.hexdigest()


def _stated(terms: BlendTerms) -> dict[str, object]:
    """The terms as the digest has them: a largest depth that lowers nothing is not stated, as in blends made
    before there was one.
    """
    stated = asdict(terms)
    return stated if terms.largest_depth < 1.0 else {k: v for k, v in stated.items() if k != "largest_depth"}
