"""The embedder: texts in, points on the unit sphere out. The one place that knows wordllama."""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from guild.journal.errors import EmptyText

DIMENSION = 256
# Tokens gathered at a time: 64 MB of vectors, whatever the length of the texts.
_TOKENS_AT_A_TIME = 65_536


class Embedder(Protocol):
    """What another embedder must offer to take this one's place."""

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], rows of unit norm; a row depends on its own text alone, to the bit."""
        ...


class StaticEmbedder:
    """Mean of wordllama's static token vectors, which lie inside the wheel: nothing is fetched."""

    dimension = DIMENSION

    def __init__(self) -> None:
        model = _load_wordllama()
        self._vectors: NDArray[np.float32] = model.embedding
        self._tokenizer = model.tokenizer
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        tokens = [np.minimum(np.asarray(one.ids, dtype=np.int64), len(self._vectors) - 1) for one in encoded]
        points = np.empty((len(tokens), self.dimension), dtype=np.float32)
        for row, ids in enumerate(tokens):
            if not len(ids):
                raise EmptyText
            points[row] = self._mean_direction(ids)
        return points

    def _mean_direction(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        total = np.zeros(self.dimension, dtype=np.float64)
        for start in range(0, len(ids), _TOKENS_AT_A_TIME):
            total += self._vectors[ids[start : start + _TOKENS_AT_A_TIME]].sum(axis=0, dtype=np.float64)
        length = float(np.sqrt(np.square(total).sum()))
        if length == 0.0:
            raise EmptyText
        return total / length


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """float32 [n, 256], unit norm, in the order of `texts`. Raises EmptyText for a text without a token."""
    if not texts:
        return np.empty((0, DIMENSION), dtype=np.float32)
    return embedder().embed(texts)


@cache
def embedder() -> Embedder:
    """The embedder of this process, loaded at the first use (about a third of a second)."""
    return StaticEmbedder()


def _load_wordllama() -> Any:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama  # imported here: it takes a second, and it configures the root logger

    root.handlers[:] = handlers
    root.setLevel(level)
    # Plain load() looks for the tokenizer in the wrong folder and then goes to the network.
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
