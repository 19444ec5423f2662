from collections import Counter
from datetime import date
from itertools import combinations

from guild.journal.affect import affect_of, valence_of
from guild.journal.checking import problems_of
from guild.journal.moments import moments_of
from guild.journal.reading import read_narrative, terms_of
from guild.portal.sample_dreams import CIRCLE, MEMBERS_DREAMS, STRANGERS_DREAMS

TONIGHT = date(2025, 6, 1)
EVERY_DREAM = (*MEMBERS_DREAMS, *STRANGERS_DREAMS)


def test_sample_dreams_are_forty_of_five_members_and_two_of_a_stranger() -> None:
    assert Counter(dream.dreamer for dream in MEMBERS_DREAMS) == {
        "Ayla": 8,
        "Finn": 8,
        "Lara": 8,
        "Ezra": 8,
        "Mira": 8,
    }
    assert [dream.dreamer for dream in STRANGERS_DREAMS] == ["Zed", "Zed"]


def test_sample_dreams_may_all_be_kept() -> None:
    drafts = [dream.draft(TONIGHT) for dream in EVERY_DREAM]

    assert [problems_of(draft, latest_night=TONIGHT) for draft in drafts] == [()] * 42


def test_sample_dreams_are_short_and_uneven() -> None:
    words = [len(dream.narrative.split()) for dream in EVERY_DREAM]
    sentences = [len(moments_of(dream.narrative)) for dream in EVERY_DREAM]

    assert 40 <= min(words) <= max(words) <= 120
    assert 3 <= min(sentences) <= max(sentences) <= 14
    assert max(words) - min(words) > 40


def test_sample_dreams_of_one_dreamer_are_of_different_nights() -> None:
    nights = Counter((dream.dreamer, dream.nights_ago) for dream in EVERY_DREAM)

    assert set(nights.values()) == {1}
    assert min(dream.nights_ago for dream in EVERY_DREAM) >= 1


def test_sample_dreams_hold_every_kind() -> None:
    assert {dream.kind for dream in EVERY_DREAM} == {
        "dream",
        "nightmare",
        "recurring",
        "hypnagogic",
        "daydream",
    }


def test_the_circle_is_one_dream_of_each_member_on_one_night() -> None:
    assert {dream.dreamer for dream in CIRCLE} == {"Ayla", "Finn", "Lara", "Ezra", "Mira"}
    assert len(CIRCLE) == 5
    assert len({dream.nights_ago for dream in CIRCLE}) == 1


def test_the_circle_shares_words_and_yet_no_two_of_its_dreams_are_alike() -> None:
    terms = [set(terms_of(dream.narrative)) for dream in CIRCLE]
    told_by = Counter(term for one in terms for term in one)
    likeness = [len(one & other) / len(one | other) for one, other in combinations(terms, 2)]

    assert [told_by[term] >= 4 for term in ("water", "stairs", "room")] == [True, True, True]
    assert max(likeness) < 0.25


def test_every_sample_dream_can_be_read_for_a_blend() -> None:
    for dream in EVERY_DREAM:
        reading = read_narrative(dream.narrative, dream.ratings)
        own = valence_of(dream.ratings)

        assert reading.points.shape == (len(reading.moments), 256)
        assert own is None or abs(float(affect_of(reading.texts, dream.ratings)[:, 0].mean()) - own) < 1e-5
