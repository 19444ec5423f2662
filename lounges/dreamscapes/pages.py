"""What the page of a dreamscape shows, as values for its template: built from the document and the
people. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lounges.blending.report import AT_THE_LARGEST
from lounges.dreamscapes.curves import Curve, arousal_curve, valence_curve
from lounges.dreamscapes.drawing import TALL, WIDE, Light, Mark, Sky, sky_of, thinned
from lounges.dreamscapes.people import Speaker

Speakers = Mapping[str, Speaker]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """A moment in somebody's own words."""

    speaker: Speaker
    text: str


@dataclass(frozen=True)
class MotifPart:
    """A motif as it is listed. `number` counts from 1 and stands in its light."""

    id: int
    number: int
    name: str
    words: tuple[str, ...]
    speakers: tuple[Speaker, ...]
    share: float
    feeling: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class DrawnGroup:
    """The moments of one voice at one motif: where they are, and their threads as one path."""

    speaker: Speaker
    motif: int
    spots: tuple[tuple[str, str], ...]
    threads: str


@dataclass(frozen=True)
class DrawnLight:
    """A light, its numbers as they are written; `label` is (x, y, anchor), None where there is no room."""

    motif: MotifPart
    x: str
    y: str
    radius: str
    ring: str
    label: tuple[str, str, str] | None
    voices: str


@dataclass(frozen=True)
class DrawnSky:
    """One drawing of the constellation; `look` is "wide" or "tall". `hues` are those of its marks."""

    look: str
    width: str
    height: str
    scale: str
    hues: tuple[int, ...]
    lights: tuple[DrawnLight, ...]
    groups: tuple[DrawnGroup, ...]
    links: str


@dataclass(frozen=True)
class ReportRow:
    """What the blend did to one voice."""

    speaker: Speaker
    asked: float
    given: float
    why: str
    own_why: str
    retention: float
    influence: float
    attribution: float
    nearest: Speaker | None


@dataclass(frozen=True)
class DreamscapePage:
    """Everything on the page of a finished dreamscape."""

    speakers: tuple[Speaker, ...]
    skies: tuple[DrawnSky, ...]
    is_thinned: bool
    motifs: tuple[MotifPart, ...]
    weave: tuple[tuple[Said, ...], ...]
    silent: tuple[Speaker, ...]
    valence: Curve
    arousal: Curve
    rows: tuple[ReportRow, ...]
    mine: tuple[ReportRow, ...]
    floor: float
    kept_at_least: float
    homogenisation: float
    diversity: float
    diversity_before: float
    influence_cap: float


def page_of(document: Document, speakers: Speakers) -> DreamscapePage:
    """The page of a shared document, seen by whoever the speakers were made for."""
    motifs = motifs_of(document, speakers)
    report = document["report"]
    rows = tuple(_row(row, speakers, floor=report["floor"]) for row in report["voices"])
    rows = tuple(sorted(rows, key=lambda row: row.speaker.label))
    skies = tuple(
        _drawn(sky_of(document, canvas), motifs, speakers, look=look)
        for canvas, look in ((WIDE, "wide"), (TALL, "tall"))
    )
    weave = tuple(
        tuple(Said(speakers[quote["voice"]], quote["text"]) for quote in paragraph)
        for paragraph in document["weave"]
    )
    moments = document["constellation"]["moments"]
    heard = {said.speaker.key for paragraph in weave for said in paragraph}
    return DreamscapePage(
        speakers=tuple(speakers.values()),
        skies=skies,
        is_thinned=len(thinned(moments)) < len(moments),
        motifs=motifs,
        weave=weave,
        silent=tuple(speaker for key, speaker in speakers.items() if key not in heard),
        valence=valence_curve(document),
        arousal=arousal_curve(document),
        rows=rows,
        mine=tuple(row for row in rows if row.speaker.is_mine),
        floor=report["floor"],
        kept_at_least=report["kept_at_least"],
        homogenisation=report["homogenisation"],
        diversity=report["diversity"],
        diversity_before=report["diversity_before"],
        influence_cap=report["influence_cap"],
    )


