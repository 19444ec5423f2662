"""The free-support barycenter: batched, annealed Sinkhorn over padded blocks, in float32.

It minimises sum_i weight_i W2^2(mu_i, nu) over measures nu with K free atoms of equal mass (Cuturi and Doucet
2014, algorithm 2), alternating plans and atoms while the entropic regularisation falls. Starting warm finds
better minima than alternating exact plans does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lounges.blending.shapes import Floats, Floats32
from lounges.blending.sinkhorn import entropic_plans, spread

FEWEST_ATOMS, MOST_ATOMS = 6, 64
BLOCK = 256
"""Voices a block: small enough that a block's cost tensor stays in cache, large enough to amortise the
calls.
"""

ANNEALING = np.geomspace(1.0, 0.04, 16)
"""Regularisation of each round, in units of the spread of the costs."""

SCALINGS = 8
FINAL_SCALINGS = 40
LEAST_EPSILON = 1e-6


@dataclass(frozen=True, eq=False)
class Block:
    """Voices padded to one length: `points` [b, m, d], `mass` [b, m] (zero where padded), `weights` [b]."""

    points: Floats32
    squares: Floats32
    mass: Floats32
    weights: Floats32
    sizes: tuple[int, ...]
    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Barycenter:
    """`atoms` [K, d] of equal mass, and `plans[i]` [p_i, K], whose rows sum to the masses of voice i."""

    atoms: Floats
    plans: tuple[Floats, ...]


def default_atoms(sizes: Sequence[int]) -> int:
    """About the median number of moments, 6 to 64, and no more than there are moments."""
    return int(min(sum(sizes), np.clip(round(float(np.median(sizes))), FEWEST_ATOMS, MOST_ATOMS)))


def barycenter(
    points: Sequence[Floats], masses: Sequence[Floats], *, weights: Floats, atoms: int | None = None
) -> Barycenter:
    """The barycenter of some measures and the plan of each onto it.

    Measure i has mass `masses[i]` [p_i], summing to one, at `points[i]` [p_i, d]; the `weights` sum to one.
    The same measures in the same order give the same bits.
    """
    count = atoms or default_atoms([len(own) for own in points])
    blocks = _blocks(points, masses, weights)
    nodes = first_atoms(points, masses, weights=weights, count=count)
    duals = [np.zeros((len(block.sizes), count), np.float32) for block in blocks]
    width = _spread(blocks, nodes)
    for relative in ANNEALING:
        moved = np.zeros_like(nodes)
        spreads = []
        for position, block in enumerate(blocks):
            costs, target = _costs(block, nodes), _even(block, count)
            spreads.append(spread(costs, block.mass, target))
            plan, duals[position] = entropic_plans(
                costs,
                block.mass,
                target,
                dual=duals[position],
                epsilon=_epsilon(relative * width),
                scalings=SCALINGS,
            )
            plan *= block.weights[:, None, None]
            moved += plan.reshape(-1, count).T @ block.points.reshape(-1, block.points.shape[2])
        nodes = moved * np.float32(count)
        width = _mean_square_root(spreads)
    return Barycenter(atoms=nodes.astype(np.float64), plans=_plans_onto(nodes, blocks, duals, width=width))


def _blocks(points: Sequence[Floats], masses: Sequence[Floats], weights: Floats) -> list[Block]:
    """Measures of like size together, so that little is padding."""
    by_size = sorted(range(len(points)), key=lambda position: len(points[position]))
    groups = [by_size[start : start + BLOCK] for start in range(0, len(by_size), BLOCK)]
    return [_block(points, masses, weights, order=order) for order in groups]


def _block(
    points: Sequence[Floats], masses: Sequence[Floats], weights: Floats, *, order: Sequence[int]
) -> Block:
    sizes = tuple(len(points[position]) for position in order)
    places = np.zeros((len(order), max(sizes), points[0].shape[1]), np.float32)
    mass = np.zeros((len(order), max(sizes)), np.float32)
    for row, position in enumerate(order):
        places[row, : sizes[row]] = points[position]
        mass[row, : sizes[row]] = masses[position]
    return Block(
        points=places,
        squares=np.einsum("bmd,bmd->bm", places, places),
        mass=mass,
        weights=weights[list(order)].astype(np.float32),
        sizes=sizes,
        order=tuple(order),
    )


def first_atoms(
    points: Sequence[Floats], masses: Sequence[Floats], *, weights: Floats, count: int
) -> Floats32:
    """Where the search starts: equal parts of the whole mass in the order of narrative time (the last
    coordinate), each replaced by its mean.
    """
    places = np.concatenate(points)
    mass = np.concatenate([own * weight for own, weight in zip(masses, weights, strict=True)])
    order = np.argsort(places[:, -1], kind="stable")
    ends = np.cumsum(mass[order])
    starts = ends - mass[order]
    edges = np.linspace(0.0, ends[-1], count + 1)
    overlap = np.minimum(ends, edges[1:, None]) - np.maximum(starts, edges[:-1, None])
    share = np.maximum(overlap, 0.0) * (count / ends[-1])
    return (share @ places[order]).astype(np.float32)


def _costs(block: Block, nodes: Floats32) -> Floats32:
    rows, length, dimension = block.points.shape
    inner = (block.points.reshape(-1, dimension) @ nodes.T).reshape(rows, length, len(nodes))
    costs: Floats32 = block.squares[:, :, None] + np.einsum("kd,kd->k", nodes, nodes) - 2.0 * inner
    return costs


def _even(block: Block, count: int) -> Floats32:
    return np.full((len(block.sizes), count), 1.0 / count, np.float32)


def _epsilon(value: float) -> Floats32:
    return np.array([max(value, LEAST_EPSILON)], np.float32)


def _spread(blocks: Sequence[Block], nodes: Floats32) -> float:
    return _mean_square_root(
        [spread(_costs(block, nodes), block.mass, _even(block, len(nodes))) for block in blocks]
    )


def _mean_square_root(spreads: Sequence[Floats32]) -> float:
    squares = np.concatenate(spreads).astype(np.float64) ** 2
    return float(np.sqrt(squares.mean()))


def _plans_onto(
    nodes: Floats32, blocks: Sequence[Block], duals: Sequence[Floats32], *, width: float
) -> tuple[Floats, ...]:
    """The plan of every voice onto the finished atoms, in the order of the measures."""
    plans: dict[int, Floats] = {}
    for block, dual in zip(blocks, duals, strict=True):
        plan, _ = entropic_plans(
            _costs(block, nodes),
            block.mass,
            _even(block, len(nodes)),
            dual=dual,
            epsilon=_epsilon(ANNEALING[-1] * width),
            scalings=FINAL_SCALINGS,
        )
        plans.update(_unpadded(block, plan))
    return tuple(plans[position] for position in range(len(plans)))


def _unpadded(block: Block, plan: Floats32) -> Iterator[tuple[int, Floats]]:
    for row, position in enumerate(block.order):
        size = block.sizes[row]
        own = plan[row, :size].astype(np.float64)
        yield position, own * (block.mass[row, :size, None] / own.sum(axis=1, keepdims=True))
