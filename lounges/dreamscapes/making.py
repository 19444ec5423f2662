"""From opened contributions to the documents of a dreamscape. Pure: no rows, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from governance.consent.gate import Opened
from lounges.blending import BlendTerms, Dreamscape, blend
from lounges.blending.documents import digest, reflection_document, shared_document
from lounges.dreamscapes.errors import TooFewDreams
from lounges.dreamscapes.titles import title_of
from lounges.dreamscapes.voices import dreamers_of, own_words, voice_of

FEWEST_DREAMERS = 2

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """Everything a finished run stores. `reflections` has one document a dreamer, with a part a
    contribution.
    """

    title: str = field(repr=False)
    shared: Document = field(repr=False)
    reflections: Mapping[UUID, Document] = field(repr=False)
    terms: Document
    floor: Decimal
    inputs_digest: str
    outputs_digest: str
    retention: float


def make(opened: Sequence[Opened], *, left_out: int, terms: BlendTerms, otherwise_called: str) -> Made:
    """Blend what was opened. Raises a BlendError, TooFewDreams among them, or BrokenReading."""
    if dreamers_of(opened) < FEWEST_DREAMERS:
        raise TooFewDreams(len(opened), left_out=left_out)
    dreamscape = blend([voice_of(one) for one in opened], terms)
    shared = shared_document(dreamscape)
    return Made(
        title=title_of(shared, otherwise=otherwise_called),
        shared=shared,
        reflections=_reflections(dreamscape, opened),
        terms=asdict(terms),
        floor=Decimal(str(terms.floor)),
        inputs_digest=dreamscape.inputs_digest,
        outputs_digest=digest(shared),
        retention=round(dreamscape.report.kept_at_least, 9),
    )


def _reflections(dreamscape: Dreamscape, opened: Sequence[Opened]) -> dict[UUID, Document]:
    parts: dict[UUID, list[Document]] = {}
    for one in opened:
        document = reflection_document(dreamscape, str(one.contribution))
        parts.setdefault(one.dreamer, []).append(_with_own_words(document, own_words(one)))
    return {dreamer: {"voices": documents} for dreamer, documents in parts.items()}


def _with_own_words(document: Document, words: Sequence[str]) -> Document:
    """A reflection is sealed for its dreamer alone, who reads their own words in it whether others may or
    not.
    """
    moments = [{**moment, "text": words[moment["index"]]} for moment in document["moments"]]
    return {**document, "moments": moments}
