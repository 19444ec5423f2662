"""What a person says when they lend a dream: how much of it, and on which terms. Pure; nothing is
preselected.
"""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from governance.consent.enums import Purpose
from governance.consent.terms import LONGEST_LOAN
from lounges.sessions.enums import Extent
from lounges.sessions.errors import Invalid

LONGEST_EXCERPT = 20_000
LONGEST_ASSOCIATION = 2_000

ASKED = (Purpose.SHARE_IN_SESSION, Purpose.BLEND, Purpose.QUOTE, Purpose.PUBLISH_TO_GUILD)
"""The purposes asked about when lending: those that something in a session is done for. Every one needs an
answer.
"""


@dataclass(frozen=True)
class LoanTerms:
    """One answer to every purpose of ASKED. `depth` is 0-1, and 0 unless blending is allowed. No
    expiry: None.
    """

    granted: Mapping[Purpose, bool]
    depth: float
    expires_at: datetime | None

    @property
    def told(self) -> bool:
        return self.granted[Purpose.SHARE_IN_SESSION]


@dataclass(frozen=True)
class Passage:
    """What is to be lent: the whole dream, or the words given."""

    extent: Extent
    words: str = field(default="", repr=False)


def checked_terms(
    *,
    answers: Mapping[str, bool | None],
    depth: float | None,
    expires_at: datetime | None,
    now: datetime,
) -> LoanTerms:
    """The terms as they may be stated. Raises Invalid, which names the field to go back to."""
    for purpose in ASKED:
        if not isinstance(answers.get(purpose.value), bool):
            raise Invalid(purpose.value, f"Answer yes or no: may it {purpose.label}?")
    granted = {purpose: answers[purpose.value] is True for purpose in ASKED}
    if not granted[Purpose.SHARE_IN_SESSION] and not granted[Purpose.BLEND]:
        raise Invalid(
            Purpose.SHARE_IN_SESSION.value,
            "Allow it to be told here, or to be blended, or both; otherwise there is nothing to lend.",
        )
    if expires_at is not None and expires_at <= now:
        raise Invalid(
            "expires_at", "Choose an end in the future, or leave it empty to lend it until you withdraw."
        )
    if expires_at is not None and expires_at > now + LONGEST_LOAN:
        raise Invalid("expires_at", "Choose an end within a hundred years, or leave it empty.")
    return LoanTerms(granted, _depth(granted, depth), expires_at)


def _depth(granted: Mapping[Purpose, bool], depth: float | None) -> float:
    if not granted[Purpose.BLEND]:
        return 0.0
    if depth is None or not math.isfinite(depth) or not 0 <= depth <= 1:
        raise Invalid("depth", "Choose how deep others may blend into it, from 0 to 1.")
    return depth


def words_to_lend(passage: Passage, *, narrative: str) -> str:
    """The text that will be copied. Raises Invalid when the passage is empty, too long, or not in the
    dream.
    """
    if passage.extent is Extent.WHOLE:
        return narrative
    words = plain_text(passage.words, field="excerpt", longest=LONGEST_EXCERPT)
    if passage.extent is Extent.EXCERPT and _even(words) not in _even(narrative):
        raise Invalid(
            "excerpt",
            "These words are not in the dream. Copy a part as it is, or choose to tell it in new words.",
        )
    return words


def plain_text(text: str, *, field: str, longest: int) -> str:
    """`text` without space around it. Raises Invalid when it is empty, too long, or not text."""
    words = text.strip()
    if not words:
        raise Invalid(field, "Write a few words first.")
    if len(words) > longest:
        raise Invalid(field, f"Shorten this by {len(words) - longest:,} characters; {longest:,} fit.")
    if "\x00" in words or _has_surrogates(words):
        raise Invalid(field, "This contains characters that are not text; paste it as plain text.")
    return words


def _has_surrogates(text: str) -> bool:
    return any(unicodedata.category(character) == "Cs" for character in text)


def _even(text: str) -> str:
    """As it is compared: canonical characters, and any white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
