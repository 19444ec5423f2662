"""Which floor a policy set holds to, told from its digest."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from governance.policies.entities import PLAIN_EXCHANGE
from governance.policies.services import policy_set_of

LOWEST, HIGHEST = 30, 100
"""The floors that a guild may have, in hundredths."""


@lru_cache(maxsize=256)
def floors_by_law(exchange: str = PLAIN_EXCHANGE.text) -> Mapping[str, str]:
    """The floor of every law that a guild could have under the house's present policies, by its digest;
    `exchange` is the line of its other values, those that a guild begins with unless given.

    What was decided under earlier policies of the house has another digest, and is not judged by it.
    """
    floors = (Decimal(hundredths) / 100 for hundredths in range(LOWEST, HIGHEST + 1))
    return MappingProxyType({policy_set_of(floor, exchange=exchange): f"{floor:.4f}" for floor in floors})
