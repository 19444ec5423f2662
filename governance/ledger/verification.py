"""Verification of RFC 6962 proofs, as RFC 9162 sections 2.1.3.2 and 2.1.4.2 state it. Pure.

Each function returns nothing when the proof holds and raises `ProofRejected` when it does not: an answer
that can be ignored would one day be.
"""

import hmac
from collections.abc import Sequence

from governance.ledger.errors import ProofRejected
from governance.ledger.tree import HASH_SIZE, node_hash


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash stands at `index` of the log of `size` leaves with that root."""
    if not 0 <= index < size:
        raise ProofRejected(f"Leaf {index} cannot be in a log of {size} leaves.")
    _require_hashes(leaf, *proof)
    position, last, joined = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofRejected("The proof of inclusion is longer than the tree is high.")
        if position & 1 or position == last:
            joined = node_hash(sibling, joined)
            position, last = _climb(position, last)
        else:
            joined = node_hash(joined, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofRejected("The proof of inclusion is shorter than the tree is high.")
    _require_equal(joined, root, "The proof of inclusion does not lead to the root of the log.")


def verify_consistency(
    *, old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the log of `size` leaves begins with the log of `old_size` leaves."""
    if not 0 < old_size <= size:
        raise ProofRejected(f"A log of {size} leaves cannot be shown to continue one of {old_size}.")
    _require_hashes(*proof)
    if old_size == size:
        if proof:
            raise ProofRejected("Logs of equal size need no proof, yet one was given.")
        _require_equal(old_root, root, "Two logs of the same size have different roots.")
        return
    if not proof:
        raise ProofRejected("The proof of consistency is empty.")
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    old_joined, joined = _replay(path, position=old_size - 1, last=size - 1)
    _require_equal(old_joined, old_root, "The proof of consistency does not lead to the old root.")
    _require_equal(joined, root, "The proof of consistency does not lead to the new root.")


def _replay(path: Sequence[bytes], *, position: int, last: int) -> tuple[bytes, bytes]:
    """Recompute the old and the new root from a consistency path whose first hash lies in both trees."""
    while position & 1:
        position, last = position >> 1, last >> 1
    old_joined = joined = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofRejected("The proof of consistency is longer than the tree is high.")
        if position & 1 or position == last:
            old_joined, joined = node_hash(sibling, old_joined), node_hash(sibling, joined)
            position, last = _climb(position, last)
        else:
            joined = node_hash(joined, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofRejected("The proof of consistency is shorter than the tree is high.")
    return old_joined, joined


def _climb(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost node has no sibling and is carried up unchanged."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _require_hashes(*hashes: bytes) -> None:
    if any(len(value) != HASH_SIZE for value in hashes):
        raise ProofRejected("A hash in the proof is not 32 bytes long.")


def _require_equal(found: bytes, expected: bytes, sentence: str) -> None:
    if not hmac.compare_digest(found, expected):
        raise ProofRejected(sentence)
