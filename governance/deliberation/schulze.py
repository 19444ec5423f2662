"""Ranked choice by the method of Schulze (2011), with winning votes as the strength of a link. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Ranking = Sequence[frozenset[int]]
"""Options in groups, the most liked first; options in one group are liked equally, those left out least."""

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Ranked:
    """`pairs[a][b]` is how many rank a before b, `paths[a][b]` how strong the strongest path from a to b is.

    `winners` are the options that no other one beats by such a path, in order: one winner, or a tie.
    """

    pairs: Matrix
    paths: Matrix
    winners: tuple[int, ...]


def schulze(rankings: Iterable[Ranking], *, options: int) -> Ranked:
    """Who wins among options 0 to `options` - 1."""
    pairs = _pairs(rankings, options)
    paths = _paths(pairs)
    every = range(options)
    winners = tuple(a for a in every if all(paths[a][b] >= paths[b][a] for b in every if b != a))
    return Ranked(pairs, paths, winners)


def _pairs(rankings: Iterable[Ranking], options: int) -> Matrix:
    before = [[0] * options for _ in range(options)]
    for ranking in rankings:
        left = set(range(options))
        for group in ranking:
            left -= group
            for a in group:
                for b in left:
                    before[a][b] += 1
    return tuple(map(tuple, before))


def _paths(pairs: Matrix) -> Matrix:
    """A link from a to b is there where more rank a before b than b before a (Floyd and Warshall)."""
    every = range(len(pairs))
    strength = [[pairs[a][b] if pairs[a][b] > pairs[b][a] else 0 for b in every] for a in every]
    for through in every:
        for a in every:
            for b in every:
                if a != b and through not in (a, b):
                    by_way = min(strength[a][through], strength[through][b])
                    strength[a][b] = max(strength[a][b], by_way)
    return tuple(map(tuple, strength))
