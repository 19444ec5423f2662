"""Finding a phrase in opened text, and the fragments around it with the hits marked, safe as HTML.

A query is words that must all occur, in any order; words between quotation marks must stand together. Case,
accents and width do not matter: "cafe" finds "Café". There is no index: the text was opened for this reader.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|(\S+)')
_FRAGMENT_REACH = 60
_MOST_FRAGMENTS = 3
_MOST_TERMS = 12
QUERY_LIMIT = 200


@dataclass(frozen=True)
class Part:
    text: str
    hit: bool


@dataclass(frozen=True)
class Fragment:
    """A stretch of a text around one or more hits; the parts joined give the stretch back."""

    parts: tuple[Part, ...]

    @property
    def html(self) -> SafeString:
        """The stretch with every hit in <mark>, everything else escaped."""
        return format_html_join(
            "",
            "{}{}{}",
            ((_OPEN if part.hit else "", part.text, _CLOSE if part.hit else "") for part in self.parts),
        )


_OPEN, _CLOSE = SafeString("<mark>"), SafeString("</mark>")


@dataclass(frozen=True)
class Query:
    """What is looked for, folded; an empty query matches nothing."""

    terms: tuple[str, ...]

    @classmethod
    def parse(cls, typed: str) -> "Query":
        found = (quoted or word for quoted, word in _QUOTED.findall(typed[:QUERY_LIMIT]))
        terms = dict.fromkeys(" ".join(fold(term).split()) for term in found)
        terms.pop("", None)
        return cls(tuple(terms)[:_MOST_TERMS])

    def matches(self, *texts: str) -> bool:
        """Whether every term occurs in one of `texts` (a line break counts as a space)."""
        folded = [fold(text) for text in texts]
        return bool(self.terms) and all(any(term in text for text in folded) for term in self.terms)


def fold(text: str) -> str:
    """Lower case, without accents, in compatible width, with every white space a plain space."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _BLANK.sub(" ", text.casefold())


_BLANK = re.compile(r"\s")


def fragments_of(text: str, query: Query) -> tuple[Fragment, ...]:
    """Up to three stretches of `text` around its hits, each cut at a word; () when there is none."""
    hits = _hits(text, query)
    fragments: list[Fragment] = []
    position = 0
    while position < len(hits) and len(fragments) < _MOST_FRAGMENTS:
        start = _back_to_word(text, hits[position][0] - _FRAGMENT_REACH)
        end = hits[position][1] + _FRAGMENT_REACH
        inside = [hit for hit in hits[position:] if hit[0] < end]
        end = _on_to_word(text, max(end, inside[-1][1]))
        fragments.append(_marked(text, start=start, end=end, hits=inside))
        position += len(inside)
    return tuple(fragments)


def marked_whole(text: str, query: Query) -> Fragment:
    """All of `text` as one fragment, hits marked."""
    return _marked(text, start=0, end=len(text), hits=_hits(text, query), elide=False)


def _hits(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the terms stand in `text` itself, in order, overlaps joined."""
    folded, origin = _folded_with_origin(text)
    found = sorted(
        (origin[match.start()], origin[match.end() - 1] + 1)
        for term in query.terms
        for match in re.finditer(re.escape(term), folded)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [(start, _with_accents(text, end)) for start, end in joined]


def _folded_with_origin(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in `text` it came from."""
    if text.isascii():
        return fold(text), range(len(text))
    pieces, origin = [], []
    for place, character in enumerate(text):
        piece = fold(character)
        pieces.append(piece)
        origin.extend([place] * len(piece))
    return "".join(pieces), origin


def _with_accents(text: str, end: int) -> int:
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _back_to_word(text: str, start: int) -> int:
    if start <= 0:
        return 0
    space = text.find(" ", start, start + _FRAGMENT_REACH // 2)
    return start if space < 0 else space + 1


def _on_to_word(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.find(" ", end, end + _FRAGMENT_REACH // 2)
    return end if space < 0 else space


def _marked(
    text: str, *, start: int, end: int, hits: Sequence[tuple[int, int]], elide: bool = True
) -> Fragment:
    parts = [Part("…", hit=False)] if elide and start > 0 else []
    place = start
    for hit_start, hit_end in hits:
        parts += [Part(text[place:hit_start], hit=False), Part(text[hit_start:hit_end], hit=True)]
        place = hit_end
    parts.append(Part(text[place:end], hit=False))
    if elide and end < len(text):
        parts.append(Part("…", hit=False))
    return Fragment(tuple(part for part in parts if part.text))
