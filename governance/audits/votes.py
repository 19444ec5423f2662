"""What the leaves alone tell of proposals, their votes and petitions. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from governance.ledger.enums import LeafKind

KINDS: Final = (
    LeafKind.PROPOSAL_DRAFTED,
    LeafKind.PROPOSAL_REVISED,
    LeafKind.PROPOSAL_SPONSORED,
    LeafKind.PROPOSAL_WITHDRAWN,
    LeafKind.PROPOSAL_OPENED,
    LeafKind.PROPOSAL_CLOSED,
    LeafKind.PROPOSAL_ENACTED,
    LeafKind.BALLOT_CAST,
    LeafKind.PETITION_STARTED,
    LeafKind.PETITION_SIGNED,
    LeafKind.PETITION_UNSIGNED,
    LeafKind.PETITION_CARRIED,
    LeafKind.PETITION_WITHDRAWN,
)

Leaf = Mapping[str, Any]
Told = tuple[int, Leaf]


@dataclass
class Proposed:
    """One proposal, as its leaves tell it. `ballots` has the last leaf of each ballot by its id, `replaced`
    the ids of secret ballots that others took the place of.
    """

    drafted: Told | None = None
    versions: dict[int, tuple[int, str]] = field(default_factory=dict)
    sponsors: dict[tuple[str, int], int] = field(default_factory=dict)
    opened: Told | None = None
    ballots: dict[str, Told] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    closed: Told | None = None
    enacted: Told | None = None
    withdrawn: Told | None = None

    @property
    def state(self) -> str:
        """Where it stands; `draft` also for what waits to open, which has no leaf."""
        stages = {
            "withdrawn": self.withdrawn,
            "enacted": self.enacted,
            "closed": self.closed,
            "open": self.opened,
        }
        return next((name for name, told in stages.items() if told is not None), "draft")


@dataclass
class Asked:
    """One petition, as its leaves tell it."""

    started: Told | None = None
    signed: dict[str, int] = field(default_factory=dict)
    carried: Told | None = None
    withdrawn: Told | None = None

    @property
    def state(self) -> str:
        if self.carried is not None:
            return "carried"
        return "open" if self.withdrawn is None else "withdrawn"


@dataclass
class Votes:
    """Everything heard, by the ids of proposals and petitions."""

    proposals: dict[str, Proposed] = field(default_factory=dict)
    petitions: dict[str, Asked] = field(default_factory=dict)

    def hear(self, index: int, leaf: Leaf) -> None:
        kind, subjects = str(leaf["kind"]), leaf["subjects"]
        if kind.startswith("petition."):
            _hear_petition(self.petitions.setdefault(subjects[0], Asked()), kind, (index, leaf))
        else:
            _hear_proposal(self.proposals.setdefault(subjects[0], Proposed()), kind, (index, leaf))


def votes_of(leaves: Iterable[Told]) -> Votes:
    """What these leaves tell, in their order."""
    votes = Votes()
    for index, leaf in leaves:
        votes.hear(index, leaf)
    return votes


_STEPS: Final = {
    LeafKind.PROPOSAL_OPENED.value: "opened",
    LeafKind.PROPOSAL_CLOSED.value: "closed",
    LeafKind.PROPOSAL_ENACTED.value: "enacted",
    LeafKind.PROPOSAL_WITHDRAWN.value: "withdrawn",
}


def _hear_proposal(proposed: Proposed, kind: str, told: Told) -> None:
    index, leaf = told
    detail = leaf["detail"]
    if kind in _STEPS:
        if getattr(proposed, _STEPS[kind]) is None:
            setattr(proposed, _STEPS[kind], told)
    elif kind in (LeafKind.PROPOSAL_DRAFTED.value, LeafKind.PROPOSAL_REVISED.value):
        proposed.drafted = proposed.drafted or told
        proposed.versions.setdefault(int(detail["version"]), (index, str(detail["digest"])))
    elif kind == LeafKind.PROPOSAL_SPONSORED.value:
        proposed.sponsors.setdefault((leaf["actor"], int(detail["version"])), index)
    elif kind == LeafKind.BALLOT_CAST.value:
        proposed.ballots[leaf["subjects"][1]] = told
        proposed.replaced.add(str(detail["supersedes"]))


def _hear_petition(asked: Asked, kind: str, told: Told) -> None:
    index, leaf = told
    if kind == LeafKind.PETITION_STARTED.value:
        asked.started = asked.started or told
    elif kind == LeafKind.PETITION_SIGNED.value:
        asked.signed[leaf["actor"]] = index
    elif kind == LeafKind.PETITION_UNSIGNED.value:
        asked.signed.pop(leaf["actor"], None)
    elif kind == LeafKind.PETITION_CARRIED.value:
        asked.carried = asked.carried or told
    elif kind == LeafKind.PETITION_WITHDRAWN.value:
        asked.withdrawn = asked.withdrawn or told
