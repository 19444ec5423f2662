"""What people write about a colony or a ritual, as it is kept. Pure."""

import re
import unicodedata

from colonies.rituals.errors import Invalid

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z")


def plain_text(text: str, *, field: str, longest: int) -> str:
    """`text` without space around it. Raises Invalid when it is empty, too long, or not text."""
    words = optional_text(text, field=field, longest=longest)
    if not words:
        raise Invalid(field, "Write a few words first.")
    return words


def optional_text(text: str, *, field: str, longest: int) -> str:
    """As `plain_text`, but nothing at all is fine too."""
    words = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    if len(words) > longest:
        raise Invalid(field, f"Shorten this by {len(words) - longest:,} characters; {longest:,} fit.")
    if any(_is_no_text(character) for character in words):
        raise Invalid(field, "This contains characters that are not text; paste it as plain text.")
    return words


def language_tag(tag: str, *, field: str = "language") -> str:
    """A BCP 47 tag in its usual spelling: language, then maybe script and region. Raises Invalid."""
    first, *rest = tag.strip().replace("_", "-").split("-")
    spelt = "-".join([first.lower(), *(_subtag(part) for part in rest)])
    if not _LANGUAGE_TAG.match(spelt):
        raise Invalid(field, "Give the language as its short code, such as en, pt-BR, mi or sr-Latn.")
    return spelt


def _subtag(part: str) -> str:
    return part.title() if len(part) == 4 else part.upper()


def _is_no_text(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs")
