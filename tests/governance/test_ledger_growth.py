"""Growing by many leaves at once, held to the tree that grows one by one."""

from hypothesis import given
from hypothesis import strategies as some

from governance.ledger import tree
from governance.ledger.growth import grow


def one_by_one(size: int, entries: list[bytes]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Hashes, completed subtrees and the edge, as the reference has them, of all but the first `size`."""
    hashes, subtrees, frontier = [], [], tree.Frontier()
    for index, entry in enumerate(entries):
        hashed = tree.leaf_hash(entry)
        siblings = list(frontier.hashes[::-1])[: len(tree.left_siblings(index))]
        hashes.append(hashed)
        subtrees.append(b"".join(tree.completed_subtrees(hashed, siblings)))
        frontier = frontier.append(hashed)
    return hashes[size:], subtrees[size:], list(frontier.hashes)


@given(size=some.integers(0, 150), more=some.integers(0, 150))
def test_growing_at_once_is_growing_one_by_one(size: int, more: int) -> None:
    entries = [str(number).encode() for number in range(size + more)]
    _, _, edge = one_by_one(0, entries[:size])
    grown = grow(edge, size=size, entries=entries[size:])
    assert tuple(grown) == one_by_one(size, entries)


def test_growing_in_parts_is_growing_at_once() -> None:
    entries = [str(number).encode() for number in range(1000)]
    edge: list[bytes] = []
    for start in range(0, 1000, 77):
        edge = grow(edge, size=start, entries=entries[start : start + 77]).edge
    assert edge == grow([], size=0, entries=entries).edge
