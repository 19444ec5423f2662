"""The numbers of a blend that an experience may set, and within which bounds. Pure.

An experience may ask for more than the guild's law, never for less: its floor holds beside the guild's, and
the higher of the two counts; its largest depth holds beside the guild's, and the lower counts.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Final

from lounges.blending import BlendTerms


@dataclass(frozen=True)
class Bound:
    """One number: what it is called, what it does, how far it goes, and how it is rounded. `may_be_left`
    says that leaving it empty means what `otherwise` says.
    """

    name: str
    title: str
    hint: str
    least: Decimal
    most: Decimal
    places: int
    otherwise: str = ""

    @property
    def may_be_left(self) -> bool:
        return bool(self.otherwise)


BOUNDS: Final[tuple[Bound, ...]] = (
    Bound(
        "floor",
        "Individuality floor",
        "The share of every distance between two dreams that is kept. The guild's own floor holds too.",
        Decimal("0.30"),
        Decimal("1.00"),
        2,
        "the guild's",
    ),
    Bound(
        "largest_depth",
        "Largest depth",
        "No dream is blended deeper than this, whatever its dreamer allowed.",
        Decimal("0.00"),
        Decimal("1.00"),
        2,
        "as deep as each allowed",
    ),
    Bound(
        "influence_cap",
        "Largest influence",
        "The part that one dreamer may have in the whole.",
        Decimal("0.10"),
        Decimal("1.00"),
        2,
        "by the number of dreamers",
    ),
    Bound(
        "atoms",
        "Motifs",
        "How many motifs are looked for.",
        Decimal(6),
        Decimal(64),
        0,
        "by the length of the dreams",
    ),
    Bound(
        "affect_scale",
        "Weight of feeling",
        "How much two moments lie apart because they feel different.",
        Decimal("0.00"),
        Decimal("2.00"),
        2,
    ),
    Bound(
        "time_scale",
        "Weight of time",
        "How much two moments lie apart because one comes earlier in its dream.",
        Decimal("0.00"),
        Decimal("2.00"),
        2,
    ),
    Bound(
        "quotes_per_motif",
        "Quotes of a motif",
        "At most so many, from those who allow quoting.",
        Decimal(0),
        Decimal(8),
        0,
    ),
    Bound("terms_per_motif", "Words of a motif", "At most so many.", Decimal(0), Decimal(12), 0),
    Bound(
        "weave_moments",
        "Moments in the weave",
        "From each dreamer who allows quoting, at most so many.",
        Decimal(1),
        Decimal(8),
        0,
    ),
)

_BY_NAME: Final = {bound.name: bound for bound in BOUNDS}


class OutOfBounds(ValueError):
    """A number that a recipe does not take; `field` names it, the message is a sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Recipe:
    """The numbers of one version. None is what the bound's `otherwise` says."""

    floor: float | None = None
    largest_depth: float | None = None
    influence_cap: float | None = None
    atoms: int | None = None
    affect_scale: float = 0.25
    time_scale: float = 0.5
    quotes_per_motif: int = 3
    terms_per_motif: int = 5
    weave_moments: int = 3

    @property
    def numbers(self) -> dict[str, float | int | None]:
        """As they are stored and shown."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the numbers: what stands in the ledger."""
        return digest_of(self.numbers)

    def terms(self, *, floor: Decimal, largest_depth: Decimal) -> BlendTerms:
        """The terms of a blend by this recipe under a guild's law: the stricter of the two, each time."""
        own_floor = Decimal(0) if self.floor is None else Decimal(str(self.floor))
        own_depth = Decimal(1) if self.largest_depth is None else Decimal(str(self.largest_depth))
        numbers: dict[str, Any] = {
            name: value for name, value in self.numbers.items() if name not in _OF_THE_LAW
        }
        return replace(
            BlendTerms(**numbers),
            floor=float(max(floor, own_floor)),
            largest_depth=float(min(largest_depth, own_depth)),
        )


_OF_THE_LAW: Final = frozenset({"floor", "largest_depth"})
PLAIN: Final = Recipe()
"""The house's plain recipe: what every guild begins with."""


def digest_of(numbers: Mapping[str, Any]) -> str:
    """The digest of stored numbers, in whatever order they come."""
    text = json.dumps(dict(numbers), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(numbers: Mapping[str, Any]) -> Recipe:
    """The recipe of these numbers; those left out are the plain one's. Raises OutOfBounds."""
    for name in numbers:
        if name not in _BY_NAME:
            raise OutOfBounds(str(name)[:40], "A recipe has no such number; leave it out.")
    given: dict[str, Any] = {
        bound.name: _read(bound, numbers[bound.name]) for bound in BOUNDS if bound.name in numbers
    }
    return replace(PLAIN, **given)


def _read(bound: Bound, value: Any) -> float | int | None:
    if value is None or value == "":
        if bound.may_be_left:
            return None
        raise OutOfBounds(bound.name, f"{bound.title}: choose a number {_range(bound)}.")
    number = None if isinstance(value, bool) else _decimal(value)
    if number is None or not bound.least <= number <= bound.most:
        raise OutOfBounds(bound.name, f"{bound.title}: choose a number {_range(bound)}.")
    rounded = round(number, bound.places)
    if rounded != number:
        said = "a whole number" if bound.places == 0 else f"at most {bound.places} digits after the point"
        raise OutOfBounds(bound.name, f"{bound.title}: use {said}.")
    return int(rounded) if bound.places == 0 else float(rounded)


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _range(bound: Bound) -> str:
    return f"from {bound.least} to {bound.most}"


@dataclass(frozen=True)
class Row:
    """One number of several versions, beside each other; `values` are in words."""

    title: str
    hint: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


def compared(recipes: tuple[Recipe, ...]) -> list[Row]:
    """Every number of these recipes, side by side, in their order."""
    return [
        Row(bound.title, bound.hint, tuple(_in_words(bound, one.numbers[bound.name]) for one in recipes))
        for bound in BOUNDS
    ]


def _in_words(bound: Bound, value: float | int | None) -> str:
    return bound.otherwise if value is None else f"{value:.{bound.places}f}"
