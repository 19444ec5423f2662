"""The code of an invitation: which guild, and a secret of 24 random bytes. Pure.

It travels in the fragment of a link, or is pasted into a form; neither reaches a log. What is kept of it is
its SHA-256 alone: of so many random bytes, nobody finds the code that belongs to one.
"""

import binascii
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

SECRET_BYTES = 24
LONGEST_PASTED = 300


@dataclass(frozen=True)
class Named:
    """What a code names: a guild, and an invitation of it by the digest of the code."""

    guild: UUID
    digest: str


class NoCode(ValueError):
    """This is no code of an invitation."""


def new_code(guild: UUID) -> str:
    """A code that nobody has seen before: 54 characters of A-Z, a-z, 0-9, - and _."""
    return urlsafe_b64encode(guild.bytes + secrets.token_bytes(SECRET_BYTES)).decode().rstrip("=")


def read(text: str) -> Named:
    """What a code, or a whole link that ends with one, names. Raises NoCode."""
    code = text.strip().rsplit("#", 1)[-1]
    if len(text) > LONGEST_PASTED:
        raise NoCode
    try:
        raw = urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (ValueError, binascii.Error) as error:
        raise NoCode from error
    if len(raw) != 16 + SECRET_BYTES or urlsafe_b64encode(raw).decode().rstrip("=") != code:
        raise NoCode
    return Named(UUID(bytes=raw[:16]), hashlib.sha256(code.encode()).hexdigest())
