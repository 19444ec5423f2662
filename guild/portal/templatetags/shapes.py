"""PURE: the shape that goes with each hue, so that colour is never the only signal.

Twelve hues, twelve shapes: the shape alone says which hue it is. Paths are drawn around the origin
inside a box of 16 (view box -8 -8 16 16), so that a drawing can place one with translate(x y) alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """A name to say aloud and an SVG path."""

    name: str
    path: str


SHAPES: tuple[Shape, ...] = (
    Shape("circle", "M0-6.5A6.5 6.5 0 1 1 0 6.5A6.5 6.5 0 1 1 0-6.5Z"),
    Shape("square", "M-5.6-5.6H5.6V5.6H-5.6Z"),
    Shape("triangle", "M0-7L7 5.5H-7Z"),
    Shape("diamond", "M0-7.6L6.4 0 0 7.6-6.4 0Z"),
    Shape(
        "star",
        "M0-7.6L1.94-2.67 7.23-2.35 3.14 1.02 4.47 6.15 0 3.3-4.47 6.15-3.14 1.02-7.23-2.35-1.94-2.67Z",
    ),
    Shape("plus", "M-2.4-7H2.4V-2.4H7V2.4H2.4V7H-2.4V2.4H-7V-2.4H-2.4Z"),
    Shape("crescent", "M3.2-6.6A7.24 7.24 0 1 0 3.2 6.6A7.6 7.6 0 0 1 3.2-6.6Z"),
    Shape("hexagon", "M0-7L6.06-3.5V3.5L0 7-6.06 3.5V-3.5Z"),
    Shape("drop", "M0-7.8C3-3 5.4-.6 5.4 2.2A5.4 5.4 0 1 1-5.4 2.2C-5.4-.6-3-3 0-7.8Z"),
    Shape("wedge", "M0 7L7-5.5H-7Z"),
    Shape("ring", "M0-7A7 7 0 1 1 0 7A7 7 0 1 1 0-7ZM0-3.6A3.6 3.6 0 1 0 0 3.6A3.6 3.6 0 1 0 0-3.6Z"),
    Shape("spark", "M0-8L1.9-1.9 8 0 1.9 1.9 0 8-1.9 1.9-8 0-1.9-1.9Z"),
)
NOBODY = Shape("dash", "M-6-1.4H6V1.4H-6Z")


def shape_of(hue: int | None) -> Shape:
    """The shape of hue 1 to 12; a dash for None, nobody in particular. Raises ValueError otherwise."""
    if hue is None:
        return NOBODY
    if not 1 <= hue <= len(SHAPES):
        raise ValueError(f"A hue is a number from 1 to {len(SHAPES)}, not {hue}.")
    return SHAPES[hue - 1]
