"""Points that lie too close, moved a little apart. Pure."""

import math
from collections.abc import Callable, Sequence

Spot = tuple[float, float]


def eased(spots: Sequence[Spot], *, apart: float, times: int, inside: Callable[[Spot], Spot]) -> list[Spot]:
    """The spots moved as little as it takes until none is nearer than `apart` to another.

    `inside` keeps a spot where it may be. Where there is no room for all, or in more than `times` steps, some
    stay nearer. The same spots give the same answer.
    """
    moved = list(spots)
    for _ in range(times):
        moves = _moves(moved, apart)
        if not moves:
            break
        for place, (dx, dy) in moves.items():
            moved[place] = inside((moved[place][0] + dx, moved[place][1] + dy))
    return moved


def _moves(spots: Sequence[Spot], apart: float) -> dict[int, Spot]:
    """A step for each spot that lies too near to others: half of what is lacking, away from each of them."""
    moves: dict[int, Spot] = {}
    order = sorted(range(len(spots)), key=lambda place: (spots[place], place))
    for position, first in enumerate(order):
        for second in order[position + 1 :]:
            if spots[second][0] - spots[first][0] >= apart:
                break
            step = _push(spots[first], spots[second], apart, turn=first + second)
            if step is not None:
                for place, sign in ((first, 1.0), (second, -1.0)):
                    dx, dy = moves.get(place, (0.0, 0.0))
                    moves[place] = (dx + sign * step[0], dy + sign * step[1])
    return moves


def _push(one: Spot, other: Spot, apart: float, *, turn: int) -> Spot | None:
    """Half of what two spots lack to be `apart`, from `other` towards `one`."""
    dx, dy = one[0] - other[0], one[1] - other[1]
    distance = math.hypot(dx, dy)
    if distance >= apart - 1e-6:
        return None
    step = (apart - distance) / 2
    if distance < 1e-6:
        return math.cos(turn) * step, math.sin(turn) * step
    return dx / distance * step, dy / distance * step
