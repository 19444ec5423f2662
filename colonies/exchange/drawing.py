"""Where a lineage, and the months of a guild's cultures, lie on a drawing. Pure: values in, places out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

COLUMN: Final = 210.0
ROW: Final = 58.0
MARGIN: Final = 26.0
LABEL: Final = 22  # characters that fit beside a node
CHART: Final = (420.0, 190.0)
PLOT: Final = (50.0, 14.0, 350.0, 142.0)  # left, top, width, height
LABELS: Final = 8  # of months, below the plot


class Kept(Protocol):
    """What a tree is made of: a ritual's place, by its names, and those that were learnt from it."""

    @property
    def title(self) -> str: ...
    @property
    def keeper(self) -> str: ...
    @property
    def is_adapted(self) -> bool: ...
    @property
    def is_elsewhere(self) -> bool: ...
    @property
    def is_this(self) -> bool: ...
    @property
    def below(self) -> Sequence["Kept"]: ...


@dataclass(frozen=True)
class Node:
    """A place on the drawing with its two lines of text, cut to what fits."""

    x: float
    y: float
    title: str
    keeper: str
    is_elsewhere: bool
    is_this: bool

    @property
    def text_x(self) -> float:
        return self.x + 16

    @property
    def second_y(self) -> float:
        return self.y + 14


@dataclass(frozen=True)
class Edge:
    """From one who gave to one who learnt; adapted or as it came."""

    path: str
    is_adapted: bool


@dataclass(frozen=True)
class Tree:
    """The whole drawing."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float


def tree_drawn(root: Kept) -> Tree:
    """From left to right: each generation a column, each end of a branch a row of its own."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    rows = [0]

    def place(kept: Kept, depth: int) -> Node:
        below = [(one, place(one, depth + 1)) for one in kept.below]
        if below:
            y = (below[0][1].y + below[-1][1].y) / 2
        else:
            y = MARGIN + rows[0] * ROW
            rows[0] += 1
        node = Node(
            MARGIN / 2 + depth * COLUMN, y, cut(kept.title), cut(kept.keeper), kept.is_elsewhere, kept.is_this
        )
        nodes.append(node)
        edges.extend(Edge(_path(node, other), one.is_adapted) for one, other in below)
        return node

    place(root, 0)
    width = max(node.x for node in nodes) + COLUMN
    return Tree(tuple(nodes), tuple(edges), width, rows[0] * ROW + MARGIN - 20)


def cut(text: str) -> str:
    return text if len(text) <= LABEL else f"{text[: LABEL - 1].rstrip()}…"


def _path(one: Node, other: Node) -> str:
    """Out to the right just before the next column, then to the height of the other."""
    start, end = other.x - 34, other.x - 7
    return (
        f"M{one.x + 7:g} {one.y + 22:g}H{start - 12:g}"
        f"C{start:g} {one.y + 22:g} {start:g} {other.y:g} {end:g} {other.y:g}"
    )


@dataclass(frozen=True)
class Dot:
    """One month: its place, and whether its name stands below."""

    x: float
    y: float
    month: date
    is_named: bool


@dataclass(frozen=True)
class Chart:
    """How distinct the colonies were, month by month, from nothing to all; and the least that is allowed."""

    dots: tuple[Dot, ...]
    line: str
    ticks: tuple[tuple[float, str], ...]
    floor: float | None
    width: float = CHART[0]
    height: float = CHART[1]
    left: float = PLOT[0]
    right: float = PLOT[0] + PLOT[2]
    baseline: float = PLOT[1] + PLOT[3]


def months_drawn(values: Sequence[tuple[date, float]], *, allowed_fall: float, window: int = 7) -> Chart:
    """`values` are months with their distinctness, 0 to 1, oldest first. The floor lies as far below the
    highest of the last `window` months as the policy lets it fall.
    """
    pitch = PLOT[2] / max(len(values) - 1, 1)
    every = -(-len(values) // LABELS)
    dots = tuple(
        Dot(round(PLOT[0] + place * pitch, 1), _height(value), month, (len(values) - 1 - place) % every == 0)
        for place, (month, value) in enumerate(values)
    )
    line = "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in dots) if len(dots) > 1 else ""
    least = max((value for _, value in values[-window:]), default=0.0) - allowed_fall
    floor = _height(least) if values and least > 0 else None
    ticks = tuple((_height(share / 100), f"{share}\u00a0%") for share in (0, 50, 100))
    return Chart(dots, line, ticks, floor)


def _height(value: float) -> float:
    return round(PLOT[1] + PLOT[3] * (1 - value), 1)
