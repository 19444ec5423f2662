"""Logs for tests: leaves by the one way they are written."""

from uuid import UUID, uuid4

from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.services import append
from guild.tenancy.context import tenant


def grow(guild: UUID, leaves: int) -> None:
    """Append so many leaves, in one transaction."""
    with tenant(guild=guild):
        for _ in range(leaves):
            append(guild=guild, kind=LeafKind.LOUNGE_MADE, actor=SYSTEM, detail={"lounge": uuid4()})
