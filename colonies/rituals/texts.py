"""What a ritual says, as plain values: steps in their order, and the words around them. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from colonies.rituals.enums import StepKind
from colonies.rituals.errors import Invalid
from colonies.rituals.wording import language_tag, optional_text, plain_text

MOST_STEPS = 30
LONGEST_STEP_SECONDS = 4 * 3600
LONGEST_STEP = 2_000
LONGEST_PICTURE = 300
LONGEST_TITLE = 120
LONGEST_LINE = 300
LONGEST_PASSAGE = 2_000


@dataclass(frozen=True)
class Step:
    """One thing to do. `seconds` is how long it takes, 0 for as long as it takes; `picture` says in words
    what there is to look at, "" for nothing.
    """

    kind: str
    text: str
    seconds: int = 0
    picture: str = ""

    @property
    def label(self) -> str:
        return StepKind(self.kind).label

    @property
    def minutes(self) -> float:
        return self.seconds / 60


@dataclass(frozen=True)
class RitualText:
    """All that one version of a ritual says. Tradition, source and credit are free words of those who keep
    it: there is no list of traditions to choose from.
    """

    title: str
    steps: tuple[Step, ...]
    intention: str = ""
    tradition: str = ""
    source: str = ""
    credit: str = ""
    language: str = "en"
    contraindications: str = ""

    @property
    def seconds(self) -> int:
        """How long it takes, without the steps that take as long as they take."""
        return sum(step.seconds for step in self.steps)

    @property
    def digest(self) -> str:
        """SHA-256 over its fields in a fixed form: what the ledger says of a version."""
        document = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(document.encode()).hexdigest()


@dataclass(frozen=True)
class Wording:
    """The same ritual in another language: its words alone, one for each step of the version it is of."""

    language: str
    title: str
    step_texts: tuple[str, ...]
    intention: str = ""
    contraindications: str = ""


def checked(text: RitualText) -> RitualText:
    """The text as it may be kept. Raises Invalid, which names the field to go back to."""
    return RitualText(
        title=plain_text(text.title, field="title", longest=LONGEST_TITLE),
        steps=_checked_steps(text.steps),
        intention=optional_text(text.intention, field="intention", longest=LONGEST_PASSAGE),
        tradition=optional_text(text.tradition, field="tradition", longest=LONGEST_LINE),
        source=optional_text(text.source, field="source", longest=LONGEST_PASSAGE),
        credit=optional_text(text.credit, field="credit", longest=LONGEST_LINE),
        language=language_tag(text.language),
        contraindications=optional_text(
            text.contraindications, field="contraindications", longest=LONGEST_PASSAGE
        ),
    )


def checked_wording(wording: Wording, *, of: RitualText) -> Wording:
    """The translation as it may be kept. Raises Invalid unless every step has its words."""
    language = language_tag(wording.language)
    if language == of.language:
        raise Invalid("language", "The ritual is written in this language already: revise it instead.")
    if len(wording.step_texts) != len(of.steps):
        raise Invalid("steps", f"Translate every step: there are {len(of.steps)}.")
    texts = (plain_text(text, field="steps", longest=LONGEST_STEP) for text in wording.step_texts)
    return Wording(
        language=language,
        title=plain_text(wording.title, field="title", longest=LONGEST_TITLE),
        step_texts=tuple(texts),
        intention=optional_text(wording.intention, field="intention", longest=LONGEST_PASSAGE),
        contraindications=optional_text(
            wording.contraindications, field="contraindications", longest=LONGEST_PASSAGE
        ),
    )


def in_words_of(text: RitualText, wording: Wording) -> RitualText:
    """The ritual as it reads in a translation; what is no prose (source, credit, durations) stays."""
    steps = (replace(step, text=words) for step, words in zip(text.steps, wording.step_texts, strict=True))
    return replace(
        text,
        language=wording.language,
        title=wording.title,
        intention=wording.intention,
        contraindications=wording.contraindications,
        steps=tuple(steps),
    )


def credited(text: RitualText, *, otherwise: str) -> RitualText:
    """The text with its credit; one that names nobody credits `otherwise`."""
    return text if text.credit else replace(text, credit=otherwise)


def steps_as_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [asdict(step) for step in steps]


def steps_from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(row["kind"], row["text"], row["seconds"], row["picture"]) for row in rows)


def _checked_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    if not steps:
        raise Invalid("steps", "Write at least one step.")
    if len(steps) > MOST_STEPS:
        raise Invalid("steps", f"A ritual has at most {MOST_STEPS} steps; join some of them.")
    return tuple(_checked_step(step) for step in steps)


def _checked_step(step: Step) -> Step:
    if step.kind not in StepKind.values:
        raise Invalid("steps", "Choose for every step what it is made of.")
    if not 0 <= step.seconds <= LONGEST_STEP_SECONDS:
        raise Invalid("steps", "A step takes between nothing and four hours.")
    return Step(
        kind=str(step.kind),
        text=plain_text(step.text, field="steps", longest=LONGEST_STEP),
        seconds=step.seconds,
        picture=optional_text(step.picture, field="steps", longest=LONGEST_PICTURE),
    )
