"""A dreamer's own look at what they lend. It is theirs, so no consent is asked and no use is recorded.

Beside the gate this is the only door to lent content, and it opens to the one person whose words they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from governance.consent.errors import GateMisused
from governance.consent.gate import Lent
from guild.tenancy.context import current
from guild.vault import services as vault


def open_own(lent: Sequence[Lent]) -> Iterator[tuple[UUID, Mapping[str, bytes]]]:
    """(contribution, its opened fields) of one's own contributions, in order, with one query for the keys.

    Call in the dreamer's own tenant. Raises GateMisused for anybody else's, before a key is unwrapped, and
    the vault's SealBroken, KeyMissing and KeyDestroyed.
    """
    if any(item.dreamer != current().dreamer for item in lent):
        raise GateMisused("Only their dreamer opens lent dreams here: everybody else goes through the gate.")
    keys = vault.openers([item.key_id for item in lent]) if lent else {}
    for item in lent:
        key = keys[item.key_id]
        yield (
            item.contribution,
            {name: key.open_bytes(sealed, place) for name, (sealed, place) in item.fields.items()},
        )
