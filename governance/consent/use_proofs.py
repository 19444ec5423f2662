"""What a dreamer needs to check one use of their dream themself, against the guild's public log."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from governance.consent.errors import NoSuchConsent
from governance.consent.models import Subject, UseSubject
from governance.ledger import tree
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.errors import LedgerError, ProofRejected
from governance.ledger.selectors import latest_checkpoint
from governance.ledger.signing import log_signer
from guild.tenancy.context import tenant


def proof_of_use(dreamer: UUID, part: UUID) -> Mapping[str, Any]:
    """One part in a use, of the dreamer's own: what its leaf must say, and the path from their commitment to
    the root in that leaf. Also after they left the guild. Raises NoSuchConsent.

    The log is signed now where that leaf came after its last checkpoint; `unsigned` says why where it cannot
    be. `nonce` is None once the dream was taken back. Whatever is wrong with the rows is for whoever checks
    to find: it is told as it stands.
    """
    with tenant(dreamer=dreamer):
        row = UseSubject.objects.filter(dreamer_id=dreamer, pk=part).first()
    if row is None:
        raise NoSuchConsent("No dream of yours was used there.")
    with tenant(guild=row.guild_id, dreamer=dreamer):
        subject = Subject.objects.filter(guild_id=row.guild_id, contribution=row.contribution).first()
        nonce = None if subject is None else subject.nonce
        return {
            "guild": str(row.guild_id),
            "leaf": row.leaf_index,
            "said": {
                "purpose": row.purpose,
                "on": row.on,
                "subject": str(row.subject),
                "count": row.count,
            },
            "at": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "contribution": str(row.contribution),
            "commitment": row.commitment,
            "nonce": None if nonce is None else bytes(nonce).hex(),
            "position": row.position,
            "path": _path(row),
            "unsigned": _signed(row.guild_id, row.leaf_index),
        }


def _path(row: UseSubject) -> list[str]:
    """The hashes from a commitment to the root over all of its use; none where the list makes no tree."""
    listed = UseSubject.objects.filter(guild_id=row.guild_id, use_id=row.use_id).order_by("position")
    try:
        hashes = [tree.leaf_hash(bytes.fromhex(each)) for each in listed.values_list("commitment", flat=True)]
        return [hashed.hex() for hashed in tree.inclusion_proof(hashes, row.position)]
    except (ValueError, ProofRejected):
        return []


def _signed(guild: UUID, index: int) -> str:
    """See to it that a checkpoint under the present key covers the leaf; why none does, else ""."""
    try:
        newest, key = latest_checkpoint(guild), log_signer(guild).verifier.vkey
        if newest is None or index >= newest.size or newest.vkey != key:
            checkpoint_now(guild=guild)
    except LedgerError as error:
        return str(error)
    return ""
