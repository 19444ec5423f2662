"""The name of a dreamscape: words that several of its dreamers dreamt. Nothing is made up. Pure."""

from collections.abc import Mapping
from typing import Any

FEWEST_WORDS, MOST_WORDS = 2, 3
SHORTEST = 4
SHARED = 2
"""Voices that must use a word before it stands for all of them."""


def title_of(document: Mapping[str, Any], *, otherwise: str) -> str:
    """The words that most voices share, at most one a motif; `otherwise` when they share fewer than two.

    Only those who allow quoting have words in the document at all.
    """
    ranked = sorted(
        (-voices, -motif["share"], place, motif["id"], term)
        for motif in document["motifs"]
        for place, (term, voices) in enumerate(zip(motif["terms"], motif["term_voices"], strict=True))
        if voices >= SHARED and len(term) >= SHORTEST and not term.endswith("ly")
    )
    words: dict[int, str] = {}
    for *_, motif, term in ranked:
        if motif not in words and term not in words.values():
            words[motif] = term
    chosen = list(words.values())[:MOST_WORDS]
    if len(chosen) < FEWEST_WORDS:
        return otherwise
    title = ", ".join(chosen)
    return title[:1].upper() + title[1:]
