"""What a ballot may say, as a token, and the commitment to it that the log holds. Pure.

The commitment is SHA-256 over `dreamscape/ballot/v1|<proposal>|<choice>|` and 32 random bytes: whoever has
the bytes can show what was chosen, and nobody can tell from the commitment alone.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final
from uuid import UUID

YES: Final = "yes"
NO: Final = "no"
ABSTAIN: Final = "abstain"
CONSENT: Final = "consent"
OBJECT: Final = "object"
NONCE_BYTES: Final = 32
DOMAIN: Final = b"dreamscape/ballot/v1"


def commitment(*, proposal: UUID, choice: str, nonce: bytes) -> str:
    """Hex digest that binds to a choice. Raises ValueError for a nonce of another length."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"A nonce is {NONCE_BYTES} bytes long, not {len(nonce)}.")
    return hashlib.sha256(b"|".join((DOMAIN, str(proposal).encode(), choice.encode(), nonce))).hexdigest()


def holds(committed: str, *, proposal: UUID, choice: str, nonce: bytes) -> bool:
    """Whether a commitment is to this choice."""
    if len(nonce) != NONCE_BYTES:
        return False
    return hmac.compare_digest(committed, commitment(proposal=proposal, choice=choice, nonce=nonce))


def ranking_token(groups: Iterable[Iterable[int]]) -> str:
    """A ranking as a token, the most liked first: "2>0=1"."""
    return ">".join("=".join(map(str, sorted(group))) for group in groups)


def ranking_of(token: str, *, options: int) -> tuple[frozenset[int], ...]:
    """The ranking that a token says. Raises ValueError unless it is written as `ranking_token` would."""
    try:
        groups = tuple(tuple(int(option) for option in group.split("=")) for group in token.split(">"))
    except ValueError as error:
        raise ValueError(f"{token} is no ranking.") from error
    every = [option for group in groups for option in group]
    known = all(0 <= option < options for option in every)
    if not known or len(set(every)) < len(every) or ranking_token(groups) != token:
        raise ValueError(f"{token} is no ranking of {options} options.")
    return tuple(map(frozenset, groups))