def motifs_of(document: Document, speakers: Speakers) -> tuple[MotifPart, ...]:
    """The motifs of a shared document, in the order of the night."""
    return tuple(_motif(motif, number, speakers) for number, motif in enumerate(document["motifs"], start=1))


def _motif(motif: Document, number: int, speakers: Speakers) -> MotifPart:
    words = tuple(motif["terms"])
    return MotifPart(
        id=motif["id"],
        number=number,
        name=", ".join(words[:2]) or "without words",
        words=words,
        speakers=tuple(speakers[key] for key in speakers if key in set(motif["support"])),
        share=motif["share"],
        feeling=feeling_of(motif["valence"], motif["arousal"]),
        said=tuple(Said(speakers[quote["voice"]], quote["text"]) for quote in motif["quotes"]),
    )


RING = 6.0
STRONG, PLEASANT = 0.45, 0.15


def feeling_of(valence: float, arousal: float) -> str:
    """Valence and arousal in two words; what is there, not what it means."""
    strength = "strong" if arousal >= STRONG else "quiet"
    if abs(valence) < PLEASANT:
        return f"{strength}, neither pleasant nor unpleasant"
    return f"{strength}, {'pleasant' if valence > 0 else 'unpleasant'}"


def _drawn(sky: Sky, motifs: Sequence[MotifPart], speakers: Speakers, *, look: str) -> DrawnSky:
    by_id = {motif.id: motif for motif in motifs}
    return DrawnSky(
        look=look,
        width=f"{sky.canvas.width:g}",
        height=f"{sky.canvas.height:g}",
        scale=f"{sky.canvas.mark:g}",
        hues=tuple(sorted({speaker.hue for speaker in speakers.values()})),
        lights=tuple(_light(light, by_id[light.id], speakers) for light in sky.lights),
        groups=_groups(sky.marks, speakers),
        links="".join(sky.links),
    )


def _light(light: Light, motif: MotifPart, speakers: Speakers) -> DrawnLight:
    place = light.place
    return DrawnLight(
        motif=motif,
        x=f"{light.x:g}",
        y=f"{light.y:g}",
        radius=f"{light.radius:g}",
        ring=f"{light.radius + RING:g}",
        label=(f"{place.x:g}", f"{place.y:g}", place.anchor) if place else None,
        voices=" ".join(speakers[key].tag for key in light.voices),
    )


def _groups(marks: Sequence[Mark], speakers: Speakers) -> tuple[DrawnGroup, ...]:
    together: dict[tuple[str, int], list[Mark]] = {}
    for mark in marks:
        together.setdefault((mark.voice, mark.motif), []).append(mark)
    return tuple(
        DrawnGroup(
            speaker=speakers[voice],
            motif=motif,
            spots=tuple((f"{mark.x:g}", f"{mark.y:g}") for mark in group),
            threads="".join(mark.thread for mark in group),
        )
        for (voice, motif), group in together.items()
    )


def _row(row: Document, speakers: Speakers, *, floor: float) -> ReportRow:
    return ReportRow(
        speaker=speakers[row["voice"]],
        asked=row["asked"],
        given=row["given"],
        why=_why(row, floor=floor),
        own_why=row["why"],
        retention=row["retention"],
        influence=row["influence"],
        attribution=row["attribution"],
        nearest=speakers.get(row["nearest"]) if row["nearest"] else None,
    )


def _why(row: Document, *, floor: float) -> str:
    asked, given = row["asked"], row["given"]
    if asked == 0.0:
        return "left untouched, as asked"
    if AT_THE_LARGEST in row["why"]:
        return "lowered to the largest depth allowed here"
    return "as asked" if given == asked else f"lowered, so that everyone keeps {floor * 100:.0f}\u00a0%"
