"""The guarantees on real dreams of real people, embedded as the product does. No word of them is printed."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import wordllama

from lounges.blending import BlendTerms, Prepared, Voice, blend, prepare
from lounges.blending.documents import reflection_document, shared_document
from lounges.blending.floor import RISE
from tests.lounges.blending_voices import retention_at, retention_of, w2, with_depths

pytestmark = pytest.mark.real_dreams

Session = Callable[[int, int], tuple[Voice, ...]]


class SharedData(Protocol):
    @property
    def dreams(self) -> Path: ...


@pytest.fixture(scope="module")
def session_of(shared_data: SharedData) -> Session:
    """Makes a session of so many dreamers, each lending the dream of theirs with this number."""
    dreams: dict[str, list[str]] = {}
    with shared_data.dreams.open() as lines:
        for line in lines:
            dream = json.loads(line)
            dreams.setdefault(dream["dreamer"], []).append(dream["narrative"])
    folder = Path(wordllama.__file__).parent
    embedder = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    @cache
    def session(dreamers: int, number: int) -> tuple[Voice, ...]:
        chosen = [own[number % len(own)] for own in list(dreams.values())[:dreamers]]
        return tuple(read(embedder, f"dreamer-{place}", text) for place, text in enumerate(chosen))

    return session


def read(embedder: wordllama.WordLlama, key: str, narrative: str) -> Voice:
    moments = [moment for moment in re.split(r"(?<=[.!?])\s+", narrative.strip()) if moment]
    place = int(key.rpartition("-")[2])
    along = np.linspace(0.0, 3.0, len(moments)) + place
    return Voice(
        key=key,
        points=np.asarray(embedder.embed(moments, norm=True), dtype=np.float32),
        affect=np.stack([np.sin(along), np.square(np.cos(along))], axis=1).astype(np.float32),
        texts=tuple(moments),
        terms=tuple(tuple(re.findall(r"\w{5,}", moment.lower())) for moment in moments),
        depth=1.0,
        quote=place % 3 != 0,
    )


SESSIONS = [(12, 0), (12, 5), (10, 2), (10, 9)]


@pytest.mark.parametrize(("dreamers", "number"), SESSIONS)
def test_floor_holds_and_no_depth_could_be_higher(session_of: Session, dreamers: int, number: int) -> None:
    prepared = prepare(session_of(dreamers, number), BlendTerms())
    dreamscape = prepared.at()
    assert min(retention_of(dreamscape).values()) >= 0.6
    depths = {row.key: row.given for row in dreamscape.report.voices}
    assert all(0.2 < depth < 1.0 for depth in depths.values())
    for key, depth in depths.items():
        assert min(retention_at(prepared, depths | {key: depth + RISE}).values()) < 0.6


@pytest.mark.parametrize(("dreamers", "number"), SESSIONS)
def test_reported_figures_are_those_of_exact_transport(
    session_of: Session, dreamers: int, number: int
) -> None:
    dreamscape = blend(with_depths(session_of(dreamers, number), 0.35), BlendTerms())
    reported = {row.key: row.retention for row in dreamscape.report.voices}
    assert reported == pytest.approx(retention_of(dreamscape), abs=1e-6)
    assert 1.0 < dreamscape.report.diversity < dreamscape.report.diversity_before < dreamers
    assert {row.given for row in dreamscape.report.voices} == {0.35}


def recognised(prepared: Prepared, depth: float) -> int:
    """How many views, all at one depth, are nearest to the dream they came from."""
    return sum(
        min(
            range(len(prepared.views)),
            key=lambda other: w2(
                view.at(depth), prepared.views[other].home, (view.mass, prepared.views[other].mass)
            ),
        )
        == place
        for place, view in enumerate(prepared.views)
    )


def test_shallow_blend_leaves_everyone_recognisable_and_a_full_one_erases(session_of: Session) -> None:
    """What excessive blending erases, as a number."""
    prepared = prepare(session_of(12, 0), BlendTerms())
    shallow, full = (
        min(retention_at(prepared, {measure.key: depth for measure in prepared.measures}).values())
        for depth in (0.4, 1.0)
    )
    assert shallow > 0.58
    assert full < 0.1
    assert recognised(prepared, 0.4) == 12
    assert recognised(prepared, 1.0) < 12


def texts_in(value: object) -> set[str]:
    """Every string of a document."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        return set().union(*map(texts_in, value.values()))
    return set().union(*map(texts_in, value)) if isinstance(value, list) else set()


def test_words_are_only_of_those_who_allowed_them_and_all_of_them_speak(session_of: Session) -> None:
    voices = session_of(12, 0)
    dreamscape = blend(voices, BlendTerms())
    documents = [shared_document(dreamscape), *(reflection_document(dreamscape, v.key) for v in voices)]
    shown = texts_in(documents)
    allowed = " ".join(text for each in voices if each.quote for text in each.texts)
    withheld = [text for each in voices if not each.quote for text in each.texts if text not in allowed]
    leaked = sum(any(text in one or one[:-1] in text for one in shown if len(one) > 40) for text in withheld)
    assert len(withheld) > 20
    assert leaked == 0
    speakers = {quote.voice for paragraph in dreamscape.weave for quote in paragraph}
    assert speakers == {each.key for each in voices if each.quote}


def test_motifs_are_carried_by_several_and_cover_the_night(session_of: Session) -> None:
    motifs = blend(session_of(12, 0), BlendTerms()).motifs
    assert sum(motif.share for motif in motifs) == pytest.approx(1.0)
    assert all(1 <= len(motif.support) <= 12 for motif in motifs)
    assert np.mean([len(motif.support) for motif in motifs]) > 6
    assert [motif.time for motif in motifs] == sorted(motif.time for motif in motifs)
