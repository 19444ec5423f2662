"""A guild that melts into one is told in time, and a diverse one is left in peace."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from colonies.exchange.diversity import partition, shares
from colonies.exchange.pressure import Change, Moment, Taken, notices

FIRST = date(2026, 1, 1)
MONTH = timedelta(days=30)
COLONIES, KEPT = 10, 4


def moment(month: int, kept: list[list[str]]) -> Moment:
    """How distinct colonies are that keep these kinds, each as much as the next."""
    kinds = sorted({kind for colony in kept for kind in colony})
    rows = [shares([colony.count(kind) for kind in kinds]) for colony in kept]
    return Moment(FIRST + month * MONTH, len(kept), partition(rows, order=1).beta)


def own() -> list[list[str]]:
    return [[f"{colony}-{kind}" for kind in range(KEPT)] for colony in range(COLONIES)]


@pytest.mark.parametrize("seed", range(20))
def test_a_guild_that_drifts_to_one_ritual_is_told_before_half_of_it_has(seed: int):
    """One ritual after the other, in whichever colony, gives way to the same one; two a month. Told when
    15 to 20 % has drifted (20 seeds).
    """
    rng, kept = random.Random(seed), own()
    places = [(colony, kind) for colony in range(COLONIES) for kind in range(KEPT)]
    rng.shuffle(places)
    history = [moment(0, kept)]
    for gone, (colony, kind) in enumerate(places, start=1):
        kept[colony][kind] = "everybody's"
        if gone % 2 == 0:
            history.append(moment(gone // 2, kept))
            if notices(history, ()):
                assert gone < len(places) / 2
                return
    pytest.fail("The guild was never told.")


def test_a_guild_whose_colonies_melt_one_by_one_is_told_before_half_of_them_have():
    kept, history = own(), [moment(0, own())]
    for colony in range(COLONIES):
        kept[colony] = ["everybody's"] * KEPT
        history.append(moment(colony + 1, kept))
        if notices(history, ()):
            assert colony + 1 < COLONIES / 2
            return
    pytest.fail("The guild was never told.")


def test_a_diverse_guild_is_told_nothing_in_a_thousand_months():
    """Each month one ritual of forty gives way to a new one, and in three months of ten one is taken up from
    another colony, half of the time changed at once. With one taken up every month, the same guild is told in
    1 to 9 of 1,000 months (three seeds).
    """
    rng, kept, taken, told = random.Random(7), own(), [], 0
    history: list[Moment] = []
    for month in range(1_000):
        colony = rng.randrange(COLONIES)
        kept[colony][rng.randrange(KEPT)] = f"new-{month}"
        if rng.random() < 0.3:
            taker, giver = rng.sample(range(COLONIES), 2)
            source, adapted = kept[giver][rng.randrange(KEPT)], rng.random() < 0.5
            kept[taker][rng.randrange(KEPT)] = f"own-{month}" if adapted else source
            taken.append(Taken(FIRST + month * MONTH, source, adapted))
        history = [*history[-12:], moment(month, kept)]
        told += bool(notices(history, taken[-20:]))
    assert told == 0


def test_what_changed_meanwhile_is_told_with_it():
    history = [Moment(FIRST, 5, 5.0), Moment(FIRST + MONTH, 5, 3.0)]
    happened = Change(FIRST, taken_up=2, of=("The lamp",), rested=1, written=0)
    (said,) = notices(history, (), changes=lambda since: replace(happened, since=since))
    assert (
        "Since then a ritual was taken up from another colony twice (“The lamp”), one was laid to rest, and "
        "none was written anew."
    ) in said


def test_the_policy_of_the_guild_decides_how_far_is_too_far():
    history = [Moment(FIRST, 5, 5.0), Moment(FIRST + MONTH, 5, 4.0)]
    told = [bool(notices(history, (), allowed_fall=fall)) for fall in (0.24, 0.25, 0.3)]
    assert told == [True, False, False]


def test_the_notice_says_from_where_to_where():
    history = [Moment(FIRST, 5, 5.0), Moment(FIRST + MONTH, 5, 3.0)]
    (said,) = notices(history, ())
    assert said.startswith(
        "The colonies of this guild are growing alike: on 1 January 2026 they were 100\u00a0% distinct, "
        "and now 50\u00a0%."
    )


def test_an_old_height_and_a_small_fall_are_no_news():
    long_ago = [Moment(FIRST, 5, 5.0), Moment(FIRST + 7 * MONTH, 5, 3.0)]
    small = [Moment(FIRST, 5, 5.0), Moment(FIRST + MONTH, 5, 4.0)]
    assert (notices(long_ago, ()), notices(small, ()), notices([], ())) == ([], [], [])


def test_a_colony_that_ends_makes_nobody_more_alike():
    assert (
        notices([Moment(FIRST, 5, 5.0), Moment(FIRST + MONTH, 2, 2.0), Moment(FIRST + 2 * MONTH, 1, 1.0)], ())
        == []
    )


@pytest.mark.parametrize(("adapted", "told"), [(0, True), (1, False)])
def test_one_ritual_that_many_take_up_as_it_is_is_named(adapted: int, told: bool):
    history = [Moment(FIRST, 5, 5.0)]
    taken = [Taken(FIRST - MONTH, "The lamp", adapted=index < adapted) for index in range(3)]
    said = notices(history, taken)
    assert said == (
        [
            "3 colonies have taken up “The lamp” within three months, and none of them changed it since: "
            "it may be pressing out what was kept before."
        ]
        if told
        else []
    )


def test_what_was_taken_up_long_ago_presses_nobody():
    taken = [Taken(FIRST - 4 * MONTH, "The lamp", adapted=False)] * 5
    assert notices([Moment(FIRST, 5, 5.0)], taken) == []
