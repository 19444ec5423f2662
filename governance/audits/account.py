"""What leaves say that stand one after the other and of which nothing is wrong, column by column. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from governance.audits.stretch import Stretch
from governance.ledger.entry_reader import EntryReader, Shape, Told
from governance.ledger.errors import EntryRefused

INSTANT_SIZE: Final = 27
"""Characters of an instant, as an entry writes it."""


class Account(NamedTuple):
    """The leaves from `first` to `last`: of each its shape, its actor and its subjects; `moments` are when
    they happened, one after the other. Shapes are shared, so that what is made of one is made once.
    """

    first: int
    last: int
    shapes: Sequence[Shape]
    actors: Sequence[str]
    moments: str
    subjects: Sequence[Sequence[str]]

    def ats(self) -> list[str]:
        """When each of them happened."""
        moments = self.moments
        return [moments[begin : begin + INSTANT_SIZE] for begin in range(0, len(moments), INSTANT_SIZE)]

    def told(self, index: int) -> Told:
        """The leaf of that index."""
        place = index - self.first
        at = self.moments[place * INSTANT_SIZE : (place + 1) * INSTANT_SIZE]
        return Told(self.shapes[place], self.actors[place], at, self.subjects[place])


def account_of(stretch: Stretch, reader: EntryReader) -> Account | None:
    """What these rows say. None if a row is missing, if one of them is no entry, or if one says something
    else than the columns beside it.
    """
    try:
        shapes, actors, subjects = reader.read_all(
            stretch.entries, begins=stretch.begins(), moments=stretch.moments
        )
    except EntryRefused:
        return None
    if not stretch.is_whole or "\n".join([shape.kind for shape in shapes]) != stretch.kinds:
        return None
    return Account(stretch.first, stretch.last, shapes, actors, stretch.moments, subjects)
