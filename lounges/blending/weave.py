"""The weave: a text of moments as their dreamers wrote them, ordered so that one leads to the next.

Nothing is generated. Two rules hold whatever was lent: everyone who allows quoting has at least one moment in
it, and nobody has more than max(cap, 2 / n) of its words, n being the dreamers who allow quoting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lounges.blending.intake import Measure
from lounges.blending.motifs import Gathering
from lounges.blending.shapes import BlendTerms, Floats, Quote
from lounges.blending.words import beginning, word_count

PARAGRAPHS = 4
LONGEST_QUOTE = 60
"""Words of one moment that the weave shows before it breaks off."""


@dataclass(frozen=True, eq=False)
class _Piece:
    """A moment that may be woven in. `order` is its place in the computation, which settles ties."""

    quote: Quote
    dreamer: str
    point: Floats
    time: float
    order: tuple[int, int]

    @property
    def words(self) -> int:
        return word_count(self.quote.text)


def weave_of(
    measures: Sequence[Measure], gathering: Gathering, *, cap: float, terms: BlendTerms
) -> tuple[tuple[Quote, ...], ...]:
    """Paragraphs along narrative time; empty when nobody allows quoting."""
    chosen = _chosen(measures, gathering, most=terms.weave_moments)
    speakers = {piece.dreamer for piece in chosen}
    if not speakers:
        return ()
    limited = _limited(chosen, share=min(1.0, max(cap, 2.0 / len(speakers))))
    paragraphs: list[list[_Piece]] = [[] for _ in range(PARAGRAPHS)]
    for piece in limited:
        paragraphs[min(int(piece.time * PARAGRAPHS), PARAGRAPHS - 1)].append(piece)
    woven: list[tuple[Quote, ...]] = []
    last: _Piece | None = None
    for paragraph in paragraphs:
        if paragraph:
            chained = _chain(paragraph, last)
            last = chained[-1]
            woven.append(tuple(piece.quote for piece in chained))
    return tuple(woven)


def _chosen(measures: Sequence[Measure], gathering: Gathering, *, most: int) -> list[_Piece]:
    """Of each quoting voice, the moments nearest the motifs they belong to, one from each third of its dream
    first.
    """
    pieces: list[_Piece] = []
    for position, (measure, own) in enumerate(zip(measures, gathering.of_moments, strict=True)):
        if measure.texts:
            atoms = gathering.atoms[own, : measure.points.shape[1]]
            away = np.linalg.norm(measure.points - atoms, axis=1)
            pieces += [_piece(measure, position, index) for index in _spread_out(away, measure, most)]
    return pieces


def _spread_out(away: Floats, measure: Measure, most: int) -> list[int]:
    ranked = [index for index in np.argsort(away, kind="stable").tolist() if measure.texts[index].strip()]
    ranked = ranked or [int(away.argmin())]
    parts: dict[int, list[int]] = {}
    for index in ranked:
        parts.setdefault(int(measure.times[index] * most), []).append(index)
    return sorted(part[0] for part in parts.values())


def _piece(measure: Measure, position: int, index: int) -> _Piece:
    text = beginning(measure.texts[index], words=LONGEST_QUOTE)
    return _Piece(
        quote=Quote(voice=measure.key, index=index, text=text),
        dreamer=measure.dreamer,
        point=measure.points[index],
        time=float(measure.times[index]),
        order=(position, index),
    )


def _limited(pieces: list[_Piece], *, share: float) -> list[_Piece]:
    """Shorten whoever speaks most until nobody has more than `share` of the words.

    A dreamer over the limit first loses moments (a voice's last one only when nothing else is left to lose),
    then the end of their longest. It ends: words only go, and where every dreamer is down to one word each
    has an even share, which is within the limit.
    """
    while True:
        spoken: dict[str, int] = {}
        for piece in pieces:
            spoken[piece.dreamer] = spoken.get(piece.dreamer, 0) + piece.words
        loudest = max(spoken, key=lambda dreamer: (spoken[dreamer], dreamer))
        others = sum(spoken.values()) - spoken[loudest]
        if share >= 1.0 or spoken[loudest] <= share * (others + spoken[loudest]):
            return pieces
        allowed = int(others * share / (1.0 - share) + 1e-9)
        pieces = _less(pieces, loudest, allowed=max(1, allowed))


def _less(pieces: list[_Piece], dreamer: str, *, allowed: int) -> list[_Piece]:
    """The pieces with one of the dreamer's dropped, or the longest of theirs cut to what is allowed."""
    own = [piece for piece in pieces if piece.dreamer == dreamer]
    longest = max(own, key=_length)
    spare = [piece for piece in own if sum(other.quote.voice == piece.quote.voice for other in own) > 1]
    if spare:
        excess = sum(piece.words for piece in own) - allowed
        enough = [piece for piece in spare if piece.words >= excess]
        dropped = min(enough, key=_length) if enough else max(spare, key=_length)
        return [piece for piece in pieces if piece is not dropped]
    if len(own) > 1 and longest.words == 1:
        return [piece for piece in pieces if piece is not longest]
    keep = max(1, allowed - (sum(piece.words for piece in own) - longest.words))
    keep = min(keep, longest.words - 1)
    cut = replace(longest, quote=replace(longest.quote, text=beginning(longest.quote.text, words=keep)))
    return [cut if piece is longest else piece for piece in pieces]


def _length(piece: _Piece) -> tuple[int, tuple[int, int]]:
    return piece.words, piece.order


def _chain(pieces: list[_Piece], before: _Piece | None) -> list[_Piece]:
    """From what came before, always the nearest next, another voice's before the same voice's; where nothing
    came before, from the earliest.
    """
    left = sorted(pieces, key=lambda piece: (piece.time, piece.order))
    last = left[0] if before is None else before
    chained: list[_Piece] = []
    while left:
        last = last if last in left else min(left, key=partial(_distance, last))
        left.remove(last)
        chained.append(last)
    return chained


def _distance(last: _Piece, piece: _Piece) -> tuple[bool, float, tuple[int, int]]:
    away = float(np.linalg.norm(piece.point - last.point)) + abs(piece.time - last.time)
    return piece.quote.voice == last.quote.voice, away, piece.order
