"""How many distinct things are really practised: Hill numbers, and their likeness-sensitive kin. Pure.

The effective number of kinds of order q (Hill 1973; Jost, Oikos 113, 2006): qD = (sum p_i^q)^(1/(1-q)), and
for q = 1 its limit, exp of Shannon's entropy. Order 0 counts kinds, 1 weighs each by how much it is
practised, 2 hears mostly the common ones. With a likeness Z between kinds (Leinster and Cobbold, Ecology 93,
2012) two that are nearly equal do not count as two: qD = (sum p_i (Zp)_i^(q-1))^(1/(1-q)).

For colonies of equal weight, gamma is the diversity of all of them together, alpha that of one colony on
average (the power mean of order 1 - q; Jost, Ecology 88, 2007), and beta = gamma / alpha: 1 when all colonies
are alike, N when N colonies share nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

ORDERS = (0.0, 1.0, 2.0)
_TOLERANCE = 1e-9

Shares = Sequence[float]
Likeness = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Partition:
    """Diversity within a colony on average, between colonies, and of all together, at one order."""

    order: float
    alpha: float
    beta: float
    gamma: float


def shares(counts: Sequence[float]) -> tuple[float, ...]:
    """Counts as shares of their sum. Raises ValueError for none at all, or a negative one."""
    total = math.fsum(counts)
    if total <= 0 or any(count < 0 for count in counts):
        raise ValueError("Diversity is of something practised: give counts that are not all nothing.")
    return tuple(count / total for count in counts)


def diversity(practised: Shares, *, order: float, likeness: Likeness | None = None) -> float:
    """The effective number of kinds. `likeness` is 1 on its diagonal and between 0 and 1 elsewhere; without
    it, no two kinds are alike. Raises ValueError unless the shares make a whole.
    """
    if abs(math.fsum(practised) - 1) > _TOLERANCE or any(share < 0 for share in practised):
        raise ValueError("Shares are not negative, and make a whole.")
    ordinary = _ordinariness(practised, likeness)
    present = [(share, o) for share, o in zip(practised, ordinary, strict=True) if share > 0]
    if order == 1:
        return math.exp(-math.fsum(share * math.log(o) for share, o in present))
    return math.fsum(share * o ** (order - 1) for share, o in present) ** (1 / (1 - order))


def partition(colonies: Sequence[Shares], *, order: float, likeness: Likeness | None = None) -> Partition:
    """Alpha, beta and gamma of colonies of equal weight, whose shares are of the same kinds in one order."""
    if not colonies:
        raise ValueError("There is no colony to compare.")
    together = [math.fsum(column) / len(colonies) for column in zip(*colonies, strict=True)]
    gamma = diversity(together, order=order, likeness=likeness)
    alpha = _power_mean(
        [diversity(one, order=order, likeness=likeness) for one in colonies], exponent=1 - order
    )
    return Partition(order, alpha, gamma / alpha, gamma)


def _power_mean(values: Sequence[float], *, exponent: float) -> float:
    if exponent == 0:
        return math.exp(math.fsum(math.log(value) for value in values) / len(values))
    return (math.fsum(value**exponent for value in values) / len(values)) ** (1 / exponent)


def _ordinariness(practised: Shares, likeness: Likeness | None) -> Sequence[float]:
    """(Zp)_i: how much of what is practised is like kind i."""
    if likeness is None:
        return practised
    return [math.fsum(z * share for z, share in zip(row, practised, strict=True)) for row in likeness]
