"""A dream as plain values: what a form, a file or the vault yields, before and after it is sealed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from guild.journal.enums import DreamKind, Emotion

_HEADING, _OPENING, _EXCERPT = 60, 120, 300


@dataclass(frozen=True)
class Ratings:
    """The dreamer's own intensity of each class of emotion, 0 to 4; None is "not rated", which is not 0."""

    anger: int | None = None
    apprehension: int | None = None
    sadness: int | None = None
    confusion: int | None = None
    happiness: int | None = None

    def of(self, emotion: Emotion) -> int | None:
        value: int | None = getattr(self, emotion.value)
        return value

    @property
    def given(self) -> dict[Emotion, int]:
        """Only the classes that were rated."""
        return {emotion: value for emotion in Emotion if (value := self.of(emotion)) is not None}

    @classmethod
    def from_mapping(cls, values: Mapping[str, int | None]) -> "Ratings":
        return cls(**{item.name: values.get(item.name) for item in fields(cls)})

    def as_dict(self) -> dict[str, int | None]:
        return {emotion.value: self.of(emotion) for emotion in Emotion}


@dataclass(frozen=True)
class Draft:
    """What a dreamer says of one dream. Nothing here has been checked yet: see `checking.problems_of`."""

    narrative: str
    dreamed_on: date
    title: str = ""
    ratings: Ratings = field(default_factory=Ratings)
    lucidity: int | None = None
    vividness: int | None = None
    recall: int | None = None
    kind: str = DreamKind.DREAM.value
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def opening(self) -> str:
        """The first words, cut where a word ends where there are words."""
        return opening_of(self.narrative, longest=_OPENING)


@dataclass(frozen=True)
class OpenDream:
    """One dream of the reader's own journal, opened. Derived: `valence` -1 to 1, `arousal` 0 to 1."""

    id: uuid.UUID
    dreamer_id: uuid.UUID
    revision: int
    recorded_at: datetime
    draft: Draft
    valence: float | None
    arousal: float | None

    @property
    def title(self) -> str:
        return self.draft.title

    @property
    def narrative(self) -> str:
        return self.draft.narrative

    @property
    def dreamed_on(self) -> date:
        return self.draft.dreamed_on

    @property
    def emotions(self) -> Ratings:
        return self.draft.ratings

    @property
    def kind(self) -> DreamKind:
        return DreamKind(self.draft.kind)

    @property
    def tags(self) -> tuple[str, ...]:
        return self.draft.tags

    @property
    def heading(self) -> str:
        """The title, or the first words of a dream that was given none."""
        if self.draft.title:
            return self.draft.title
        return opening_of(self.draft.narrative, longest=_HEADING)

    @property
    def excerpt(self) -> str:
        return opening_of(self.draft.narrative, longest=_EXCERPT)


def opening_of(text: str, *, longest: int) -> str:
    """The beginning of `text` on one line, with an ellipsis when it goes on."""
    line = " ".join(text[: longest * 2].split())
    if len(line) <= longest and len(text) <= longest * 2:
        return line
    cut = line[:longest].rsplit(" ", 1)[0] if " " in line[longest // 2 : longest] else line[:longest]
    return f"{cut}…"
