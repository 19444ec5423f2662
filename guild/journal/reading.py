"""What a blend needs of one text: its moments as points, affect and terms; computed once, stored sealed."""

import json
import re
import struct
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from guild.journal.affect import affect_of
from guild.journal.embedding import DIMENSION, embed
from guild.journal.errors import BrokenReading, EmptyText
from guild.journal.function_words import FUNCTION_WORDS
from guild.journal.moments import Moment, moments_of
from guild.journal.records import Ratings

_MAGIC = b"RDG1"
_LENGTH = struct.Struct(">I")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
# Scripts written without spaces: a run of them is read as pairs of characters.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,}")
_SHORTEST_TERM = 3


@dataclass(frozen=True, eq=False)
class Reading:
    """`points` float32 [m, 256] unit norm; `affect` float32 [m, 2]; one tuple of terms for each moment."""

    moments: tuple[Moment, ...]
    points: NDArray[np.float32]
    affect: NDArray[np.float32]
    terms: tuple[tuple[str, ...], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(moment.text for moment in self.moments)

    def to_bytes(self) -> bytes:
        """Everything, as plain bytes without executable content; they hold words, so seal them."""
        words = {
            "moments": [[moment.start, moment.end, moment.text] for moment in self.moments],
            "terms": self.terms,
        }
        header = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
        points, affect = (part.astype("<f4").tobytes() for part in (self.points, self.affect))
        return b"".join([_MAGIC, _LENGTH.pack(len(header)), header, points, affect])

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Reading":
        """The reading that `to_bytes` wrote. Raises BrokenReading."""
        start = len(_MAGIC) + _LENGTH.size
        if stored[: len(_MAGIC)] != _MAGIC or len(stored) < start:
            raise BrokenReading
        (length,) = _LENGTH.unpack_from(stored, len(_MAGIC))
        try:
            words = json.loads(stored[start : start + length])
            moments = tuple(Moment(*item) for item in words["moments"])
            terms = tuple(tuple(item) for item in words["terms"])
            numbers = np.frombuffer(stored, dtype="<f4", offset=start + length)
            points, affect = np.split(numbers, [len(moments) * DIMENSION])
            return cls(
                moments=moments,
                points=points.reshape(len(moments), DIMENSION).astype(np.float32),
                affect=affect.reshape(len(moments), 2).astype(np.float32),
                terms=terms,
            )
        except (ValueError, TypeError, KeyError) as error:
            raise BrokenReading from error


def read_narrative(narrative: str, ratings: Ratings) -> Reading:
    """Cut, embed and feel one text. Raises EmptyText when there is nothing to read."""
    moments = moments_of(narrative)
    if not moments:
        raise EmptyText
    texts = [moment.text for moment in moments]
    return Reading(
        moments=moments,
        points=embed(texts),
        affect=affect_of(texts, ratings),
        terms=tuple(terms_of(text) for text in texts),
    )


def terms_of(text: str) -> tuple[str, ...]:
    """The content words of one moment in lower case, each once, in order."""
    found: dict[str, None] = {}
    for match in _WORD.finditer(text.lower()):
        word = match.group().replace("’", "'").removesuffix("'s")
        if _UNSPACED.fullmatch(word):
            found.update(dict.fromkeys("".join(pair) for pair in pairwise(word)))
        elif len(word) >= _SHORTEST_TERM and word not in FUNCTION_WORDS:
            found[word] = None
    return tuple(found)
