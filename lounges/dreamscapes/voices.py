"""From what the gate opened to what a blend takes. Pure but for reading the bytes of a stored reading."""

from collections.abc import Sequence

from governance.consent.gate import Opened
from guild.journal.reading import Reading
from lounges.blending import Voice

READING = "reading"
"""The one field of a contribution that a blend opens."""


def voice_of(opened: Opened) -> Voice:
    """The contribution as numbers, with its words only where quoting is allowed. Raises BrokenReading."""
    reading = Reading.from_bytes(opened.texts[READING])
    return Voice(
        key=str(opened.contribution),
        points=reading.points,
        affect=reading.affect,
        texts=reading.texts if opened.terms.quote else (),
        terms=reading.terms if opened.terms.quote else (),
        depth=opened.terms.depth,
        quote=opened.terms.quote,
        dreamer=str(opened.dreamer),
    )


def own_words(opened: Opened) -> tuple[str, ...]:
    """The moments in their dreamer's words: for that dreamer's own reflection, whatever may be quoted."""
    return Reading.from_bytes(opened.texts[READING]).texts


def dreamers_of(opened: Sequence[Opened]) -> int:
    """How many people these contributions come from."""
    return len({one.dreamer for one in opened})
