"""Which statement is in force at a place, and whether it opens. Pure; used by the gate and by whoever replays
the log.

A dreamer states their word about one contribution, about a session, about a lounge, or about the whole guild.
For one contribution the narrowest statement wins, whatever it says; at one level the newest does, and of two
with the same number the one that does not give. Only `GIVING` states, before their expiry, open anything.
What is restricted or was taken back whole opens for nothing, whatever was stated.

Keys are any hashable values: rows bring UUIDs, leaves bring text, and a contribution of a leaf is its
commitment. One register holds one kind of them.
"""

from collections.abc import Hashable, Iterable, Mapping
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


class Stated(NamedTuple):
    """One statement. `order` is the number of its leaf; `owner` is the pseudonym of whose word it is, which a
    statement about one contribution leaves out (None), since the contribution has one owner.
    """

    order: int
    scope: str
    scope_id: Hashable
    owner: Hashable
    purpose: str
    state: str
    depth: float
    expires_at: datetime | None
    notice: str


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


class Register:
    """Everything stated so far. Statements may come in any order: the result is the same."""

    __slots__ = ("_broader", "_own", "_restricted", "_withdrawn")

    def __init__(self, statements: Iterable[Stated] = ()) -> None:
        self._own: dict[Hashable, tuple[Stated, ...]] = {}
        self._broader: dict[tuple[Hashable, ...], Stated] = {}
        self._restricted: set[Hashable] = set()
        self._withdrawn: set[Hashable] = set()
        for stated in statements:
            self.state(stated)

    def state(self, said: Stated) -> None:
        """Take a statement in."""
        if said.scope == CONTRIBUTION:
            self._state_own(said)
            return
        key = (said.scope, said.scope_id, said.owner, said.purpose)
        held = self._broader.get(key)
        if held is None or _weight(said) > _weight(held):
            self._broader[key] = said

    def _state_own(self, said: Stated) -> None:
        """A row for each contribution, and not a key for each statement: an audit holds millions."""
        every = self._own.get(said.scope_id, ())
        held = self.own(said.scope_id, purpose=said.purpose)
        if held is None:
            self._own[said.scope_id] = (*every, said)
        elif _weight(said) > _weight(held):
            self._own[said.scope_id] = tuple(said if one is held else one for one in every)

    def own(self, contribution: Hashable, *, purpose: str) -> Stated | None:
        """What was said last about this contribution itself."""
        for said in self._own.get(contribution, ()):
            if said.purpose == purpose:
                return said
        return None

    def restrict(self, contribution: Hashable) -> None:
        """From now on it is stored and nothing else."""
        self._restricted.add(contribution)

    def lift(self, contribution: Hashable) -> None:
        """It is restricted no longer; what was stated about it holds again."""
        self._restricted.discard(contribution)

    def withdraw(self, contribution: Hashable) -> None:
        """It was taken back whole: nothing opens it again."""
        self._withdrawn.add(contribution)

    def in_force(self, place: Place, *, purpose: str) -> Stated | None:
        """The narrowest statement about the place."""
        stated, owner = self._broader, place.owner
        return (
            self.own(place.contribution, purpose=purpose)
            or stated.get((SESSION, place.session, owner, purpose))
            or stated.get((LOUNGE, place.lounge, owner, purpose))
            or stated.get((GUILD, place.guild, owner, purpose))
        )

    def verdict(self, place: Place, *, purpose: str, at: datetime) -> Verdict:
        """What is in force there for a purpose, and whether it opens at that moment."""
        said = self.in_force(place, purpose=purpose)
        return Verdict(said, self.why_shut(place.contribution, said, at=at))

    def why_shut(self, contribution: Hashable, said: Stated | None, *, at: datetime) -> str:
        """Why a contribution does not open at that moment, where this is the statement in force."""
        if contribution in self._withdrawn:
            return WITHDRAWN
        if contribution in self._restricted:
            return RESTRICTED
        return UNSTATED if said is None else reason_shut(said, at=at)

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


def reason_shut(said: Stated, *, at: datetime) -> str:
    """Why a statement opens nothing at that moment; "" when it opens. It ends at its expiry exactly."""
    if said.state not in GIVING:
        return said.state
    if said.expires_at is not None and at >= said.expires_at:
        return EXPIRED
    return ""


def stated_in(index: int, leaf: Mapping[str, Any]) -> Stated:
    """The statement that a leaf `consent.<state>` records. Raises as `Register.hear` does."""
    detail = leaf["detail"]
    expires_at, scope = detail["expires_at"], detail.get("scope", CONTRIBUTION)
    if scope == CONTRIBUTION:
        scope_id, owner = leaf["subjects"][0], None
    elif scope in NARROWEST_FIRST:
        scope_id, owner = detail["scope_id"], detail["pseudonym"]
    else:
        raise ValueError(f"Leaf {index} speaks of a scope that there is not.")
    return Stated(
        index,
        scope,
        scope_id,
        owner,
        detail["purpose"],
        leaf["kind"][len(_CONSENT) :],
        detail["depth"],
        None if expires_at is None else datetime.fromisoformat(expires_at),
        detail["notice"],
    )


def _weight(said: Stated) -> tuple[int, bool, str]:
    """What wins at one level: the newest, then the one that does not give; the rest only settles a tie."""
    return (said.order, said.state not in GIVING, said.state)
