"""Instants as entries write them, read by the thousand. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
Instants = NDArray[np.datetime64]
"""Moments in UTC, to the microsecond."""

INSTANT_SIZE: Final = 27
"""Characters of an instant, as an entry writes it."""

_WRITTEN: Final = b"0000-00-00T00:00:00.000000Z"
_SIGNS: Final = [place for place, sign in enumerate(_WRITTEN) if sign != ord("0")]
_DIGITS: Final = [place for place, sign in enumerate(_WRITTEN) if sign == ord("0")]
_MOST: Final = np.array([99, 99, 12, 31, 23, 59, 59, 99, 99, 99], np.uint8)
"""What two digits may come to at most: century, year, month, day, hour, minute, second and three of parts."""
_PARTS: Final = np.array([3_600_000_000, 60_000_000, 1_000_000, 10_000, 100, 1])
"""Microseconds of one, from the hour on."""


def read_instants(written: Octets) -> Instants | None:
    """When instants are, a row of characters each; None unless each of them is one, written like that."""
    digits = written[:, _DIGITS] - np.uint8(ord("0"))
    if (digits > 9).any() or (written[:, _SIGNS] != np.frombuffer(_WRITTEN, np.uint8)[_SIGNS]).any():
        return None
    pairs = digits[:, ::2] * np.uint8(10) + digits[:, 1::2]
    if (pairs > _MOST).any():
        return None
    century, year, month, day = pairs[:, :4].T.astype(np.int64)
    months = (century * 100 + year - 1970) * 12 + month - 1
    begins, ends = (at.astype("M8[M]").astype("M8[D]").astype(np.int64) for at in (months, months + 1))
    if (century + year < 1).any() or (month < 1).any() or (day < 1).any() or (begins + day > ends).any():
        return None
    instants: Instants = (begins + day - 1).astype("M8[D]").astype("M8[us]")
    return instants + (pairs[:, 4:].astype(np.int64) @ _PARTS).astype("m8[us]")
