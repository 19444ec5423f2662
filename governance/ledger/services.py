"""The one way a leaf is written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.errors import LedgerError
from governance.ledger.models import Leaf
from governance.ledger.selectors import hash_in_row, stored_nodes
from governance.ledger.tree import Node, completed_subtrees, leaf_hash, left_siblings

_LOCK_CLASS = 0x1ED6E4  # the first half of the advisory lock's key: "this is a ledger's lock"


def hold(*, guild: UUID) -> None:
    """Take the guild's ledger for the rest of the transaction; what comes after sees all that was committed.

    Every leaf of a guild is written under this lock, and it lasts until the transaction ends. So a
    transaction that locks rows and also writes a leaf calls this first of all: taken in two orders, the two
    would deadlock.
    """
    if not connection.in_atomic_block:
        raise LedgerError("A ledger is written in a transaction: enter tenancy.context.tenant first.")
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
    Raises EntryRefused for anything that could be words.
    """
    moment = at or timezone.now()
    entry = leaves.encode(leaves.Entry(kind, moment, actor, tuple(subjects), policy_set, detail or {}))
    hold(guild=guild)
    last = Leaf.objects.filter(guild_id=guild).order_by("-index").first()
    index = 0 if last is None else last.index + 1
    hashed = leaf_hash(entry)
    return Leaf.objects.create(
        guild_id=guild,
        index=index,
        kind=kind,
        at=moment,
        entry=entry,
        leaf_hash=hashed,
        subtrees=b"".join(completed_subtrees(hashed, _siblings(guild, last))),
    )


def _siblings(guild: UUID, last: Leaf | None) -> list[bytes]:
    """The hashes that the next leaf joins with: in most cases none, or only such as the last row holds."""
    if last is None:
        return []
    nodes = left_siblings(last.index + 1)
    known = {
        node: hash_in_row(node, leaf_hash=bytes(last.leaf_hash), subtrees=bytes(last.subtrees))
        for node in nodes
        if node.last_leaf == last.index
    }
    missing: list[Node] = [node for node in nodes if node not in known]
    known.update(stored_nodes(guild, missing))
    return [known[node] for node in nodes]
