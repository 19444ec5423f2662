"""The one way a leaf is written."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InternalError, connection
from django.db.models import Model
from django.utils import timezone

from governance.ledger import leaves, rows
from governance.ledger.enums import LeafKind
from governance.ledger.errors import LeafMissing, LedgerError
from governance.ledger.models import Leaf
from guild.tenancy.context import Lock, Tenant, take, tenant

_LOCK_CLASS = 0x1ED6E4  # the first half of the advisory lock's key, in `ledger_append` too: "a ledger's lock"
_DATA_CORRUPTED = "XX001"


def hold(*, guild: UUID) -> None:
    """Take the guild's ledger for the rest of the transaction; what comes after sees all that was committed.

    Every leaf of a guild is written under this lock, and it lasts until the transaction ends. So a
    transaction that locks rows and also writes a leaf calls this first of all: taken in two orders, the two
    would deadlock.
    """
    _require_transaction()
    take(_lock(guild))


def held(*, guild: UUID, dreamer: UUID | None = None) -> AbstractContextManager[Tenant]:
    """Enter the guild's tenant with its ledger held: `tenant` and `hold` in one round trip."""
    return tenant(guild=guild, dreamer=dreamer, lock=_lock(guild))


def append(
    *,
    guild: UUID,
    kind: LeafKind,
    actor: UUID | str,
    subjects: Sequence[str] = (),
    policy_set: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    beside: Model | None = None,
) -> Leaf:
    """Record what is being done, in the transaction that does it. Takes the lock of `hold`.

    `actor` is the guild pseudonym of who did it, or "system"; the fields are those of `leaves.Entry`.
    `beside` is a new row that says the same to those who query it: it is inserted in the same statement, and
    its `leaf_index` becomes the leaf's. Index and hashes come from the function `ledger_append` (see the
    migration), so that all of it is one round trip. Raises EntryRefused for anything that could be words,
    LeafMissing where the log has a hole.
    """
    _require_transaction()
    moment = at or timezone.now()
    entry = leaves.encode(leaves.Entry(kind, moment, actor, tuple(subjects), policy_set, detail or {}))
    index, hashed, completed = _written((guild, str(kind), moment, entry), beside)
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


def _written(leaf: tuple[Any, ...], beside: Model | None) -> tuple[int, bytes, bytes]:
    """Write the rows; the leaf's index, its hash and the hashes of the subtrees that it completed."""
    statement, values = (rows.LEAF, ()) if beside is None else rows.with_leaf(beside)
    try:
        with rows.bound_cursor() as cursor:
            cursor.execute(statement, (*leaf, *values))
            index, hashed, completed = cursor.fetchone()
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _DATA_CORRUPTED:
            raise
        raise LeafMissing(
            "The log of this guild has a hole, so nothing more can be recorded: run an audit, and restore it."
        ) from error
    if beside is not None:
        rows.mark_written(beside, leaf_index=index)
    return index, bytes(hashed), bytes(completed)


def _lock(guild: UUID) -> Lock:
    return _LOCK_CLASS, str(guild)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise LedgerError("A ledger is written in a transaction: enter tenancy.context.tenant first.")
