"""What members write in a deliberation: plain text, and the digest of a version. Pure but for the errors."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

import rfc8785

from governance.deliberation.errors import Unfit

LEAST_OPTIONS: Final = 3
MOST_OPTIONS: Final = 12
LONGEST_OPTION: Final = 120
_KEPT: Final = "\n\t"


def plain(text: str, *, field: str, longest: int, shortest: int = 1) -> str:
    """The text without space around it. Raises Unfit when it says nothing, is too long, or is not text."""
    words = text.strip().replace("\r\n", "\n")
    if len(words) < shortest:
        raise Unfit(field, "Write something here." if shortest == 1 else "Say it in a sentence at least.")
    if len(words) > longest:
        raise Unfit(field, f"Shorten this by {len(words) - longest:,} characters; {longest:,} fit.")
    if any(unicodedata.category(one) in {"Cs", "Cc"} for one in words if one not in _KEPT):
        raise Unfit(field, "This contains characters that are not text; paste it as plain text.")
    return words


def plain_title(text: str, *, longest: int) -> str:
    """One line. Raises Unfit."""
    title = plain(text, field="title", longest=longest, shortest=3)
    if "\n" in title:
        raise Unfit("title", "A title is one line.")
    return title


def plain_options(options: Sequence[str]) -> list[str]:
    """What a ranked vote ranks. Raises Unfit for too few, too many, or two that read alike."""
    every = [plain(option, field="options", longest=LONGEST_OPTION) for option in options if option.strip()]
    if not LEAST_OPTIONS <= len(every) <= MOST_OPTIONS:
        raise Unfit("options", f"Name {LEAST_OPTIONS} to {MOST_OPTIONS} options to rank.")
    if len({option.casefold() for option in every}) < len(every):
        raise Unfit("options", "Two options read alike: make each its own.")
    return every


def digest_of_version(*, title: str, text: str, document: Mapping[str, Any], options: Sequence[str]) -> str:
    """SHA-256, in hex, of all that a version says, as canonical JSON (RFC 8785)."""
    said: dict[str, Any] = {"title": title, "text": text}
    said |= {"document": dict(document), "options": list(options)}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()
