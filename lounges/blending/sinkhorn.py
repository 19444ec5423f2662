"""Many small optimal transport problems at once, by Sinkhorn's scalings.

Arrays are padded to one shape; padding carries no mass. Everything keeps the precision it is given.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Real = TypeVar("Real", np.float32, np.float64)

_TINY = 1e-30
_FAR = 1e30


def entropic_plans(
    costs: NDArray[Real],
    mass: NDArray[Real],
    target: NDArray[Real],
    *,
    dual: NDArray[Real],
    epsilon: NDArray[Real],
    scalings: int,
) -> tuple[NDArray[Real], NDArray[Real]]:
    """Plans [b, m, n] and column duals [b, n] of costs [b, m, n], from the duals of an earlier answer.

    `mass` [b, m] and `target` [b, n] are the marginals, `epsilon` [b] or [1] the regularisation. The dual of
    the rows is the hard c-transform of the given one, and that of the columns of it in turn, so every
    exponent is at most 0 and every row and column that carries mass holds a 1: the kernel can neither
    overflow nor lose one, however small the regularisation. The columns of a plan are exact, its rows nearly
    so.
    """
    slack = dual[:, None, :] - costs
    slack -= slack.max(axis=2, keepdims=True)
    rise = np.where(mass[:, :, None] > 0.0, slack, -_FAR).max(axis=1)
    kernel = np.minimum(slack - rise[:, None, :], 0.0)
    kernel /= epsilon[:, None, None]
    np.exp(kernel, out=kernel)
    column = np.ones_like(dual)
    for _ in range(scalings):
        row = mass / np.maximum(np.einsum("bmn,bn->bm", kernel, column), _TINY)
        column = target / np.maximum(np.einsum("bmn,bm->bn", kernel, row), _TINY)
    kernel *= row[:, :, None]
    kernel *= column[:, None, :]
    return kernel, dual - rise + epsilon[:, None] * np.log(np.maximum(column, _TINY))


def spread(costs: NDArray[Real], mass: NDArray[Real], target: NDArray[Real]) -> NDArray[Real]:
    """The deviation of each problem's costs [b, m, n] about their row and column means, which no plan can
    change.
    """
    rows = np.einsum("bmn,bn->bm", costs, target)
    columns = np.einsum("bmn,bm->bn", costs, mass)
    middle = np.einsum("bm,bm->b", rows, mass)
    inside = costs - rows[:, :, None] - columns[:, None, :] + middle[:, None, None]
    inside *= inside
    inside *= mass[:, :, None]
    variance: NDArray[Real] = np.einsum("bmn,bn->b", inside, target)
    return np.sqrt(variance)
