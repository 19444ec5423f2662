"""Who speaks in a dreamscape: voices are keys in the documents, and people on the page. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from lounges.dreamscapes.models import BlendVoice


@dataclass(frozen=True)
class Speaker:
    """One voice: a contribution under its dreamer's name and hue.

    `tag` names it on one page; `position` counts a dreamer's own voices from 1, of which there are `of`.
    """

    key: str
    tag: str
    display_name: str
    hue: int
    is_mine: bool
    position: int
    of: int

    @property
    def label(self) -> str:
        """The name, and which of several dreams it is."""
        return self.display_name if self.of == 1 else f"{self.display_name}, dream {self.position}"


def speakers_of(voices: Iterable[BlendVoice], *, reader: UUID) -> Mapping[str, Speaker]:
    """By key, in the order of names; `reader` is the id of the dreamer who looks."""
    in_order = sorted(voices, key=lambda voice: (voice.membership.display_name, str(voice.contribution_id)))
    own: dict[UUID, list[BlendVoice]] = {}
    for voice in in_order:
        own.setdefault(voice.dreamer_id, []).append(voice)
    return {
        str(voice.contribution_id): Speaker(
            key=str(voice.contribution_id),
            tag=f"v{number}",
            display_name=voice.membership.display_name,
            hue=voice.membership.hue,
            is_mine=voice.dreamer_id == reader,
            position=own[voice.dreamer_id].index(voice) + 1,
            of=len(own[voice.dreamer_id]),
        )
        for number, voice in enumerate(in_order, start=1)
    }
