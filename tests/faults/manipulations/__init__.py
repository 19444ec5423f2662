"""Manipulations of a guild behind the application's back, by what they are done to."""

from tests.faults.manipulations import (
    consents,
    decided,
    guild,
    lent,
    log,
    made,
    odd,
    offices,
    said,
    stopped,
    votes,
    walls,
)
from tests.faults.manipulations.registry import EVERY, MADE_AGAIN, TOGETHER

__all__ = [
    "EVERY",
    "MADE_AGAIN",
    "TOGETHER",
    "consents",
    "decided",
    "guild",
    "lent",
    "log",
    "made",
    "odd",
    "offices",
    "said",
    "stopped",
    "votes",
    "walls",
]
