"""POT, the transport library of others, behind one door: it warns when it is first compiled."""

import warnings

import numpy as np
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ot

free_support_barycenter = ot.lp.free_support_barycenter


def transport_cost(
    costs: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]
) -> float:
    """The least cost of carrying one mass to another, exactly."""
    if costs.size == 1:  # where POT sometimes finds the only plan there is infeasible
        return float(costs[0, 0])
    return float(ot.emd2(first, second, costs))


def squared_distances(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the cancellation of expanded squares, which near copies would drown in."""
    return np.asarray(np.square(one[:, None, :] - other[None, :, :]).sum(axis=2))
