"""What can be reported, and what each wing knows of it. Wings register when the process starts; no signals.

Nothing of theirs is changed by a decision: what is hidden is what this room says is hidden, and the pages ask
it (`selectors.hidden`). What is sealed stays sealed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Found:
    """A thing that is reported: whose it is, None where it is nobody's alone."""

    author: Membership | None


@dataclass(frozen=True)
class Reportable:
    """One kind of thing. `noun` says what it is in the log.

    `find` gives it to a member who can see it, and raises Http404 otherwise; `words` gives its words to a
    moderator, None where they may not be opened for that; `changed` tells open pages to look again.
    """

    kind: str
    noun: str
    find: Callable[[Membership, UUID], Found]
    words: Callable[[UUID, UUID], str | None]
    changed: Callable[[UUID, UUID], object] = lambda guild, target: None


Refer = Callable[[UUID, UUID, int, datetime], UUID]

_kinds: dict[str, Reportable] = {}
_referral: list[Refer] = []


def register(kind: Reportable) -> None:
    """Add a kind, once a process. Registering twice is once."""
    _kinds.setdefault(kind.kind, kind)


def refer_by(referral: Refer) -> None:
    """Say, once at the start, who takes what is referred: given (guild, report, leaf, moment), the id of what
    the enforcers rule on.
    """
    _referral[:] = [referral]


def reportable(kind: str) -> Reportable | None:
    """The kind of that name, None for one that cannot be reported."""
    return _kinds.get(kind)


def noun_of(kind: str) -> str:
    """What a kind is called in the log, also one that there is no longer."""
    known = _kinds.get(kind)
    return "something" if known is None else known.noun


def refer(guild: UUID, report: UUID, *, leaf: int, at: datetime) -> UUID:
    """Hand a report on."""
    return _referral[0](guild, report, leaf, at)
