"""What enforcers and dreamers write about a finding: plain text, and its digest for the ledger. Pure."""

import hashlib
import unicodedata

from governance.oversight.errors import Unfit
from governance.oversight.ruling_models import LONGEST_REASONS

SHORTEST_REASONS = 10


def plain_reasons(text: str, *, field: str) -> str:
    """The text without space around it. Raises Unfit when it says nothing, is too long, or is not text."""
    words = text.strip().replace("\r\n", "\n")
    if len(words) < SHORTEST_REASONS:
        raise Unfit(field, "Say in a sentence why: others will read it to understand the decision.")
    if len(words) > LONGEST_REASONS:
        excess = len(words) - LONGEST_REASONS
        raise Unfit(field, f"Shorten this by {excess:,} characters; {LONGEST_REASONS:,} fit.")
    if any(unicodedata.category(character) in {"Cs", "Cc"} for character in words if character not in "\n\t"):
        raise Unfit(field, "This contains characters that are not text; paste it as plain text.")
    return words


def digest_of(reasons: str) -> str:
    """SHA-256, in hex, of exactly what was written: the ledger holds it in the place of the words."""
    return hashlib.sha256(reasons.encode()).hexdigest()
