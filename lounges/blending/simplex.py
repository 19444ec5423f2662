"""Exact optimal transport between two small measures: the transportation simplex.

The masses are whole numbers, perturbed so that no basis is degenerate (Orden 1956): every pivot then lowers
the cost, so it ends, and its last tree is optimal for the masses as they were. A tree found for one cost
matrix stays feasible for every other, and is nearly optimal for those like it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lounges.blending.shapes import Floats

Edge = tuple[int, int]

_OPTIMAL = 1e-13
"""Reduced costs above minus this much of the largest cost count as optimal."""


@dataclass(frozen=True)
class Masses:
    """Two measures in whole numbers of one total, perturbed. `scale` is what one whole unit became."""

    supplies: tuple[int, ...]
    demands: tuple[int, ...]
    scale: int
    total: int

    @staticmethod
    def of(first: NDArray[np.int64], second: NDArray[np.int64]) -> Masses:
        """Counts of any totals, each taken as a share of its own."""
        supplies, demands = first.tolist(), second.tolist()
        total = math.lcm(sum(supplies), sum(demands))
        scale = 2 * len(supplies) + 2
        each, every = total // sum(supplies) * scale, total // sum(demands) * scale
        supplies = [value * each + 1 for value in supplies]
        demands = [value * every for value in demands]
        demands[-1] += len(supplies)
        return Masses(tuple(supplies), tuple(demands), scale, total)

    def share(self, flow: int) -> float:
        """The part of all mass that a perturbed flow stands for."""
        return ((flow + len(self.supplies)) // self.scale) / self.total


@dataclass(frozen=True, eq=False)
class Basis:
    """An optimal tree: its edges (row, column), the mass on each, and the order in which duals follow.

    `order` holds, after the first row, each node with the node its dual comes from; columns count from m.
    """

    edges: tuple[Edge, ...]
    shares: Floats
    order: tuple[Edge, ...]

    def cost(self, matrices: Floats) -> Floats:
        """The cost [k] of this coupling under each of some matrices [k, m, n]."""
        rows, columns = zip(*self.edges, strict=True)
        return np.asarray(matrices[:, rows, columns] @ self.shares)

    def column_duals(self, matrices: Floats) -> Floats:
        """The dual values [k, n] of the columns that make every edge tight, under each matrix [k, m, n].

        They are linear in the matrix. The dual of row 0 is 0.
        """
        count, rows, columns = matrices.shape
        duals = np.zeros((count, rows + columns))
        for node, source in self.order:
            row, column = (node, source - rows) if node < rows else (source, node - rows)
            duals[:, node] = matrices[:, row, column] - duals[:, source]
        return duals[:, rows:]


def optimal_basis(costs: Floats, masses: Masses, start: Basis | None = None) -> Basis:
    """A tree whose coupling is the cheapest under `costs` [m, n], found from another one where there is
    one.
    """
    tree = _Tree(costs, masses)
    if start is None:
        tree.plant(_cheapest_first(costs, masses))
    else:
        tree.plant(_flows_on(start.edges, masses))
    tree.improve()
    edges = tuple(tree.flows)
    shares = np.array([masses.share(tree.flows[edge]) for edge in edges])
    return Basis(edges=edges, shares=shares, order=tuple(tree.outward()))


def _cheapest_first(costs: Floats, masses: Masses) -> dict[Edge, int]:
    """The cheapest cell first, as much as it can take: each step empties one row or one column."""
    left, room = list(masses.supplies), list(masses.demands)
    needed = len(left) + len(room) - 1
    flows: dict[Edge, int] = {}
    relative = costs - costs.min(axis=0)
    relative -= relative.min(axis=1, keepdims=True)
    for cell in np.argsort(relative, axis=None, kind="stable").tolist():
        row, column = divmod(cell, len(room))
        if left[row] and room[column]:
            flow = min(left[row], room[column])
            left[row] -= flow
            room[column] -= flow
            flows[row, column] = flow
            if len(flows) == needed:
                break
    return flows


def _flows_on(edges: Sequence[Edge], masses: Masses) -> dict[Edge, int]:
    """The only flows a tree can carry, from the leaves inward."""
    rows = len(masses.supplies)
    left = [*masses.supplies, *masses.demands]
    neighbours = _neighbours(edges, rows, len(left))
    leaves = [node for node, around in enumerate(neighbours) if len(around) == 1]
    flows: dict[Edge, int] = {}
    while len(flows) < len(edges):
        leaf = leaves.pop()
        if not neighbours[leaf]:
            continue
        inner = neighbours[leaf].pop()
        neighbours[inner].discard(leaf)
        flows[(leaf, inner - rows) if leaf < rows else (inner, leaf - rows)] = left[leaf]
        left[inner] -= left[leaf]
        if len(neighbours[inner]) == 1:
            leaves.append(inner)
    return flows


def _neighbours(edges: Sequence[Edge], rows: int, nodes: int) -> list[set[int]]:
    neighbours: list[set[int]] = [set() for _ in range(nodes)]
    for row, column in edges:
        neighbours[row].add(rows + column)
        neighbours[rows + column].add(row)
    return neighbours


class _Tree:
    """A basis in work: a spanning tree of rows 0..m-1 and columns m..m+n-1, hung from row 0."""

    def __init__(self, costs: Floats, masses: Masses) -> None:
        self.costs = costs
        self.rows, self.columns = costs.shape
        self.nodes = self.rows + self.columns
        self.masses = masses
        self.cells = costs.tolist()

    def plant(self, flows: dict[Edge, int]) -> None:
        self.flows = flows
        self.neighbours = _neighbours(tuple(flows), self.rows, self.nodes)
        self.duals = np.zeros(self.nodes)
        self.parent = [-1] * self.nodes
        self.depth = [0] * self.nodes
        self._hang(0)

    def improve(self) -> None:
        """Pivot on the most promising cell until none lowers the cost."""
        tolerance = _OPTIMAL * max(float(np.abs(self.costs).max()), 1e-300)
        while True:
            reduced = self.costs - self.duals[: self.rows, None]
            reduced -= self.duals[self.rows :]
            cell = int(reduced.argmin())
            row, column = divmod(cell, self.columns)
            if reduced[row, column] >= -tolerance:
                return
            self._pivot(row, self.rows + column)

    def outward(self) -> Iterator[Edge]:
        """Each node after the root with its parent, parents first."""
        for node in sorted(range(self.nodes), key=self.depth.__getitem__):
            if self.parent[node] >= 0:
                yield node, self.parent[node]

    def _hang(self, top: int) -> None:
        """Set parents, depths and duals of all that hangs from `top`, whose own are set."""
        stack = [top]
        while stack:
            above = stack.pop()
            dual, depth, source = float(self.duals[above]), self.depth[above] + 1, self.parent[above]
            for below in self.neighbours[above]:
                if below != source:
                    self.parent[below] = above
                    self.depth[below] = depth
                    self.duals[below] = self._cost(above, below) - dual
                    stack.append(below)

    def _cost(self, one: int, other: int) -> float:
        row, column = self._edge(one, other)
        return float(self.cells[row][column])

    def _edge(self, one: int, other: int) -> Edge:
        return (one, other - self.rows) if one < self.rows else (other, one - self.rows)

    def _pivot(self, row: int, node: int) -> None:
        """Bring the edge between `row` and the column `node` into the tree, and let the emptied one go."""
        cycle = self._path(node, row)
        edges = [self._edge(one, other) for one, other in pairwise(cycle)]
        leaving = min(edges[::2], key=self.flows.__getitem__)
        flow = self.flows[leaving]
        for edge in edges[::2]:
            self.flows[edge] -= flow
        for edge in edges[1::2]:
            self.flows[edge] += flow
        self._cut(leaving)
        self.flows[row, node - self.rows] = flow
        inner, outer = self._sides(leaving, row, node)
        self.neighbours[row].add(node)
        self.neighbours[node].add(row)
        self.parent[inner] = outer
        self.depth[inner] = self.depth[outer] + 1
        self.duals[inner] = self._cost(outer, inner) - float(self.duals[outer])
        self._hang(inner)

    def _cut(self, edge: Edge) -> None:
        del self.flows[edge]
        row, node = edge[0], edge[1] + self.rows
        self.neighbours[row].discard(node)
        self.neighbours[node].discard(row)

    def _sides(self, leaving: Edge, row: int, node: int) -> Edge:
        """The two ends of the new edge: first the one in the part that the leaving edge cut from the root."""
        one, other = leaving[0], leaving[1] + self.rows
        top = one if self.parent[one] == other else other
        below = row
        while self.depth[below] > self.depth[top]:
            below = self.parent[below]
        return (row, node) if below == top else (node, row)

    def _path(self, start: int, end: int) -> list[int]:
        """The nodes of the tree from `start` to `end`."""
        up, down = [start], [end]
        while up[-1] != down[-1]:
            if self.depth[up[-1]] >= self.depth[down[-1]]:
                up.append(self.parent[up[-1]])
            else:
                down.append(self.parent[down[-1]])
        return up + down[-2::-1]
