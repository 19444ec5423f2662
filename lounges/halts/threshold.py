"""How many calls stop a blend. Pure, in exact fractions."""

import math
from decimal import Decimal
from fractions import Fraction


def needed(share: Decimal, *, participants: int) -> int:
    """The calls that it takes: `share` of the participants, rounded up, and at least one."""
    return max(1, math.ceil(Fraction(share) * participants))
