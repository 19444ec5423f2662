"""What the page of a reflection shows: one dreamer's own moments, what each resonates with, what is
theirs. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lounges.dreamscapes.pages import MotifPart, Said, Speakers


@dataclass(frozen=True)
class OwnMoment:
    """One of the reader's moments, in their words. `heard` are moments of others that resonate with it."""

    number: int
    text: str
    motif: MotifPart
    is_alone: bool
    heard: tuple[Said, ...]


@dataclass(frozen=True)
class OwnDream:
    """One dream of the reader in the blend."""

    label: str
    moments: tuple[OwnMoment, ...]
    asked: float
    given: float
    why: str
    retention: float
    influence: float
    nearest: str

    @property
    def alone(self) -> tuple[OwnMoment, ...]:
        """The moments that nothing of others came near."""
        return tuple(moment for moment in self.moments if moment.is_alone)

    @property
    def heard(self) -> int:
        """How many moments of others stand in it."""
        return sum(len(moment.heard) for moment in self.moments)


def own_dreams(
    parts: Sequence[Mapping[str, Any]], speakers: Speakers, motifs: Sequence[MotifPart]
) -> tuple[OwnDream, ...]:
    """The parts of a reflection, in the order of the reader's dreams."""
    by_id = {motif.id: motif for motif in motifs}
    ordered = sorted(parts, key=lambda part: list(speakers).index(part["voice"]))
    return tuple(_own_dream(part, speakers, by_id) for part in ordered)


def _own_dream(part: Mapping[str, Any], speakers: Speakers, motifs: Mapping[int, MotifPart]) -> OwnDream:
    report = part["report"]
    nearest = speakers.get(report["nearest"]) if report["nearest"] else None
    return OwnDream(
        label=speakers[part["voice"]].label,
        moments=tuple(_own_moment(moment, speakers, motifs) for moment in part["moments"]),
        asked=report["asked"],
        given=report["given"],
        why=report["why"],
        retention=report["retention"],
        influence=report["influence"],
        nearest=nearest.label if nearest else "",
    )


def _own_moment(moment: Mapping[str, Any], speakers: Speakers, motifs: Mapping[int, MotifPart]) -> OwnMoment:
    return OwnMoment(
        number=moment["index"] + 1,
        text=moment["text"],
        motif=motifs[moment["motif"]],
        is_alone=moment["alone"],
        heard=tuple(Said(speakers[echo["voice"]], echo["text"]) for echo in moment["resonates"]),
    )
