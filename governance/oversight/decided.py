"""What the log alone tells of rulings, remedies and appeals. Pure.

A row that points to another leaf, or to none, does not change what was decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from governance.audits.enums import FindingState
from governance.ledger.enums import LeafKind
from governance.oversight.enums import Outcome, RemedyKind, RemedyState, RulingState

Leaf = Mapping[str, Any]
Told = tuple[int, Leaf]

KINDS: Final = (
    LeafKind.RULING_MADE,
    LeafKind.RULING_CONFIRMED,
    LeafKind.RULING_DECLINED,
    LeafKind.REMEDY_DONE,
    LeafKind.APPEAL_MADE,
    LeafKind.APPEAL_DECIDED,
    LeafKind.FINDING_CLOSED,
)


@dataclass
class Decided:
    """One ruling: the leaves that made it, confirmed or declined it, and of each remedy that was done."""

    finding: str
    index: int
    made: Leaf
    second: Told | None = None
    remedies: dict[str, Told] = field(default_factory=dict)
    appeal: str = ""
    outcome: str = ""
    closed: bool = False

    @property
    def state(self) -> RulingState:
        """Where it stands. What takes two was confirmed by somebody else than its maker, or is proposed."""
        kind, actor = ("", "") if self.second is None else (self.second[1]["kind"], self.second[1]["actor"])
        if kind == LeafKind.RULING_DECLINED.value:
            return RulingState.DECLINED
        confirmed = kind == LeafKind.RULING_CONFIRMED.value and actor != self.made["actor"]
        if self.made["detail"].get("needs_two") and not confirmed:
            return RulingState.PROPOSED
        return RulingState.OVERTURNED if self.outcome == Outcome.OVERTURNED.value else RulingState.IN_FORCE

    @property
    def effective_at(self) -> datetime | None:
        """When it took effect; None where it never did."""
        if self.state not in (RulingState.IN_FORCE, RulingState.OVERTURNED):
            return None
        leaf = self.made if self.second is None else self.second[1]
        return datetime.fromisoformat(leaf["at"])

    def state_of(self, remedy: str) -> RemedyState:
        """Where one of its remedies stands."""
        if self.state is RulingState.OVERTURNED and remedy == RemedyKind.SUSPEND.value:
            return RemedyState.LIFTED
        if self.effective_at is not None:
            return RemedyState.DONE
        return RemedyState.FALLEN if self.state is RulingState.DECLINED else RemedyState.WAITING

    def office_of(self, remedy: str) -> str:
        """What it suspends, where it does."""
        return (self.made["detail"].get("office") or "") if remedy == RemedyKind.SUSPEND.value else ""

    @property
    def finding_state(self) -> FindingState | None:
        """Where its finding stands while this is the newest ruling on it; None where it waits for another."""
        if self.state is not RulingState.IN_FORCE:
            return None
        if self.closed or self.outcome:
            return FindingState.CLOSED
        return FindingState.APPEALED if self.appeal else FindingState.RULED


@dataclass
class Story:
    """All rulings and appeals of a guild, by their ids."""

    rulings: dict[str, Decided] = field(default_factory=dict)
    appeals: dict[str, Told] = field(default_factory=dict)
    answers: dict[str, Told] = field(default_factory=dict)

    def newest(self) -> dict[str, Decided]:
        """The newest ruling on each finding."""
        return {ruling.finding: ruling for ruling in self.rulings.values()}


def story_of(leaves: Iterable[Told]) -> Story:
    """Read from the leaves of `KINDS`, in order. What speaks of no ruling that was made is passed over."""
    story = Story()
    for index, leaf in leaves:
        kind, subjects = LeafKind(leaf["kind"]), [str(subject) for subject in leaf["subjects"]]
        if kind is LeafKind.RULING_MADE:
            story.rulings[subjects[1]] = Decided(subjects[0], index, leaf)
        elif (ruling := _about(story, subjects)) is not None:
            _take_in(story, ruling, (index, leaf), subjects)
    return story


def _about(story: Story, subjects: list[str]) -> Decided | None:
    found = story.rulings.get(subjects[1]) if len(subjects) > 1 else None
    return found if found is not None and found.finding == subjects[0] else None


def _take_in(story: Story, ruling: Decided, told: Told, subjects: list[str]) -> None:
    kind, detail = LeafKind(told[1]["kind"]), told[1]["detail"]
    if kind in (LeafKind.RULING_CONFIRMED, LeafKind.RULING_DECLINED):
        ruling.second = ruling.second or told
    elif kind is LeafKind.REMEDY_DONE:
        ruling.remedies.setdefault(detail["remedy"], told)
    elif kind is LeafKind.APPEAL_MADE:
        ruling.appeal = subjects[2]
        story.appeals[subjects[2]] = told
    elif kind is LeafKind.APPEAL_DECIDED:
        ruling.outcome = detail["outcome"]
        story.answers[subjects[2]] = told
    else:
        ruling.closed = True
