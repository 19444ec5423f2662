"""Reads of a guild's log, inside its tenant. Roots and proofs take O(log n) rows, whatever the size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from governance.ledger.errors import LeafMissing
from governance.ledger.models import Checkpoint, Leaf
from governance.ledger.tree import (
    HASH_SIZE,
    Node,
    Span,
    consistency_spans,
    inclusion_spans,
    nodes_of,
    span_hash,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Head:
    """The state of a log: how many leaves, and the root over them."""

    size: int
    root: bytes


@dataclass(frozen=True)
class InclusionProof:
    """The hashes from a leaf to the root of the log when it had `size` leaves."""

    index: int
    size: int
    hashes: tuple[bytes, ...]


def size_of(guild: UUID) -> int:
    """How many leaves the log holds."""
    last = Leaf.objects.filter(guild_id=guild).order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def head(guild: UUID) -> Head:
    """Size and root as they are now."""
    size = size_of(guild)
    return Head(size, root(guild, size=size))


def root(guild: UUID, *, size: int) -> bytes:
    """The root over the first `size` leaves. Raises LeafMissing when the log is shorter."""
    (only,) = _hashes(guild, [Span(0, size)])
    return only


def leaf(guild: UUID, index: int) -> Leaf:
    """One leaf. Raises LeafMissing."""
    try:
        return Leaf.objects.get(guild_id=guild, index=index)
    except Leaf.DoesNotExist as error:
        raise LeafMissing(f"The log has no leaf {index}.") from error


def latest(guild: UUID) -> "QuerySet[Leaf]":
    """All leaves, newest first, to take pages from."""
    return Leaf.objects.filter(guild_id=guild).order_by("-index")


def inclusion_proof(guild: UUID, *, index: int, size: int) -> InclusionProof:
    """Proof that the leaf at `index` is in the log of the first `size` leaves."""
    return InclusionProof(index, size, _hashes(guild, inclusion_spans(index, size)))


def consistency_proof(guild: UUID, *, old_size: int, size: int) -> tuple[bytes, ...]:
    """Proof that the first `old_size` leaves are still what they were when the log had `size`."""
    return _hashes(guild, consistency_spans(old_size, size))


def latest_checkpoint(guild: UUID) -> Checkpoint | None:
    """The newest signed statement of the log; None before the first."""
    return Checkpoint.objects.filter(guild_id=guild).order_by("-size", "-signed_at").first()


def signed_note(checkpoint: Checkpoint) -> bytes:
    """The whole note: what the log signed, and every cosignature that came in since, oldest first."""
    lines = checkpoint.cosignatures.order_by("cosigned_at", "vkey").values_list("line", flat=True)
    return (checkpoint.note + "".join(lines)).encode()


def _hashes(guild: UUID, spans: Sequence[Span]) -> tuple[bytes, ...]:
    nodes = stored_nodes(guild, {node for span in spans for node in nodes_of(span)})
    return tuple(span_hash(span, nodes.__getitem__) for span in spans)


def stored_nodes(guild: UUID, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of complete subtrees, in one query. Raises LeafMissing for one that is not complete yet."""
    by_leaf: dict[int, list[Node]] = {}
    for node in wanted:
        by_leaf.setdefault(node.last_leaf, []).append(node)
    if not by_leaf:
        return {}
    rows = Leaf.objects.filter(guild_id=guild, index__in=list(by_leaf)).values_list(
        "index", "leaf_hash", "subtrees"
    )
    found = {
        node: hash_in_row(node, leaf_hash=bytes(leaf_hash), subtrees=bytes(subtrees))
        for index, leaf_hash, subtrees in rows
        for node in by_leaf[index]
    }
    if len(found) < sum(map(len, by_leaf.values())):
        raise LeafMissing("The log is shorter than what was asked of it, or a leaf is missing from it.")
    return found


def hash_in_row(node: Node, *, leaf_hash: bytes, subtrees: bytes) -> bytes:
    """The hash of a node, from the row of its last leaf. Raises LeafMissing when the row does not hold it."""
    if node.level == 0:
        return leaf_hash
    found = subtrees[(node.level - 1) * HASH_SIZE : node.level * HASH_SIZE]
    if len(found) != HASH_SIZE:
        raise LeafMissing(f"The row of leaf {node.last_leaf} lacks its subtree of level {node.level}.")
    return found
