"""How long each step stays on a screen that nobody touches. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from colonies.rituals.texts import Step

UNTIMED = 60
WORDS_A_MINUTE = 90  # read slowly, in the dark
SHORTEST = 20


@dataclass(frozen=True)
class PacedStep:
    """A step, and for how many seconds it is shown."""

    step: Step
    seconds: int


def paced(steps: Sequence[Step]) -> tuple[PacedStep, ...]:
    """A step that has a length keeps it; one that takes as long as it takes is shown for the time it takes to
    read it slowly, and a minute more. None is gone before it can be read.
    """
    return tuple(PacedStep(step, _seconds(step)) for step in steps)


def _seconds(step: Step) -> int:
    reading = round(len(step.text.split()) * 60 / WORDS_A_MINUTE)
    return max(step.seconds, reading, SHORTEST) if step.seconds else max(reading, SHORTEST) + UNTIMED
