"""What is stored and drawn: a dreamscape as plain values, rounded, ready for JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lounges.blending import errors
from lounges.blending.shapes import Dreamscape, Motif, PlacedMoment, Quote, VoiceReport

FIGURES = 4
"""Decimals kept in every document: finer ones differ between machines and mean nothing to a reader."""

Document = dict[str, Any]


def shared_document(dreamscape: Dreamscape) -> Document:
    """What every participant of the session may see: all a page needs to draw the dreamscape."""
    document: Document = {
        "motifs": [_motif(motif) for motif in dreamscape.motifs],
        "arc": {name: list(values) for name, values in asdict(dreamscape.arc).items()},
        "weave": [[_quote(quote) for quote in paragraph] for paragraph in dreamscape.weave],
        "constellation": _constellation(dreamscape),
        "report": _report(dreamscape),
    }
    return _rounded(document)


def reflection_document(dreamscape: Dreamscape, key: str) -> Document:
    """What the dreamer of the contribution `key` sees, and nobody else. Raises UnknownVoice."""
    reflection = dreamscape.reflections.get(key)
    if reflection is None:
        raise errors.UnknownVoice(key)
    report = next(row for row in dreamscape.report.voices if row.key == key)
    moments = [
        {
            "index": moment.index,
            "text": moment.text,
            "motif": moment.motif,
            "resonates": [asdict(resonance) for resonance in moment.resonates],
            "alone": moment.alone,
        }
        for moment in reflection.moments
    ]
    alone = [moment.index for moment in reflection.moments if moment.alone]
    document: Document = {
        "voice": key,
        "moments": moments,
        "motifs": list(reflection.motifs),
        "yours_alone": alone,
        "report": _voice(report),
    }
    return _rounded(document)


def digest(document: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, of the document as canonical JSON: rounded figures, sorted keys, no spaces."""
    canonical = json.dumps(_rounded(document), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _motif(motif: Motif) -> Document:
    return {
        "id": motif.id,
        "support": list(motif.support),
        "share": motif.share,
        "terms": list(motif.terms),
        "term_voices": list(motif.term_voices),
        "valence": motif.valence,
        "arousal": motif.arousal,
        "time": motif.time,
        "quotes": [_quote(quote) for quote in motif.quotes],
    }


def _quote(quote: Quote) -> Document:
    return {"voice": quote.voice, "index": quote.index, "text": quote.text}


def _constellation(dreamscape: Dreamscape) -> Document:
    constellation = dreamscape.constellation
    return {
        "moments": [_moment(moment) for moment in constellation.moments],
        "motifs": [asdict(motif) for motif in constellation.motifs],
        "links": [list(link) for link in constellation.links],
    }


def _moment(moment: PlacedMoment) -> Document:
    return {
        "voice": moment.voice,
        "index": moment.index,
        "x": moment.x,
        "y": moment.y,
        "from": [moment.from_x, moment.from_y],
        "motif": moment.motif,
        "text": moment.text,
    }


def _report(dreamscape: Dreamscape) -> Document:
    report = dreamscape.report
    return {
        "floor": report.floor,
        "influence_cap": report.influence_cap,
        "voices": [_voice(row) for row in report.voices],
        "homogenisation": report.homogenisation,
        "diversity": report.diversity,
        "diversity_before": report.diversity_before,
        "kept_at_least": report.kept_at_least,
    }


def _voice(row: VoiceReport) -> Document:
    return {
        "voice": row.key,
        "asked": row.asked,
        "given": row.given,
        "why": row.why,
        "retention": row.retention,
        "influence": row.influence,
        "attribution": row.attribution,
        "nearest": row.nearest,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, FIGURES) + 0.0
    if isinstance(value, Mapping):
        return {str(name): _rounded(inner) for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(inner) for inner in value]
    return value
