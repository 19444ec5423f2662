"""Valence and arousal of moments, and emotions suggested from text.

The dreamer's own rating is always authoritative: where there is one it fixes the mean of the dream, and the
text only shapes how the feeling moves around that mean. A suggestion says what words are there, never what
they mean, and abstains where there are none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from guild.journal.emotion_words import (
    BOOSTERS,
    CLAUSE_WORDS,
    EMOTION_OF_WORD,
    NEGATION_REACH,
    NEGATIONS,
    NOT_NEGATED_AFTER,
    SOFTENERS,
    SOMETHING_ELSE_AFTER,
    SOMETHING_ELSE_BEFORE,
)
from guild.journal.enums import Emotion
from guild.journal.moments import moments_of
from guild.journal.records import Ratings

# (valence, arousal) of each class at its strongest: its place on Russell's circumplex (1980), rounded.
_PLACE: dict[Emotion, tuple[float, float]] = {
    Emotion.ANGER: (-0.8, 0.9),
    Emotion.APPREHENSION: (-0.8, 0.9),
    Emotion.SADNESS: (-1.0, 0.4),
    Emotion.CONFUSION: (-0.2, 0.6),
    Emotion.HAPPINESS: (1.0, 0.6),
}
# Classes that text may suggest: words of surprise do not follow what dreamers rate as confusion.
SUGGESTED = (Emotion.ANGER, Emotion.APPREHENSION, Emotion.SADNESS, Emotion.HAPPINESS)
_RESTING_AROUSAL = 0.1
# How far the text may move one moment away from the dreamer's own mean.
_SHAPE = 0.5
# Words that VADER scores as opinion, and that in a narrative are comparison, manner or politeness.
_NOT_FEELING = ("like", "likes", "kind", "well", "pretty", "sure", "certain", "certainly", "please", "grand")
# VADER's own bound between neutral and not.
_NEUTRAL = 0.05

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|[.,;:!?…—()\n。！？、]")


@dataclass(frozen=True)
class Evidence:
    """One word of the text that names an emotion, with the strength (1 to 4) it is said with."""

    emotion: Emotion
    word: str
    strength: int


@dataclass(frozen=True)
class Suggestion:
    """What the words suggest; None where they say nothing. `ratings.confusion` is always None."""

    ratings: Ratings
    valence: float | None
    evidence: tuple[Evidence, ...]

    @property
    def abstains(self) -> bool:
        return not self.ratings.given and self.valence is None

    def words_for(self, emotion: Emotion) -> tuple[str, ...]:
        """The words behind one rating, each once, in the order they came."""
        return tuple(dict.fromkeys(found.word for found in self.evidence if found.emotion == emotion))


def suggest(text: str) -> Suggestion:
    """Intensities for anger, apprehension, sadness and happiness, and the valence, from words alone."""
    evidence = tuple(found for found in evidence_in(text) if found.emotion in SUGGESTED)
    ratings = {emotion.value: _intensity(emotion, evidence) for emotion in SUGGESTED}
    scores = [score for moment in moments_of(text) if (score := text_valence(moment.text))]
    mean = float(np.mean(scores)) if scores else 0.0
    valence = round(mean, 2) if abs(mean) >= _NEUTRAL else None
    return Suggestion(ratings=Ratings.from_mapping(ratings), valence=valence, evidence=evidence)


def affect_of(texts: Sequence[str], ratings: Ratings) -> NDArray[np.float32]:
    """float32 [n, 2]: valence (-1 to 1) and arousal (0 to 1) of each text of one dream.

    Where `ratings` fix the valence or the arousal of the dream, the mean of that column is that value.
    """
    if not texts:
        return np.empty((0, 2), dtype=np.float32)
    valence = np.array([text_valence(text) for text in texts])
    arousal = np.array([_text_arousal(text, score) for text, score in zip(texts, valence, strict=True)])
    own_valence, own_arousal = valence_of(ratings), arousal_of(ratings)
    if own_valence is not None:
        valence = _around(own_valence, valence, low=-1.0, high=1.0)
    if own_arousal is not None:
        arousal = _around(own_arousal, arousal, low=0.0, high=1.0)
    return np.stack([valence, arousal], axis=1).astype(np.float32)


def valence_of(ratings: Ratings) -> float | None:
    """-1 to 1 from the dreamer's own ratings; None when none of them says whether it was good or bad."""
    if not set(ratings.given) - {Emotion.CONFUSION}:
        return None
    return _weighted(ratings, axis=0) * _strongest(ratings)


