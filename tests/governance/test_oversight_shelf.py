"""What is put away is there as it was, whatever was in memory last."""

from hypothesis import given, settings
from hypothesis import strategies as some

from governance.audits.shelf import Shelf

STEPS = some.lists(
    some.tuples(some.sampled_from(["set", "change", "look", "tidy"]), some.integers(0, 12)), max_size=60
)


def shelf(at_hand: int) -> Shelf[list[int]]:
    return Shelf(flat=tuple, full=list, at_hand=at_hand)


@given(steps=STEPS, at_hand=some.integers(1, 6))
@settings(deadline=None)
def test_a_shelf_is_a_mapping_like_another(steps: list[tuple[str, int]], at_hand: int) -> None:
    kept, plain = shelf(at_hand), dict[str, list[int]]()
    for number, (step, name) in enumerate(steps):
        key = f"key-{name}"
        if step == "set":
            kept[key] = plain[key] = [number]
            plain[key] = list(plain[key])
        elif step == "change" and key in plain:
            kept[key].append(number)
            plain[key].append(number)
        elif step == "look":
            assert kept.looked_at.get(key) == kept.get(key) == plain.get(key)
        elif step == "tidy":
            kept.tidy()
    assert dict(kept.looked_at.items()) == dict(kept.everything()) == plain
    assert (len(kept), len(kept.looked_at), set(kept)) == (len(plain), len(plain), set(plain))


def test_memory_holds_no_more_than_was_asked_for() -> None:
    kept = shelf(100)
    for number in range(1000):
        kept[str(number)] = [number]
        kept.tidy()
    assert len(kept.at_hand) < 100
    assert sum(value[0] for _, value in kept.looked_at.items()) == sum(range(1000))
    assert len(kept.at_hand) < 100
