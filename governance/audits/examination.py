"""What the checks of one audit look at: the guild as its log tells it, up to what the transaction sees."""

import gc
import json
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from governance.audits.account import account_of
from governance.audits.beside import conninfo, is_worth_it, process_beside
from governance.audits.discrepancies import Discrepancy
from governance.audits.loans import Listed
from governance.audits.reader import Answer, Order
from governance.audits.reading import (
    BLOCK,
    Ask,
    AskLists,
    ListedRow,
    entries_at,
    listed_between,
    pipeline,
    rows_between,
)
from governance.audits.replay import Replay
from governance.audits.snapshots import snapshot_name
from governance.audits.stretch import Stretch
from governance.ledger.models import Checkpoint
from governance.ledger.selectors import size_of

FARTHEST = 2**62
"""Beyond any leaf that there will ever be."""

MEANWHILE = 6
"""Stretches that are heard in the time that it takes to start a process."""

Leaves = Mapping[int, Mapping[str, Any]]
Heard = tuple[int, int, Leaves]
"""Leaves that were read and judged, from the first to the last, by index."""


@dataclass(frozen=True)
class Block:
    """Some leaves in a row, read, with the rows beside those of use. `first` and `last` are indexes; a leaf
    that is missing or could not be read is not in `leaves`.
    """

    guild: UUID
    first: int
    last: int
    leaves: Leaves

    @cached_property
    def listed(self) -> Sequence[ListedRow]:
        return listed_between(self.guild, self.first, self.last)


@dataclass
class Examination:
    """One audit at work. `replay` has heard the log as far as `size`; `seed` chooses every sample; `at` is
    the moment that the present step sees.

    `standing` are the rows of findings that are not gone, by rule. `done` and `of` count what the present
    step looks at; `checked` is what each step looked at in all; `is_deaf` once the log could not be heard.
    """

    guild: UUID
    replay: Replay
    seed: str
    at: datetime
    standing: Mapping[str, Collection[str]] = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)
    done: int = 0
    of: int = 0
    is_deaf: bool = False

    @property
    def size(self) -> int:
        return self.replay.tree.size

    def count(self, what: str, number: int = 1) -> None:
        """Note that so many of something were looked at."""
        self.checked[what] = self.checked.get(what, 0) + number
        self.done += number
        self.replay.lendings.tidy()

    def blocks(self) -> Generator[Block, None, None]:
        """Hear the rest of the log, block by block. What is wrong with it comes to `take`."""
        with _collector_at_rest(), closing(self._heard()) as heard:
            for first, last, leaves in heard:
                with _collector_at_work():
                    yield Block(self.guild, first, last, leaves)

    def _heard(self) -> Generator[Heard, None, None]:
        """Read by a process beside as far as nothing is wrong, where that is worth it; the rest here."""
        snapshot = snapshot_name()
        if snapshot is not None and is_worth_it(size_of(self.guild) - self.size):
            with process_beside() as answers_to:
                yield from self._heard_here(most=MEANWHILE)
                if not self.replay.tree.broken:
                    yield from self._heard_beside(answers_to(self._order(snapshot)))
        yield from self._heard_here()

    def _order(self, snapshot: str) -> Order:
        """What a process that reads beside is to read."""
        self._want_roots()
        tree = self.replay.tree
        return Order(conninfo(), snapshot, self.guild, tree.joined(), tree.wanted(), BLOCK)

    def _heard_beside(self, answers: Iterator[Answer]) -> Iterator[Heard]:
        with pipeline():
            ask = AskLists(self.guild, start=self.size)
        for told, joined in answers:
            account, lists = told.account(), ask.take()
            with pipeline():
                ask = AskLists(self.guild, start=joined.size)
                self.replay.tree.follow(joined)
                leaves = self.replay.hear(account, lists)
                self.replay.lendings.tidy()
            yield account.first, account.last, leaves

    def _heard_here(self, *, most: int | None = None) -> Iterator[Heard]:
        """The rest of the log, or so many stretches of it."""
        self._want_roots()
        with pipeline():
            ask = Ask(self.guild, start=self.size)
        for number in count(1):
            asked = ask.take()
            if asked is None:
                return
            stretch, lists = asked
            with pipeline():
                if number != most:
                    ask = Ask(self.guild, start=stretch.last + 1)
                leaves = self._hear(stretch, lists)
                self.replay.lendings.tidy()
            yield stretch.first, stretch.last, leaves
            if number == most:
                return

    def _hear(self, stretch: Stretch, lists: Mapping[int, Listed]) -> Leaves:
        """At once what is sound, and row by row what is not."""
        is_joined = self.replay.tree.take(stretch)
        account = account_of(stretch, self.replay.reader)
        if is_joined and account is not None:
            return self.replay.hear(account, lists)
        rows = rows_between(self.guild, stretch.first, stretch.last)
        if not is_joined:
            self.replay.tree.take_each(rows)
        if account is not None:
            return self.replay.hear(account, lists)
        return self.replay.hear_each(rows, lists)

    def beyond(self) -> Iterator[Block]:
        """Where no leaf is: rows that name one there have none."""
        for first, last in ((-FARTHEST, -1), (self.size, FARTHEST)):
            yield Block(self.guild, first, last, {})

    def catch_up(self) -> None:
        """Hear what came to the log since."""
        for _ in self.blocks():
            continue

    def _want_roots(self) -> None:
        """Keep the roots at which the log was signed, as far as they are still to come."""
        sizes = Checkpoint.objects.filter(guild_id=self.guild, size__gte=self.size)
        self.replay.tree.want(set(sizes.values_list("size", flat=True)))

    def take(self) -> list[Discrepancy]:
        """What the replay found since it was last asked."""
        found = list(self.replay.found)
        self.replay.found.clear()
        return found

    def leaves(self, indexes: Collection[int]) -> Leaves:
        """Entries by index; one that is missing or no JSON is left out."""
        return {
            index: leaf
            for index, entry in entries_at(self.guild, sorted(set(indexes))).items()
            if (leaf := _read(entry)) is not None
        }


Look = Callable[[Examination], Iterator[Discrepancy]]
Beside = Callable[[Examination, Block], Iterator[Discrepancy]]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Hearing makes no cycles, and the collector would walk all that was heard so far again and again."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_at_work:
            gc.enable()


@contextmanager
def _collector_at_work() -> Iterator[None]:
    """For what others do meanwhile; what is there already it passes by."""
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.disable()


def _read(entry: bytes) -> Mapping[str, Any] | None:
    try:
        leaf = json.loads(entry)
    except ValueError:
        return None
    return leaf if isinstance(leaf, dict) else None
