"""What changed between two versions of a ritual, in words that were added and words that went. Pure."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from colonies.rituals.texts import RitualText, Step

_FIELDS = ("title", "intention", "tradition", "source", "credit", "language", "contraindications")
_WORDS = re.compile(r"\S+|\s+")
_ALIKE = 0.5  # two steps that share at least half of their words are one step, changed


class Fate(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Run:
    """A stretch of words that stayed, came or went."""

    fate: Fate
    words: str


@dataclass(frozen=True)
class FieldChange:
    """One of the words around the steps, by its name, that reads otherwise now."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class StepChange:
    """What became of a step: `before` or `after` is None where it came or went; `runs` are of its text."""

    fate: Fate
    before: Step | None
    after: Step | None
    runs: tuple[Run, ...]

    @property
    def step(self) -> Step:
        """The step to show: as it is now, or as it was."""
        step = self.after or self.before
        assert step is not None  # noqa: S101 one of the two is always there
        return step


@dataclass(frozen=True)
class Difference:
    """Everything that tells two versions apart."""

    fields: tuple[FieldChange, ...]
    steps: tuple[StepChange, ...]

    @property
    def is_empty(self) -> bool:
        return not self.fields and all(change.fate == Fate.KEPT for change in self.steps)


def difference(before: RitualText, after: RitualText) -> Difference:
    """From one version to another."""
    fields = tuple(
        FieldChange(name, runs_between(getattr(before, name), getattr(after, name)))
        for name in _FIELDS
        if getattr(before, name) != getattr(after, name)
    )
    return Difference(fields, tuple(_step_changes(before.steps, after.steps)))


def runs_between(before: str, after: str) -> tuple[Run, ...]:
    """The words of both, in the order in which one reads them."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Run] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            found.append(Run(Fate.KEPT, "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            found.append(Run(Fate.REMOVED, "".join(old[old_from:old_to])))
        if new_to > new_from:
            found.append(Run(Fate.ADDED, "".join(new[new_from:new_to])))
    return tuple(found)


def likeness(before: Step, after: Step) -> float:
    """0 for two steps that share no word, 1 for the same words."""
    old, new = before.text.casefold().split(), after.text.casefold().split()
    return difflib.SequenceMatcher(a=old, b=new, autojunk=False).ratio()


def _step_changes(before: Sequence[Step], after: Sequence[Step]) -> Iterator[StepChange]:
    """The cheapest way from one list of steps to the other, in which a step may be kept, changed into one
    that reads alike, added or removed.
    """
    path = _cheapest_path(before, after)
    for i, j in path:
        if i is None and j is not None:
            yield StepChange(Fate.ADDED, None, after[j], (Run(Fate.ADDED, after[j].text),))
        elif j is None and i is not None:
            yield StepChange(Fate.REMOVED, before[i], None, (Run(Fate.REMOVED, before[i].text),))
        elif i is not None and j is not None:
            fate = Fate.KEPT if before[i] == after[j] else Fate.CHANGED
            yield StepChange(fate, before[i], after[j], runs_between(before[i].text, after[j].text))


def _cheapest_path(before: Sequence[Step], after: Sequence[Step]) -> list[tuple[int | None, int | None]]:
    """Pairs of indices; None on the side where there is no counterpart."""
    rows, columns = len(before), len(after)
    cost = [[float(i + j) for j in range(columns + 1)] for i in range(rows + 1)]
    pairs = [[_cost_of_pairing(old, new) for new in after] for old in before]
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            cost[i][j] = min(cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + pairs[i - 1][j - 1])
    path: list[tuple[int | None, int | None]] = []
    i, j = rows, columns
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + pairs[i - 1][j - 1]:
            i, j = i - 1, j - 1
            path.append((i, j))
        elif j and cost[i][j] == cost[i][j - 1] + 1:
            j -= 1
            path.append((None, j))
        else:
            i -= 1
            path.append((i, None))
    return path[::-1]


def _cost_of_pairing(old: Step, new: Step) -> float:
    """0 for the same step, below 2 for one that reads alike, never chosen for any other."""
    if old == new:
        return 0.0
    alike = likeness(old, new)
    return 2.0 - alike if alike >= _ALIKE else 3.0
