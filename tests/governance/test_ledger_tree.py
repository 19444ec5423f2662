"""The tree against 196 public vectors, against the recursive definition, and against itself."""

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.ledger import tree
from governance.ledger.errors import ProofRejected
from governance.ledger.verification import verify_consistency, verify_inclusion

SHARED_DATA = Path(
    os.environ.get("DREAMSCAPE_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)
VECTORS = SHARED_DATA / "merkle-vectors.json"


def recursive_root(leaves: list[bytes]) -> bytes:
    """MTH exactly as RFC 6962 section 2.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return tree.node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


def leaves_of(size: int) -> list[bytes]:
    return [tree.leaf_hash(f"entry {i}".encode()) for i in range(size)]


def hashes_of(vector: dict) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in vector["proof"] or ())


def judge(vector: dict) -> None:
    if vector["kind"] == "inclusion":
        verify_inclusion(
            leaf=base64.b64decode(vector["leafHash"]),
            index=vector["leafIdx"],
            size=vector["treeSize"],
            proof=hashes_of(vector),
            root=base64.b64decode(vector["root"]),
        )
    else:
        verify_consistency(
            old_size=vector["size1"],
            size=vector["size2"],
            old_root=base64.b64decode(vector["root1"]),
            root=base64.b64decode(vector["root2"]),
            proof=hashes_of(vector),
        )


def accepts(vector: dict) -> bool:
    try:
        judge(vector)
    except ProofRejected:
        return False
    return True


def test_public_vectors_are_all_judged_as_published() -> None:
    if not VECTORS.exists():
        pytest.skip("the shared data with the public Merkle vectors is not on this machine")
    vectors = json.loads(VECTORS.read_text())
    wrong = [vector["name"] for vector in vectors if accepts(vector) == vector["wantErr"]]
    assert (len(vectors), wrong) == (196, [])


@given(st.integers(0, 300))
def test_root_equals_the_recursive_definition(size: int) -> None:
    leaves = leaves_of(size)
    assert tree.root(leaves) == recursive_root(leaves)


@given(st.integers(0, 300))
def test_frontier_has_the_root_of_the_whole_tree(size: int) -> None:
    frontier = tree.Frontier()
    for leaf in leaves_of(size):
        frontier = frontier.append(leaf)
    assert (frontier.size, frontier.root()) == (size, tree.root(leaves_of(size)))


@given(st.data())
def test_inclusion_proof_verifies_and_no_other_leaf_does(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof, root = tree.inclusion_proof(leaves, index), tree.root(leaves)
    verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
    with pytest.raises(ProofRejected):
        verify_inclusion(leaf=tree.leaf_hash(b"another"), index=index, size=size, proof=proof, root=root)


@given(st.data())
def test_consistency_proof_verifies_and_a_rewritten_past_does_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    old_size = data.draw(st.integers(1, size - 1))
    leaves = leaves_of(size)
    proof, root = tree.consistency_proof(leaves, old_size), tree.root(leaves)
    old_root = tree.root(leaves[:old_size])
    verify_consistency(old_size=old_size, size=size, old_root=old_root, root=root, proof=proof)
    forged = tree.root([tree.leaf_hash(b"rewritten"), *leaves[1:old_size]])
    with pytest.raises(ProofRejected):
        verify_consistency(old_size=old_size, size=size, old_root=forged, root=root, proof=proof)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1_000])
def test_every_leaf_completes_the_subtrees_that_lookups_will_ask_for(size: int) -> None:
    leaves = leaves_of(size)
    stored: dict[tree.Node, bytes] = {}
    for index, leaf in enumerate(leaves):
        siblings = [stored[node] for node in tree.left_siblings(index)]
        stored[tree.Node(0, index)] = leaf
        for level, completed in enumerate(tree.completed_subtrees(leaf, siblings), start=1):
            node = tree.Node(level, index >> level)
            assert node.last_leaf == index
            stored[node] = completed
    assert tree.span_hash(tree.Span(0, size), stored.__getitem__) == tree.root(leaves)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_inclusion_of_a_leaf_outside_the_log_is_refused(index: int, size: int) -> None:
    with pytest.raises(ProofRejected):
        tree.inclusion_spans(index, size)


@pytest.mark.parametrize(("old_size", "size"), [(0, 3), (4, 3)])
def test_consistency_from_an_impossible_size_is_refused(old_size: int, size: int) -> None:
    with pytest.raises(ProofRejected):
        tree.consistency_spans(old_size, size)


def test_empty_log_has_the_hash_of_nothing() -> None:
    assert tree.root([]) == hashlib.sha256(b"").digest()
