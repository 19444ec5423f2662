"""Proof files for many leaves of one log, with as few queries as for a handful."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from governance.ledger import selectors
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.errors import LeafMissing
from governance.ledger.models import Leaf
from governance.ledger.proof_files import ProofFile, format_proof
from governance.ledger.tree import inclusion_spans, nodes_of, span_hash

BATCH = 200


@dataclass(frozen=True)
class Proven:
    """One leaf: its verbatim bytes, and the proof file that shows it in the log, with them as its extra."""

    index: int
    entry: bytes
    proof: bytes


def proof_files(*, guild: UUID, indexes: Collection[int]) -> Iterator[Proven]:
    """Each leaf with its proof against one checkpoint, which is made now if one of them is not in it yet.

    Inside the guild's tenant; two queries for every two hundred leaves. Raises LeafMissing, and what
    `checkpoint_now` raises.
    """
    wanted = iter(sorted(set(indexes)))
    if not indexes:
        return
    checkpoint = selectors.latest_checkpoint(guild)
    if checkpoint is None or max(indexes) >= checkpoint.size:
        checkpoint = checkpoint_now(guild=guild)
    note = selectors.signed_note(checkpoint)
    while batch := list(islice(wanted, BATCH)):
        yield from _batch(guild, batch, size=checkpoint.size, note=note)


def _batch(guild: UUID, indexes: list[int], *, size: int, note: bytes) -> Iterator[Proven]:
    spans = {index: inclusion_spans(index, size) for index in indexes}
    nodes = selectors.stored_nodes(
        guild, {node for path in spans.values() for span in path for node in nodes_of(span)}
    )
    rows = Leaf.objects.filter(guild_id=guild, index__in=indexes)
    entries = {index: bytes(entry) for index, entry in rows.values_list("index", "entry")}
    if len(entries) < len(indexes):
        raise LeafMissing("A leaf is missing from the log.")
    for index in indexes:
        hashes = tuple(span_hash(span, nodes.__getitem__) for span in spans[index])
        proof = ProofFile(index, hashes, note, extra=entries[index])
        yield Proven(index, entries[index], format_proof(proof))
