"""Which floor a policy set holds to, told from its digest."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from governance.policies.services import policy_set_of

LOWEST, HIGHEST = 30, 100
"""The floors that a guild may have, in hundredths."""


@cache
def floors_by_law() -> Mapping[str, str]:
    """The floor of every law that a guild could have under the house's present policies, by its digest.

    What was decided under earlier policies of the house has another digest, and is not judged by it.
    """
    floors = (Decimal(hundredths) / 100 for hundredths in range(LOWEST, HIGHEST + 1))
    return MappingProxyType({policy_set_of(floor): f"{floor:.4f}" for floor in floors})
