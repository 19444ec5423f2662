"""Where names are written so that none covers another. Pure geometry; all in the units of the drawing."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NARROW, WIDE_LETTERS = frozenset("fijlrt.,;:'!|() -’"), frozenset("mwMW@—")


@dataclass(frozen=True)
class Box:
    """A rectangle, from its left top to its right bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, reach: float) -> "Box":
        return cls(x - reach, y - reach, x + reach, y + reach)

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(frozen=True)
class Place:
    """The point that a text hangs from: its baseline, and its start, middle or end."""

    x: float
    y: float
    anchor: str


def width_of(text: str, letter: float) -> float:
    """About how wide a sans-serif text of this height is; rather too wide than too narrow."""
    return letter * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in NARROW:
        return 0.36
    return 0.92 if character in WIDE_LETTERS or not character.isascii() else 0.62


def place_labels(
    anchors: Sequence[tuple[float, float, float, float]],
    *,
    letter: float,
    within: Box,
    taken: Sequence[Box],
    soft: Sequence[Box],
) -> list[Place | None]:
    """For each (x, y, radius, width of its text), where its text goes; None when it is empty or fits nowhere.

    No text covers another or anything in `taken`; among the places left the one that covers least of `soft`
    is chosen, and below the point before beside it. Who comes first chooses first.
    """
    written = list(taken)
    places: list[Place | None] = []
    for x, y, radius, width in anchors:
        best: tuple[float, Place, Box] | None = None
        reach = Box.around(x, y, radius + width + 2 * letter)
        near = [box for box in soft if box.overlap(reach)]
        for rank, (place, box) in enumerate(_candidates(x, y, radius=radius, width=width, letter=letter)):
            if not width or not within.holds(box) or any(box.overlap(other) for other in written):
                continue
            cost = rank * 4.0 + sum(box.overlap(other) for other in near)
            if best is None or cost < best[0]:
                best = (cost, place, box)
        places.append(best[1] if best else None)
        if best:
            written.append(best[2])
    return places


def _candidates(
    x: float, y: float, *, radius: float, width: float, letter: float
) -> Iterator[tuple[Place, Box]]:
    """Below, above, to the right, to the left, and then the corners."""
    gap, half = radius + 5.0, letter * 0.36
    for dx, dy in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        anchor = ("end", "middle", "start")[dx + 1]
        at = x + dx * (gap if dy == 0 else gap * 0.72)
        base = (
            y + half
            if dy == 0
            else y + dy * gap * (1.0 if dx == 0 else 0.72) + (letter * 0.8 if dy > 0 else 0)
        )
        left = {"start": at, "middle": at - width / 2, "end": at - width}[anchor]
        box = Box(left - 2, base - letter * 0.9, left + width + 2, base + letter * 0.3)
        yield Place(round(at, 1), round(base, 1), anchor), box
