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
    """One answer to every purpose of ASKED, but for those left to what was said before for the session, the
    lounge or the guild; `left_open` are those of them that this allows.

    `depth` is 0-1, and 0 unless blending is allowed. No expiry: None. `read` is the digest of the text that
    was before the dreamer, by purpose.
    """

    granted: Mapping[Purpose, bool]
    depth: float
    expires_at: datetime | None
    left_open: frozenset[Purpose] = frozenset()
    read: Mapping[Purpose, str] = field(default_factory=dict)

    @property
    def may_be_blended(self) -> bool:
        return self.granted.get(Purpose.BLEND, Purpose.BLEND in self.left_open)

    @property
    def told(self) -> bool:
        return self.granted.get(Purpose.SHARE_IN_SESSION, Purpose.SHARE_IN_SESSION in self.left_open)


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
    read: Mapping[str, str] | None = None,
    standing: Mapping[Purpose, bool] | None = None,
) -> LoanTerms:
    """The terms as they may be stated. `standing` is what was decided before, for more than this dream: those
    purposes may be left unanswered. Raises Invalid, which names the field to go back to.
    """
    decided = standing or {}
    for purpose in ASKED:
        if not isinstance(answers.get(purpose.value), bool) and purpose not in decided:
            raise Invalid(purpose.value, f"Answer yes or no: may it {purpose.label}?")
    given = {purpose: answers.get(purpose.value) for purpose in ASKED}
    granted = {purpose: answer for purpose, answer in given.items() if answer is not None}
    left_open = frozenset(purpose for purpose in ASKED if purpose not in granted and decided[purpose])
    if not any(granted.get(one, one in left_open) for one in (Purpose.SHARE_IN_SESSION, Purpose.BLEND)):
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
    texts = {purpose: (read or {}).get(purpose.value, "") for purpose in granted}
    return LoanTerms(granted, _depth(granted, depth), expires_at, left_open, texts)


def _depth(granted: Mapping[Purpose, bool], depth: float | None) -> float:
    if not granted.get(Purpose.BLEND):
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
