"""What opens a secret ballot again, sealed for its voter alone. In the voter's own tenant."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from governance.deliberation.models import Receipt
from guild.vault import services as vault
from guild.vault.errors import VaultError
from guild.vault.places import Place

FIELD = "deliberation_receipt.sealed"


@dataclass(frozen=True)
class Kept:
    """A ballot's id and the nonce (hex) that shows what was chosen in it."""

    ballot: UUID
    nonce: str
    choice: str


def keep(*, dreamer: UUID, proposal: UUID, kept: Kept) -> None:
    """Seal the receipt of the last ballot, in place of one before."""
    row = Receipt.objects.filter(dreamer_id=dreamer, proposal=proposal).first()
    if row is None:
        row = Receipt(id=uuid4(), dreamer_id=dreamer, proposal=proposal, revision=0)
    _seal(row, kept)
    row.save()


@contextmanager
def kept_on(dreamer: UUID) -> Iterator[None]:
    """The dreamer's own key is destroyed inside; afterwards their receipts are sealed under the new one."""
    rows = Receipt.objects.filter(dreamer_id=dreamer)
    held = [(row, kept) for row in rows if (kept := _opened(row)) is not None]
    yield
    for row, kept in held:
        _seal(row, kept)
        row.save(update_fields=["key_id", "revision", "sealed"])


def _seal(row: Receipt, kept: Kept) -> None:
    row.key_id, row.revision = vault.dreamer_key(row.dreamer_id), row.revision + 1
    said = {"ballot": str(kept.ballot), "nonce": kept.nonce, "choice": kept.choice}
    row.sealed = vault.seal(key_id=row.key_id, text=json.dumps(said), place=_place(row))


def receipt_of(dreamer: UUID, proposal: UUID) -> Kept | None:
    """Their receipt, opened; None where there is none, or its key is gone."""
    row = Receipt.objects.filter(dreamer_id=dreamer, proposal=proposal).first()
    return None if row is None else _opened(row)


def _opened(row: Receipt) -> Kept | None:
    try:
        said = json.loads(vault.open_text(key_id=row.key_id, sealed=bytes(row.sealed), place=_place(row)))
    except VaultError:
        return None
    return Kept(UUID(said["ballot"]), said["nonce"], said["choice"])


def _place(row: Receipt) -> Place:
    return Place(FIELD, row=row.pk, owner=row.dreamer_id, revision=row.revision)
