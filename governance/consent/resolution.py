"""Which statement is in force at a place, and whether it opens. Pure; used by the gate and by whoever replays
the log.

A dreamer states their word about one contribution, about a session, about a lounge, or about the whole guild.
For one contribution the narrowest statement wins, whatever it says; at one level the newest does, and of two
with the same number the one that does not give. Only `GIVING` states, before their expiry, open anything.
What is restricted or was taken back whole opens for nothing, whatever was stated.

Keys are any hashable values: rows bring UUIDs, leaves bring text, and a contribution of a leaf is its
commitment. One register holds one kind of them.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, MutableMapping
from datetime import datetime
from typing import Any, Final, NamedTuple

CONTRIBUTION: Final = "contribution"
SESSION: Final = "session"
LOUNGE: Final = "lounge"
GUILD: Final = "guild"
NARROWEST_FIRST: Final = (CONTRIBUTION, SESSION, LOUNGE, GUILD)

GIVING: Final = frozenset({"given", "renewed"})
"""States that open; every other one is a refusal to whoever asks."""

OPEN_QUESTIONS: Final = frozenset({"unknown", "requested", "deferred"})
"""States that decide nothing, though nothing opens by them either."""

UNSTATED: Final = "unstated"
EXPIRED: Final = "expired"
WITHDRAWN: Final = "withdrawn"
RESTRICTED: Final = "restricted"

_CONSENT: Final = "consent."
_RESTRICTED_LEAF: Final = "consent.restricted"
_LIFTED_LEAF: Final = "consent.unrestricted"
_WITHDRAWN_LEAF: Final = "contribution.withdrawn"


class Said(NamedTuple):
    """What a statement says, wherever and by whomever."""

    purpose: str
    state: str
    depth: float
    expires_at: datetime | None
    notice: str


class Stated(NamedTuple):
    """One statement. `order` is the number of its leaf; `owner` is the pseudonym of whose word it is, which a
    statement about one contribution leaves out (None), since the contribution has one owner.
    """

    order: int
    scope: str
    scope_id: Hashable
    owner: Hashable
    said: Said

    @property
    def state(self) -> str:
        return self.said.state

    @property
    def depth(self) -> float:
        return self.said.depth

    @property
    def expires_at(self) -> datetime | None:
        return self.said.expires_at


class Place(NamedTuple):
    """A contribution, where it was lent, and the pseudonym of who lent it. None where it lies in no such."""

    contribution: Hashable
    session: Hashable
    lounge: Hashable
    guild: Hashable
    owner: Hashable


class Verdict(NamedTuple):
    """The statement in force, and why it does not open: "" when it does, else its state or another reason."""

    stated: Stated | None
    reason: str

    @property
    def opens(self) -> bool:
        return not self.reason


NEVER_STATED: Final = Verdict(None, UNSTATED)


class Own:
    """What was said about one contribution itself, the newest for each purpose, and what became of it."""

    __slots__ = ("ended", "restricted", "words")

    def __init__(self) -> None:
        self.words: dict[str, tuple[int, Said]] = {}
        self.restricted = self.ended = False

    def state(self, order: int, said: Said) -> None:
        """Take in the statement of the leaf of that number."""
        held = self.words.get(said.purpose)
        if held is None or _weight(order, said) > _weight(*held):
            self.words[said.purpose] = (order, said)

    def word(self, purpose: str) -> tuple[int, Said] | None:
        """What was said last for a purpose, with the number of its leaf."""
        return self.words.get(purpose)

    def opens(self, purpose: str, at: datetime) -> bool:
        """Whether it opens by what was said about itself."""
        held = self.words.get(purpose)
        if held is None or self.ended or self.restricted:
            return False
        said = held[1]
        return said.state in GIVING and (said.expires_at is None or at < said.expires_at)

    def why_shut(self, said: Said | None, *, at: datetime) -> str:
        """Why it does not open at that moment, where this is the statement in force; "" when it does."""
        if self.ended:
            return WITHDRAWN
        if self.restricted:
            return RESTRICTED
        return UNSTATED if said is None else reason_shut(said, at=at)


UNTOUCHED: Final = Own()


class Register:
    """Everything stated so far. Statements may come in any order: the result is the same.

    What is held for each contribution lies in `held`, made by `new`: whoever keeps more of a contribution, or
    elsewhere than in memory, brings their own.
    """

    __slots__ = ("_broader", "_held", "_new")

    def __init__(
        self,
        statements: Iterable[Stated] = (),
        *,
        held: MutableMapping[Any, Any] | None = None,
        new: Callable[[], Own] = Own,
    ) -> None:
        self._held: MutableMapping[Any, Any] = {} if held is None else held
        self._new = new
        self._broader: dict[tuple[Hashable, ...], Stated] = {}
        for stated in statements:
            self.state(stated)

    def state(self, stated: Stated) -> None:
        """Take a statement in."""
        if stated.scope == CONTRIBUTION:
            self.own(stated.scope_id).state(stated.order, stated.said)
            return
        key = (stated.scope, stated.scope_id, stated.owner, stated.said.purpose)
        held = self._broader.get(key)
        if held is None or _weight(stated.order, stated.said) > _weight(held.order, held.said):
            self._broader[key] = stated

    def restrict(self, contribution: Hashable) -> None:
        """From now on it is stored and nothing else."""
        self.own(contribution).restricted = True

    def lift(self, contribution: Hashable) -> None:
        """It is restricted no longer; what was stated about it holds again."""
        self.own(contribution).restricted = False

    def withdraw(self, contribution: Hashable) -> None:
        """It was taken back whole: nothing opens it again."""
        self.own(contribution).ended = True

    def own(self, contribution: Hashable) -> Any:
        """What is held for a contribution, to be changed."""
        held = self._held.get(contribution)
        if held is None:
            held = self._held[contribution] = self._new()
        return held

    def in_force(self, place: Place, *, purpose: str) -> Stated | None:
        """The narrowest statement about the place."""
        held: Own | None = self._held.get(place.contribution)
        word = None if held is None else held.word(purpose)
        if word is not None:
            return Stated(word[0], CONTRIBUTION, place.contribution, None, word[1])
        stated, owner = self._broader, place.owner
        return (
            stated.get((SESSION, place.session, owner, purpose))
            or stated.get((LOUNGE, place.lounge, owner, purpose))
            or stated.get((GUILD, place.guild, owner, purpose))
        )

    def verdict(self, place: Place, *, purpose: str, at: datetime) -> Verdict:
        """What is in force there for a purpose, and whether it opens at that moment."""
        stated = self.in_force(place, purpose=purpose)
        own: Own = self._held.get(place.contribution, UNTOUCHED)
        return Verdict(stated, own.why_shut(stated and stated.said, at=at))

    def hear(self, index: int, leaf: Mapping[str, Any]) -> bool:
        """Take in the leaf at `index`, as its decoded JSON; whether it was about consent.

        Raises KeyError, IndexError, TypeError or ValueError for a leaf of consent that is not as consent
        writes it.
        """
        kind: str = leaf["kind"]
        if kind == _WITHDRAWN_LEAF:
            self.withdraw(leaf["subjects"][0])
        elif kind == _RESTRICTED_LEAF:
            self.restrict(leaf["subjects"][0])
        elif kind == _LIFTED_LEAF:
            self.lift(leaf["subjects"][0])
        elif kind.startswith(_CONSENT):
            self.state(stated_in(index, leaf))
        else:
            return False
        return True


def reason_shut(said: Said, *, at: datetime) -> str:
    """Why a statement opens nothing at that moment; "" when it opens. It ends at its expiry exactly."""
    if said.state not in GIVING:
        return said.state
    if said.expires_at is not None and at >= said.expires_at:
        return EXPIRED
    return ""


def stated_in(index: int, leaf: Mapping[str, Any]) -> Stated:
    """The statement that a leaf `consent.<state>` records. Raises as `Register.hear` does."""
    detail = leaf["detail"]
    scope = detail.get("scope", CONTRIBUTION)
    if scope == CONTRIBUTION:
        scope_id, owner = leaf["subjects"][0], None
    elif scope in NARROWEST_FIRST:
        scope_id, owner = detail["scope_id"], detail["pseudonym"]
    else:
        raise ValueError(f"Leaf {index} speaks of a scope that there is not.")
    return Stated(index, scope, scope_id, owner, said_in(leaf["kind"], detail))


def said_in(kind: str, detail: Mapping[str, Any]) -> Said:
    """What a leaf `consent.<state>` with this detail says. Raises as `Register.hear` does."""
    expires_at = detail["expires_at"]
    return Said(
        detail["purpose"],
        kind[len(_CONSENT) :],
        detail["depth"],
        None if expires_at is None else datetime.fromisoformat(expires_at),
        detail["notice"],
    )


def _weight(order: int, said: Said) -> tuple[int, bool, str]:
    """What wins at one level: the newest, then the one that does not give; the rest only settles a tie."""
    return (order, said.state not in GIVING, said.state)
