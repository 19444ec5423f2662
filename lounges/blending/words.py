"""How long a text is, and the beginning of one that is too long."""

from __future__ import annotations

import re

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts written without spaces between words: there, a character counts as a word."""

_TOKEN = re.compile(r"\S+")


def word_count(text: str) -> int:
    """Words between spaces; in scripts that have no spaces, characters. At least 1 for any text."""
    return max(1, sum(_length(token) for token in _TOKEN.findall(text)))


def beginning(text: str, *, words: int) -> str:
    """The text itself when it has no more than so many words (at least 1), else its first words and an
    ellipsis.
    """
    if word_count(text) <= words:
        return text
    end, left = 0, words
    for token in _TOKEN.finditer(text):
        length = _length(token.group())
        if length > left:
            end = end if left == 0 else _cut(token, left)
            break
        left -= length
        end = token.end()
    return text[:end].rstrip() + "…"


def _length(token: str) -> int:
    return max(1, len(_UNSPACED.findall(token)))


def _cut(token: re.Match[str], left: int) -> int:
    """Where so many characters of an unspaced token end."""
    marks = list(_UNSPACED.finditer(token.group()))
    return token.start() + marks[left - 1].end()
