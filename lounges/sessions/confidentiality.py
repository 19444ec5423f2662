"""What a person reads and accepts before joining a session.

The digest of exactly what was shown is kept with the acceptance; a changed text is another digest.
"""

import hashlib
from dataclasses import dataclass

from lounges.sessions.enums import Confidentiality

_DEGREES = {
    Confidentiality.SESSION: (
        "What is told here stays here. Do not repeat it outside this session, not even without names."
    ),
    Confidentiality.NAMELESS: (
        "You may speak of what you heard afterwards, without names and without anything that would tell "
        "whose dream it was."
    ),
    Confidentiality.GUILD: (
        "What is told here may be spoken of within this guild, with care. Do not carry it further."
    ),
}

_ALWAYS = (
    "Dreams can bring up feelings that you did not expect, your own and those of others. You may step out "
    "at any moment, without a reason: press the button at the top, or hold the Escape key.",
    "This is a circle of dreamers and no substitute for therapy or medical help. If something stays with "
    "you, speak with someone you trust.",
    "Only the dreamer knows what a dream means. Say what a dream brings to your own mind, not what it is "
    "about.",
    "Whatever you lend remains yours. You can take it back at any time, also when the session is over.",
)


CONFIDENTIALITY_HINTS = {degree.value: sentence for degree, sentence in _DEGREES.items()}
"""What each degree asks of those who hear a dream, for whoever chooses one."""


@dataclass(frozen=True)
class SessionTerms:
    """The terms of one session, paragraph by paragraph."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the text as shown."""
        return hashlib.sha256("\n".join((self.title, *self.paragraphs)).encode()).hexdigest()


def terms_of(degree: str) -> SessionTerms:
    """The terms that go with a degree of confidentiality."""
    chosen = Confidentiality(degree)
    return SessionTerms(str(chosen.label), (_DEGREES[chosen], *_ALWAYS))
