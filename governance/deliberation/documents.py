"""The document of a vote: all that it takes to count it again, and nothing that names anybody. Pure.

`vote` is a mapping of plain JSON. Its digest is over its canonical form (RFC 8785) and stands in the log's
leaf of the count.
"""

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import rfc8785

from governance.deliberation.counting import Ballot, Method, Outcome, Poll, Voter

FORMAT: Final = "dreamscape/vote/v1"

Vote = Mapping[str, Any]


def canonical(vote: Vote) -> bytes:
    """The bytes that are hashed."""
    encoded: bytes = rfc8785.dumps(dict(vote))
    return encoded


def digest(encoded: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(encoded).hexdigest()


def poll_of(vote: Vote) -> Poll:
    """The vote as it is counted. Raises KeyError, TypeError or ValueError for what is no such document."""
    return Poll(
        method=Method(vote["rules"]["method"]),
        quorum=Fraction(vote["rules"]["quorum"]),
        eligible=tuple(
            Voter(one["pseudonym"], left=one["left"], voted=one["voted"]) for one in vote["eligible"]
        ),
        ballots=tuple(
            Ballot(one["choice"], one["voter"]) for one in vote["ballots"] if not one["superseded"]
        ),
        secret=vote["rules"]["secret"],
        options=len(vote["options"]),
    )


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the document says it."""
    share = outcome.share
    return {
        "result": outcome.result.value,
        "why": outcome.why.value,
        "eligible": outcome.eligible,
        "voted": outcome.voted,
        "counts": dict(outcome.counts),
        "share": None if share is None else f"{share.numerator}/{share.denominator}",
        "pairs": [list(row) for row in outcome.pairs],
        "winners": list(outcome.winners),
    }