def arousal_of(ratings: Ratings) -> float | None:
    """0 to 1 from the dreamer's own ratings; None when nothing was rated."""
    if not ratings.given:
        return None
    return _RESTING_AROUSAL + (_weighted(ratings, axis=1) - _RESTING_AROUSAL) * _strongest(ratings)


def text_valence(text: str) -> float:
    """VADER's compound score, -1 to 1; exactly 0.0 when no word of `text` is in its lexicon."""
    return float(_analyser().polarity_scores(text)["compound"])


def evidence_in(text: str) -> Iterator[Evidence]:
    """Words of the five classes that `text` affirms; negated ones and known homonyms are left out."""
    tokens = [token.replace("’", "'") for token in _TOKEN.findall(text.lower())]
    for position, word in enumerate(tokens):
        named = EMOTION_OF_WORD.get(word)
        if named is None or _is_something_else(tokens, position):
            continue
        before = _clause_before(tokens, position)
        if not _negated(before):
            strength = named[1] + bool(BOOSTERS.intersection(before[-2:]))
            strength -= bool(SOFTENERS.intersection(before[-2:]))
            yield Evidence(named[0], word, max(1, strength))


def _intensity(emotion: Emotion, evidence: Sequence[Evidence]) -> int | None:
    """The strongest word, and one more when three or more words agree; None without evidence."""
    strengths = [found.strength for found in evidence if found.emotion == emotion]
    return min(4, max(strengths) + (len(strengths) >= 3)) if strengths else None


def _is_something_else(tokens: Sequence[str], position: int) -> bool:
    word = tokens[position]
    following = tokens[position + 1] if position + 1 < len(tokens) else ""
    previous = tokens[position - 1] if position else ""
    return following in SOMETHING_ELSE_BEFORE.get(word, ()) or previous in SOMETHING_ELSE_AFTER.get(word, ())


def _clause_before(tokens: Sequence[str], position: int) -> list[str]:
    """Up to NEGATION_REACH words before `position`, back to the beginning of its clause."""
    before: list[str] = []
    for token in reversed(tokens[max(0, position - NEGATION_REACH) : position]):
        if token in CLAUSE_WORDS or not token[0].isalpha():
            break
        before.insert(0, token)
    return before


def _negated(before: Sequence[str]) -> bool:
    for place, token in enumerate(before):
        following = before[place + 1] if place + 1 < len(before) else ""
        if (token in NEGATIONS or token.endswith("n't")) and following not in NOT_NEGATED_AFTER:
            return True
    return False


def _text_arousal(text: str, valence: float) -> float:
    named = [_PLACE[found.emotion][1] * min(found.strength, 3) / 3 for found in evidence_in(text)]
    said = max(named, default=0.0)
    return min(1.0, _RESTING_AROUSAL + max(said, 0.4 * abs(valence)) + 0.1 * ("!" in text))


def _around(own: float, shape: NDArray[np.float64], *, low: float, high: float) -> NDArray[np.float64]:
    """`own` plus the deviations of `shape`, shrunk until none leaves [low, high]: the mean stays `own`."""
    deviation = shape - shape.mean()
    room = [(high - own) / deviation.max()] if deviation.max() > 0 else []
    room += [(low - own) / deviation.min()] if deviation.min() < 0 else []
    return np.clip(own + min(_SHAPE, *room) * deviation, low, high) if room else np.full_like(shape, own)


def _weighted(ratings: Ratings, *, axis: int) -> float:
    given = ratings.given
    total = sum(given.values())
    if not total:
        return 0.0
    return sum(_PLACE[emotion][axis] * value for emotion, value in given.items()) / total


def _strongest(ratings: Ratings) -> float:
    return max(ratings.given.values(), default=0) / 4


@cache
def _analyser() -> SentimentIntensityAnalyzer:
    analyser = SentimentIntensityAnalyzer()
    for word in _NOT_FEELING:
        analyser.lexicon.pop(word, None)
    return analyser
