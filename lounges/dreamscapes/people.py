"""Who speaks in a dreamscape, and who may have read it. Voices are keys in the documents, and people on the
page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from governance.consent.models import Subject
from governance.consent.recipients import Recipient
from lounges.dreamscapes.models import BlendVoice
from lounges.sessions.models import Participation


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


def seers_of(subject: Subject) -> Iterator[Recipient]:
    """Everybody who could see a dreamscape that the contribution is or was in."""
    voices = BlendVoice.objects.filter(
        guild_id=subject.guild_id, contribution_id=subject.contribution, run__finished_at__isnull=False
    )
    for run in [voice.run for voice in voices.select_related("run")]:
        seers = Participation.objects.filter(guild_id=run.guild_id, session_id=run.session_id)
        made = run.finished_at or run.requested_at
        for dreamer, accepted in seers.values_list("dreamer_id", "accepted_terms_at"):
            yield Recipient(dreamer, "blend", run.pk, max(accepted, made))
