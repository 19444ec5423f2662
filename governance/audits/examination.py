"""What the checks of one audit look at: the guild as its log tells it, up to what the transaction sees."""

import gc
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from governance.audits.discrepancies import Discrepancy
from governance.audits.loans import Listed
from governance.audits.reading import (
    Ask,
    ListedRow,
    entries_at,
    listed_between,
    pipeline,
    rows_between,
)
from governance.audits.replay import Replay
from governance.audits.stretch import Stretch
from governance.ledger.models import Checkpoint
from guild.tenancy.context import tenant

FARTHEST = 2**62
"""Beyond any leaf that there will ever be."""

Leaves = Mapping[int, Mapping[str, Any]]


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
    step looks at; `checked` is what each step looked at in all.
    """

    guild: UUID
    replay: Replay
    seed: str
    at: datetime
    standing: Mapping[str, Collection[str]] = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)
    done: int = 0
    of: int = 0

    @property
    def size(self) -> int:
        return self.replay.tree.size

    def count(self, what: str, number: int = 1) -> None:
        """Note that so many of something were looked at."""
        self.checked[what] = self.checked.get(what, 0) + number
        self.done += number
        self.replay.lendings.tidy()

    def blocks(self) -> Iterator[Block]:
        """Hear the rest of the log, block by block. What is wrong with it comes to `take`."""
        with pipeline():
            ask = Ask(self.guild, start=self.size)
        asked = ask.take()
        if asked is None:
            return
        self._want_roots()
        with _collector_at_rest():
            while asked is not None:
                stretch, lists = asked
                with pipeline():
                    ask = Ask(self.guild, start=stretch.last + 1)
                    leaves = self._hear(stretch, lists)
                with _collector_at_work():
                    yield Block(self.guild, stretch.first, stretch.last, leaves)
                asked = ask.take()

    def _hear(self, stretch: Stretch, lists: Mapping[int, Listed]) -> Leaves:
        """At once what is sound, and row by row what is not."""
        tree = self.replay.tree
        is_joined = tree.take(stretch)
        leaves = self.replay.hear(stretch, lists)
        if not is_joined or leaves is None:
            rows = rows_between(self.guild, stretch.first, stretch.last)
            if not is_joined:
                tree.take_each(rows)
            if leaves is None:
                leaves = self.replay.hear_each(rows, lists)
        self.replay.lendings.tidy()
        return leaves

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
def snapshot(guild: UUID) -> Iterator[None]:
    """A transaction that sees the guild as it is at one moment, log and rows alike, and writes nothing.

    Rows and leaves are written together, so at one moment they agree however busy the guild is. Inside of
    another transaction it is that one's view.
    """
    if connection.in_atomic_block:
        with tenant(guild=guild):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with tenant(guild=guild):
            yield


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
