"""Cutting a narrative into moments: sentences, or what stands for them where there is no full stop.

One pass over the marks that may end a sentence, so the cost is linear in the text. The rules are small on
purpose: a moment need not be grammar, it must be a stretch of a few words that means something by itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Past this a stretch without a full stop is cut at a comma, else at a space, else between two characters.
LONGEST_MOMENT = 320
# Past this many, neighbours are joined: a megabyte of two-letter sentences is not 200,000 points of a blend.
MOST_MOMENTS = 10_000
# A line shorter than this was ended by its writer; a longer one was probably wrapped by a program.
WRAPPED_LINE = 60
# A stretch without a letter or digit (a rule of stars, a lone emoji) up to this long joins its neighbour.
WORDLESS = 40

_CLOSERS = "\"'”’»›)\\]}」』）】》〉"
# Possessive, and guarded against starting inside a run: half a megabyte of dots costs one pass.
_ENDS = re.compile(
    rf"(?<![.!?…])(?P<stop>[.!?…]++)(?P<closers>[{_CLOSERS}]*+)(?=\s|$)"
    rf"|(?P<wide>[。！？｡．؟۔।॥።։။།]++)(?P<quoted>[{_CLOSERS}]*+)"
    r"|(?P<paragraph>\n[^\S\n]*\n\s*)"
    r"|(?P<line>\n)"
)
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]\.)*[^\W_]+$")
_TRAILING_SYMBOLS = re.compile(r"[^\S\n]*[^\w\s]+")
# "「…？」と聞いた": hiragana right after a closed quotation goes on with the sentence.
_PARTICLE = re.compile(r"[ぁ-ん]")
_LETTER = re.compile(r"[^\W_]")
_CLAUSE = re.compile(r"[,;:،؛、，；：—–]+\s*|\s(?=(?:and|but|then|so|when|while|because)\s)", re.IGNORECASE)

_TITLES = "mr mrs ms dr st prof rev sgt capt lt col gen hon fr sr jr mt vs nr fig approx"
_NEVER_ENDS = frozenset(_TITLES.split())
_SHORTENED = "etc e.g i.e a.m p.m u.s u.k inc ltd co dept"
_ENDS_BEFORE_CAPITAL = frozenset(_SHORTENED.split())


@dataclass(frozen=True)
class Moment:
    """A stretch of a narrative: `text == narrative[start:end]`."""

    start: int
    end: int
    text: str


def moments_of(narrative: str) -> tuple[Moment, ...]:
    """The moments of `narrative` in order, without overlap; () for a text of white space only.

    A short stretch without a letter or digit is never alone, unless the narrative has nothing else.
    """
    bounds = [piece for stretch in _stretches(narrative) for piece in _pieces(narrative, *stretch)]
    kept = _at_most(MOST_MOMENTS, _with_words(narrative, bounds))
    return tuple(Moment(start, end, narrative[start:end]) for start, end in kept)


def _stretches(narrative: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _ENDS.finditer(narrative):
        if mark.end() <= start or not _ends_here(narrative, mark, start=start):
            continue
        end = mark.end()
        if mark["stop"] or mark["wide"]:
            end = _after_symbols(narrative, end)
        yield from _trimmed(narrative, start, end)
        start = end
    yield from _trimmed(narrative, start, len(narrative))


def _ends_here(narrative: str, mark: re.Match[str], *, start: int) -> bool:
    if mark["stop"]:
        return _stop_ends(narrative, mark)
    if mark["line"]:
        line_start = max(start, narrative.rfind("\n", 0, mark.start()) + 1)
        return mark.start() - line_start < WRAPPED_LINE
    if mark["wide"]:
        return not (mark["quoted"] and _PARTICLE.match(narrative, mark.end()))
    return True


def _stop_ends(narrative: str, mark: re.Match[str]) -> bool:
    """Whether a run of stops ends a sentence, judged by the word before it and the letter after it."""
    following = _next_letter(narrative, mark.end())
    if mark["closers"] or mark["stop"].startswith(("..", "…")):
        return not following.islower()
    if mark["stop"] != ".":
        return True
    found = _WORD_BEFORE.search(narrative, max(0, mark.start() - 24), mark.start())
    word = found.group() if found else ""
    if word.casefold() in _NEVER_ENDS:
        return not following
    if word.casefold() == "no":
        return not following.isdigit()
    if word.casefold() in _ENDS_BEFORE_CAPITAL:
        return following.isupper()
    return not (len(word) == 1 and word.isupper() and word != "I" and following.isupper())


def _next_letter(narrative: str, position: int) -> str:
    found = _LETTER.search(narrative, position, position + WORDLESS)
    return found.group() if found else ""


def _after_symbols(narrative: str, end: int) -> int:
    """Emoji and marks that stand alone after a sentence belong to it."""
    found = _TRAILING_SYMBOLS.match(narrative, end)
    if found and (found.end() == len(narrative) or narrative[found.end()].isspace()):
        return found.end()
    return end


def _trimmed(narrative: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and narrative[start].isspace():
        start += 1
    while end > start and narrative[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _pieces(narrative: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch itself, or pieces of it of about equal length when it is too long."""
    while end - start > LONGEST_MOMENT:
        target = start + (end - start) // -(-(end - start) // LONGEST_MOMENT)
        cut = _cut_near(narrative, start=start, target=target)
        yield from _trimmed(narrative, start, cut)
        start = cut
    yield from _trimmed(narrative, start, end)


def _cut_near(narrative: str, *, start: int, target: int) -> int:
    """The last clause end, else the last space, in the second half before `target`; else `target` itself."""
    earliest = start + (target - start) // 2
    clauses = [found.end() for found in _CLAUSE.finditer(narrative, earliest, target)]
    if clauses:
        return clauses[-1]
    for position in range(target, earliest, -1):
        if narrative[position - 1].isspace():
            return position
    while target > earliest and _joins(narrative, target):
        target -= 1
    return target


def _joins(narrative: str, position: int) -> bool:
    """Whether the characters on both sides of `position` are drawn as one (accents, joined emoji)."""
    after, before = narrative[position], narrative[position - 1]
    return bool(unicodedata.combining(after)) or after in "\u200d\ufe0f" or before == "\u200d"


def _with_words(narrative: str, bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Short stretches with no letter or digit join the one before, or the one after when they come first."""
    joined: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in bounds:
        if end - start > WORDLESS or _LETTER.search(narrative, start, end):
            joined.append((start if waiting is None else waiting, end))
            waiting = None
        elif joined:
            joined[-1] = (joined[-1][0], end)
        elif waiting is None:
            waiting = start
    return joined if waiting is None else [(waiting, bounds[-1][1])]


def _at_most(most: int, bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`bounds` with neighbours joined in groups of equal count, so that at most `most` are left."""
    group = -(-len(bounds) // most) or 1
    return [
        (bounds[first][0], bounds[min(first + group, len(bounds)) - 1][1])
        for first in range(0, len(bounds), group)
    ]
