"""A contribution and a blend, as the leaves of a log tell of them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from governance.consent.resolution import Own, Said

NOT_YET: Final = -1
"""Where no leaf is yet."""

_WORD: Final = 1 + len(Said._fields)
"""Values of one word that was made flat: its number, and what it says."""

Listed = Sequence[tuple[str, bytes]]
"""What stands beside the leaf of a use: each contribution in it, by its commitment and its id in octets."""


class Loan(Own):
    """A contribution, by what was said about it and the leaves that lent it, that took it back, and that last
    said what is in it. `told` is whether its dreamer ever let it be told; `owner` is "" until somebody spoke
    of it.
    """

    __slots__ = ("content", "lent", "owner", "session", "told", "withdrawn")

    def __init__(self, owner: str = "") -> None:
        super().__init__()
        self.owner, self.session, self.told = owner, "", False
        self.lent = self.content = NOT_YET
        self.withdrawn: int | None = None

    def flat(self) -> list[Any]:
        """All of it, as plain values: at last what was said, word by word."""
        flat = [self.restricted, self.ended, self.owner, self.session, self.told]
        flat += (self.lent, self.content, self.withdrawn)
        for order, said in self.words.values():
            flat.append(order)
            flat += said
        return flat

    @classmethod
    def full(cls, flat: Sequence[Any]) -> "Loan":
        """What was made flat."""
        loan = cls()
        loan.restricted, loan.ended, loan.owner, loan.session, loan.told = flat[:5]
        loan.lent, loan.content, loan.withdrawn = flat[5:8]
        for at in range(8, len(flat), _WORD):
            order, *said = flat[at : at + _WORD]
            loan.state(order, Said(*said))
        return loan


class Loans(Mapping[str, Loan]):
    """The contributions that were lent, by commitment."""

    def __init__(self, held: Mapping[str, Loan]) -> None:
        self._held = held

    def __getitem__(self, commitment: str) -> Loan:
        loan = self._held[commitment]
        if loan.lent == NOT_YET:
            raise KeyError(commitment)
        return loan

    def __iter__(self) -> Iterator[str]:
        return (commitment for commitment, loan in self._held.items() if loan.lent != NOT_YET)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Run:
    """A blend, by the leaves that tell of it; `voices` is what was opened for it last, `depths` how deep each
    might be blended then, and `quoted` whose words might be shown. `halted` says that it failed because its
    participants stopped it.
    """

    __slots__ = (
        "depths",
        "failed",
        "halted",
        "made",
        "outputs",
        "quoted",
        "requested",
        "session",
        "superseded",
        "use",
        "voices",
    )

    def __init__(self, *, requested: int, session: str) -> None:
        self.requested, self.session = requested, session
        self.use: int | None = None
        self.made: int | None = None
        self.failed: int | None = None
        self.superseded: int | None = None
        self.halted = False
        self.outputs = ""
        self.voices: Listed = ()
        self.depths: Mapping[str, float] = {}
        self.quoted: frozenset[str] = frozenset()

    def flat(self) -> tuple[Any, ...]:
        """All of it, as plain values."""
        leaves = (self.requested, self.use, self.made, self.failed, self.superseded)
        told = (self.session, self.outputs, self.voices, dict(self.depths), self.quoted, self.halted)
        return (*leaves, *told)

    @classmethod
    def full(cls, flat: Sequence[Any]) -> "Run":
        """What was made flat."""
        requested, use, made, failed, superseded, session, outputs, voices, depths, quoted, halted = flat
        run = cls(requested=requested, session=session)
        run.use, run.made, run.failed, run.superseded, run.outputs = use, made, failed, superseded, outputs
        run.voices, run.depths, run.quoted, run.halted = voices, depths, quoted, halted
        return run

    @property
    def stands(self) -> bool:
        """Whether what it made may still be read."""
        return self.made is not None and self.superseded is None
