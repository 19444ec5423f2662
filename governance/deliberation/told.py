"""What a vote came to, in words. Pure."""

from fractions import Fraction
from types import MappingProxyType
from typing import Final

from governance.deliberation.counting import Method, Outcome, Why

CHOICE_WORDS: Final = MappingProxyType(
    {
        "yes": "Yes",
        "no": "No",
        "abstain": "Abstain",
        "consent": "I consent",
        "object": "I object",
        "ranked": "Ranked the options",
    }
)

METHOD_WORDS: Final = MappingProxyType(
    {
        Method.MAJORITY: "It passes with more yes than no.",
        Method.TWO_THIRDS: "It passes with at least two thirds of yes and no.",
        Method.CONSENT: "It passes when nobody objects.",
        Method.RANKED: "The option wins that is preferred to every other (Schulze's method).",
    }
)

_SENTENCES: Final = MappingProxyType(
    {
        Why.REACHED: "It passed.",
        Why.NOT_REACHED: "It did not pass: too few said yes.",
        Why.NO_OBJECTION: "It passed: nobody objects.",
        Why.OBJECTED: "It did not pass: an objection stands.",
        Why.ALL_ABSTAINED: "It did not pass: everybody who voted abstained.",
        Why.NO_QUORUM: "The vote is void: too few took part.",
        Why.NOBODY_LEFT: "The vote is void: nobody who could vote is a member any more.",
    }
)


def sentence_of(outcome: Outcome, *, options: list[str]) -> str:
    """What it came to, in one sentence."""
    if outcome.why is Why.WINNER:
        return f"“{options[outcome.winners[0]]}” won."
    if outcome.why is Why.TIE:
        tied = " and ".join(f"“{options[winner]}”" for winner in outcome.winners)
        return f"Nothing was decided: there is a tie between {tied}."
    return _SENTENCES[outcome.why]


def lines_of(outcome: Outcome, *, options: list[str]) -> list[tuple[str, str]]:
    """Name and value of every number, for a table."""
    took_part = _percent(outcome.voted, outcome.eligible)
    lines = [
        ("Who could vote", str(outcome.eligible)),
        ("Who voted", f"{outcome.voted}{took_part}"),
        *((CHOICE_WORDS.get(name, name), str(number)) for name, number in outcome.counts.items()),
    ]
    if outcome.share is not None:
        lines.append(("Yes, of yes and no", f"{outcome.share}{_percent(*outcome.share.as_integer_ratio())}"))
    return [*lines, ("Result", sentence_of(outcome, options=options))]


def _percent(part: int, whole: int) -> str:
    """In brackets, rounded down, so that none looks as if it had reached what it has not."""
    return f" ({Fraction(part * 1000, whole).__floor__() / 10:g} %)" if whole else ""
