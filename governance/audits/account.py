"""What leaves say that stand one after the other and of which nothing is wrong, column by column. Pure."""

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import count
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


class Packed(NamedTuple):
    """An account on its way to another process, without the thousands of objects that it is made of.

    Shapes and actors stand once each, under the first place where they are; `shape_places` and `actor_places`
    are that place for every leaf. `about` holds the only subject of each leaf, one a line; those that have
    none or several are in `apart`, by place.
    """

    first: int
    last: int
    shapes: Mapping[int, Shape]
    shape_places: "array[int]"
    actors: Mapping[int, str]
    actor_places: "array[int]"
    moments: str
    about: str
    apart: Mapping[int, Sequence[str]]

    def account(self) -> Account:
        """What was packed."""
        subjects: list[Sequence[str]] = list(zip(self.about.split("\n")))
        for place, several in self.apart.items():
            subjects[place] = several
        shapes = list(map(self.shapes.__getitem__, self.shape_places))
        actors = list(map(self.actors.__getitem__, self.actor_places))
        return Account(self.first, self.last, shapes, actors, self.moments, subjects)


def packed(account: Account) -> Packed:
    """An account of at least one leaf, to be sent."""
    shapes, actors, subjects = account.shapes, account.actors, account.subjects
    shape_places, actor_places = _first_places(map(id, shapes)), _first_places(actors)
    apart = {place: about for place, about in enumerate(subjects) if len(about) != 1}
    about = "\n".join([about[0] if len(about) == 1 else "" for about in subjects])
    return Packed(
        account.first,
        account.last,
        {place: shapes[place] for place in set(shape_places)},
        shape_places,
        {place: actors[place] for place in set(actor_places)},
        actor_places,
        account.moments,
        about,
        apart,
    )


def _first_places(things: Iterable[Hashable]) -> "array[int]":
    """For each thing where it stands first."""
    first: dict[Hashable, int] = {}
    return array("I", map(first.setdefault, things, count()))


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
