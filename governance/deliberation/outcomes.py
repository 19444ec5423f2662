"""What a passed proposal does, by its kind. Rooms and wings register their hand when the process starts.

A hand is asked three times whether the document still stands: when it is written, when voting opens, and when
it has passed. It acts in the transaction that closes the vote, once, under the proposal's id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from governance.deliberation.enums import Kind
from guild.tenancy.models import Guild

Document = Mapping[str, Any]


class OutcomeRefused(Exception):
    """The document cannot be done; `field` names what is wrong with it, the message is a sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Change:
    """One thing that would be otherwise, in words."""

    title: str
    before: str
    after: str


class Enact(Protocol):
    """Do what the document says. `reference` is the proposal: a second call with it must not act again.

    Raises OutcomeRefused, having done nothing.
    """

    def __call__(self, *, guild: Guild, document: Document, reference: UUID) -> None: ...


@dataclass(frozen=True)
class Hand:
    """How a kind is checked, told and done. All run in the guild's tenant.

    `check` and `changes` raise OutcomeRefused. `changes` is given the proposal too: of what it did already,
    it tells what it changed.
    """

    check: Callable[[Guild, Document], None]
    changes: Callable[[Guild, Document, UUID], Sequence[Change]]
    enact: Enact


_hands: dict[Kind, Hand] = {}


def register(kind: Kind, hand: Hand) -> None:
    """Let proposals of this kind be made. Registering twice is registering once; a second hand is refused."""
    if _hands.setdefault(kind, hand) != hand:
        raise ValueError(f"Proposals of the kind {kind} have a hand already.")


def hand_of(kind: str) -> Hand | None:
    """The hand of a kind; None for one that does nothing in the portal."""
    return _hands.get(Kind(kind))


def possible_kinds() -> list[Kind]:
    """What can be proposed here: what has a hand, and what needs none."""
    return [kind for kind in Kind if kind is Kind.FREE or kind in _hands]
