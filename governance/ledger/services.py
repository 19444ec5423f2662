"""The one way a leaf is written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InternalError, connection
from django.utils import timezone

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.errors import LeafMissing, LedgerError
from governance.ledger.models import Leaf

_LOCK_CLASS = 0x1ED6E4  # the first half of the advisory lock's key, in `ledger_append` too: "a ledger's lock"
_DATA_CORRUPTED = "XX001"


def hold(*, guild: UUID) -> None:
    """Take the guild's ledger for the rest of the transaction; what comes after sees all that was committed.

    Every leaf of a guild is written under this lock, and it lasts until the transaction ends. So a
    transaction that locks rows and also writes a leaf calls this first of all: taken in two orders, the two
    would deadlock.
    """
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, str(guild)])


def append(
    *,
    guild: UUID,
    kind: LeafKind,
    actor: UUID | str,
    subjects: Sequence[str] = (),
    policy_set: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Leaf:
    """Record what is being done, in the transaction that does it. Takes the lock of `hold`.

    `actor` is the guild pseudonym of who did it, or "system"; the fields are those of `leaves.Entry`.
    Index and hashes come from the function `ledger_append` (see the migration), so that a leaf is one round
    trip. Raises EntryRefused for anything that could be words, LeafMissing where the log has a hole.
    """
    _require_transaction()
    moment = at or timezone.now()
    entry = leaves.encode(leaves.Entry(kind, moment, actor, tuple(subjects), policy_set, detail or {}))
    index, hashed, completed = _written([guild, str(kind), moment, entry])
    written = Leaf(
        guild_id=guild,
        index=index,
        kind=kind,
        at=moment,
        entry=entry,
        leaf_hash=hashed,
        subtrees=completed,
    )
    written._state.adding = False
    return written


def _written(values: Sequence[Any]) -> tuple[int, bytes, bytes]:
    """Write the row; its index, its hash and the hashes of the subtrees that it completed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM ledger_append(%s, %s, %s, %s)", values)
            index, hashed, completed = cursor.fetchone()
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _DATA_CORRUPTED:
            raise
        raise LeafMissing(
            "The log of this guild has a hole, so nothing more can be recorded: run an audit, and restore it."
        ) from error
    return index, bytes(hashed), bytes(completed)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise LedgerError("A ledger is written in a transaction: enter tenancy.context.tenant first.")
