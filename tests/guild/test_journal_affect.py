import numpy as np
import pytest

from guild.journal.affect import affect_of, arousal_of, suggest, text_valence, valence_of
from guild.journal.records import Ratings

UNRATED = Ratings()


@pytest.mark.parametrize(
    ("text", "ratings"),
    [
        ("I was angry with my brother.", Ratings(anger=2)),
        ("I was very angry with my brother.", Ratings(anger=3)),
        ("I was furious, raging, incensed.", Ratings(anger=4)),
        ("She was slightly worried.", Ratings(apprehension=1)),
        ("I was not angry, only sad.", Ratings(sadness=2)),
        ("I wasn't scared or sad, just a bit worried.", Ratings(apprehension=1)),
        ("I wasn’t scared.", UNRATED),
        ("Nobody was happy.", UNRATED),
        ("I was not only glad but proud.", Ratings(happiness=2)),
        ("No wonder I was afraid.", Ratings(apprehension=2)),
        ("We did not stop. I was terrified.", Ratings(apprehension=3)),
        ("They sang happy birthday while a mad scientist opened the safe.", UNRATED),
        ("My stomach: an upset stomach all night.", UNRATED),
        ("I walked to the shop and bought bread.", UNRATED),
        ("It was strange and I was confused.", UNRATED),
        ("昨夜、夢を見た。", UNRATED),
        ("", UNRATED),
    ],
)
def test_suggest_reads_the_words_that_are_there_and_no_others(text: str, ratings: Ratings) -> None:
    assert suggest(text).ratings == ratings


def test_suggest_names_its_evidence_word_by_word() -> None:
    suggestion = suggest("I was afraid. Still afraid, and a little sad.")

    assert [(found.emotion.code, found.word) for found in suggestion.evidence] == [
        ("AP", "afraid"),
        ("AP", "afraid"),
        ("SD", "sad"),
    ]


def test_suggest_abstains_wholly_without_evidence() -> None:
    suggestion = suggest("I walked to the shop and bought bread.")

    assert (suggestion.abstains, suggestion.valence, suggestion.evidence) == (True, None, ())


@pytest.mark.parametrize("text", ["It was like a kind of well.", "pretty sure, certainly"])
def test_text_valence_of_comparisons_is_neutral(text: str) -> None:
    assert text_valence(text) == 0.0


def test_suggest_valence_has_the_sign_of_the_words() -> None:
    good, bad = (
        suggest("It was a wonderful, lovely day.").valence,
        suggest("It was a horrible, cruel war.").valence,
    )

    assert good is not None
    assert bad is not None
    assert bad < 0 < good


@pytest.mark.parametrize(
    ("ratings", "valence", "arousal"),
    [
        (UNRATED, None, None),
        (Ratings(happiness=4), 1.0, 0.6),
        (Ratings(sadness=4), -1.0, 0.4),
        (Ratings(anger=0, apprehension=0, sadness=0, happiness=0), 0.0, 0.1),
        (Ratings(confusion=4), None, 0.6),
        (Ratings(apprehension=2, happiness=2), 0.05, 0.425),
    ],
)
def test_own_ratings_give_valence_and_arousal(
    ratings: Ratings, valence: float | None, arousal: float | None
) -> None:
    assert valence_of(ratings) == (valence if valence is None else pytest.approx(valence))
    assert arousal_of(ratings) == (arousal if arousal is None else pytest.approx(arousal))


@pytest.mark.parametrize(
    "ratings",
    [Ratings(happiness=4), Ratings(sadness=3, anger=1), Ratings(apprehension=4), Ratings(happiness=1)],
)
def test_affect_of_a_rated_dream_has_the_dreamers_own_mean_whatever_the_text_says(ratings: Ratings) -> None:
    texts = ["It was horrible and cruel!", "I walked.", "Wonderful, I was so happy.", "They killed the war."]

    affect = affect_of(texts, ratings)

    assert affect.mean(axis=0) == pytest.approx([valence_of(ratings), arousal_of(ratings)], abs=1e-6)
    assert affect[:, 0].min() >= -1
    assert affect[:, 0].max() <= 1
    assert affect[:, 1].min() >= 0
    assert affect[:, 1].max() <= 1


def test_affect_of_an_unrated_dream_follows_the_text() -> None:
    affect = affect_of(["I was terrified!", "I walked.", "It was wonderful."], UNRATED)

    assert affect.dtype == np.float32
    assert list(np.sign(affect[:, 0])) == [-1, 0, 1]
    assert affect[0, 1] == affect[:, 1].max()
    assert affect[1] == pytest.approx([0.0, 0.1])


def test_affect_of_nothing_is_empty() -> None:
    assert affect_of([], UNRATED).shape == (0, 2)
