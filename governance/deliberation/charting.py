"""A count as a drawing: bars of a hundred, and the line that was to be reached. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from governance.deliberation.choices import CONSENT, NO, OBJECT, YES
from governance.deliberation.counting import THRESHOLDS, Method, Outcome


@dataclass(frozen=True)
class Part:
    """A stretch of a bar, from `start` on, in hundredths of it."""

    name: str
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """`line` is what was to be reached, in hundredths; None where there is none."""

    title: str
    parts: tuple[Part, ...]
    line: float | None
    line_words: str


def bars_of(outcome: Outcome, *, method: Method, quorum: Fraction) -> tuple[Bar, ...]:
    """How many took part; and, where answers are weighed, yes beside no."""
    took_part = Fraction(outcome.voted, outcome.eligible) if outcome.eligible else Fraction(0)
    quorum_words = f"{_percent(quorum)} of those who could vote had to take part"
    first = Bar("Took part", (Part("voted", 0.0, _hundredths(took_part)),), _hundredths(quorum), quorum_words)
    sides = (CONSENT, OBJECT) if method is Method.CONSENT else (YES, NO)
    weighed = sum(outcome.counts.get(side, 0) for side in sides)
    if method is Method.RANKED or not weighed:
        return (first,)
    share = Fraction(outcome.counts.get(sides[0], 0), weighed)
    parts = (
        Part("for", 0.0, _hundredths(share)),
        Part("against", _hundredths(share), _hundredths(1 - share)),
    )
    threshold = THRESHOLDS.get(method)
    if threshold is None:
        return first, Bar("Consent beside objections", parts, None, "a single objection stops it")
    more = "more than half" if method is Method.MAJORITY else "at least two thirds"
    return first, Bar("Yes beside no", parts, _hundredths(threshold), f"{more} of yes and no had to be yes")


def _hundredths(share: Fraction) -> float:
    return round(float(share) * 100, 2)


def _percent(share: Fraction) -> str:
    return f"{_hundredths(share):g} %"
