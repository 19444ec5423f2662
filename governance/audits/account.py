"""What leaves say that stand one after the other and of which nothing is wrong, column by column. Pure."""

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from governance.audits.stretch import Stretch
from governance.ledger.entry_cuts import SUBJECT_SIZE
from governance.ledger.entry_reader import EntryReader, Shape, Told
from governance.ledger.errors import EntryRefused
from governance.ledger.instants import INSTANT_SIZE


class Account(NamedTuple):
    """The leaves from `first` to `last`: of each its shape and its actor; `moments` are when they happened,
    one after the other, `about` and `apart` what they are about (see `Columns`). Shapes are shared, so that
    what is made of one is made once.
    """

    first: int
    last: int
    shapes: Sequence[Shape]
    actors: Sequence[str]
    moments: str
    about: str
    apart: Mapping[int, Sequence[str]]

    def ats(self) -> list[str]:
        """When each of them happened."""
        return list(map(self.moments.__getitem__, _instants(len(self.shapes))))

    def subjects(self) -> list[Sequence[str]]:
        """What each of them is about."""
        subjects: list[Sequence[str]] = list(zip(self.about.split("\n")))
        for place, several in self.apart.items():
            subjects[place] = several
        return subjects

    def told(self, index: int) -> Told:
        """The leaf of that index."""
        place = index - self.first
        at = self.moments[place * INSTANT_SIZE : (place + 1) * INSTANT_SIZE]
        line = place * (SUBJECT_SIZE + 1)
        subjects = self.apart.get(place, (self.about[line : line + SUBJECT_SIZE],))
        return Told(self.shapes[place], self.actors[place], at, subjects)


class Packed(NamedTuple):
    """An account on its way to another process, without the thousands of objects that it is made of.

    Shapes and actors stand once each, under the first place where they are; `shape_places` and `actor_places`
    are that place for every leaf.
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
        shapes = list(map(self.shapes.__getitem__, self.shape_places))
        actors = list(map(self.actors.__getitem__, self.actor_places))
        return Account(self.first, self.last, shapes, actors, self.moments, self.about, self.apart)


def packed(account: Account) -> Packed:
    """An account, to be sent."""
    shapes, actors = account.shapes, account.actors
    shape_places, actor_places = _first_places(map(id, shapes)), _first_places(actors)
    return Packed(
        account.first,
        account.last,
        {place: shapes[place] for place in set(shape_places)},
        shape_places,
        {place: actors[place] for place in set(actor_places)},
        actor_places,
        *account[4:],
    )


def _first_places(things: Iterable[Hashable]) -> "array[int]":
    """For each thing where it stands first."""
    first: dict[Hashable, int] = {}
    return array("I", map(first.setdefault, things, count()))


@lru_cache(maxsize=2)
def _instants(number: int) -> Sequence[slice]:
    """Where so many moments stand."""
    return [slice(begin, begin + INSTANT_SIZE) for begin in range(0, number * INSTANT_SIZE, INSTANT_SIZE)]


def account_of(stretch: Stretch, reader: EntryReader) -> Account | None:
    """What these rows say. None if a row is missing, if one of them is no entry, or if one says something
    else than the columns beside it.
    """
    if not stretch.is_whole:
        return None
    try:
        told = reader.read_all(stretch.entries, lengths=stretch.lengths, instants=stretch.instants)
    except EntryRefused:
        return None
    if "\n".join([shape.kind for shape in told.shapes]) != stretch.kinds:
        return None
    return Account(stretch.first, stretch.last, *told)
