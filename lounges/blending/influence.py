"""How much each voice may weigh in the barycenter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from lounges.blending.shapes import Floats

LEAST_CAP = 0.1


def cap_for(dreamers: int, asked: float | None) -> float:
    """The influence cap among so many dreamers: what was asked, or max(2 / n, 0.1).

    Never under the even share 1 / n, because the weights of all must sum to one.
    """
    cap = max(2.0 / dreamers, LEAST_CAP) if asked is None else asked
    return min(1.0, max(cap, 1.0 / dreamers))


def weights_of(dreamers: Sequence[str]) -> Floats:
    """One weight a voice, summing to one: an even share for every dreamer, divided among their own voices.

    An even share is 1 / n, which no cap is under, so no dreamer ever weighs more than the cap.
    """
    voices_of = Counter(dreamers)
    return np.array([1.0 / (len(voices_of) * voices_of[dreamer]) for dreamer in dreamers])
