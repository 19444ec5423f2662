"""What changed between two texts, in words that came and words that went. Pure."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True)
class Run:
    """A stretch of words that stayed, was added or removed."""

    fate: str
    words: str


def runs_between(before: str, after: str) -> tuple[Run, ...]:
    """The words of both, in the order in which one reads them.

    Between the first and the last word that differ, words that come again all the time are no place to begin
    a comparison at: with them, one of two long texts of few words takes minutes.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    middle = _compared(old[head : len(old) - tail], new[head : len(new) - tail])
    every = [Run("kept", "".join(old[:head])), *middle, Run("kept", "".join(old[len(old) - tail :]))]
    return tuple(run for run in every if run.words)


def _alike(old: list[str], new: list[str]) -> int:
    """With how many of the same words both begin."""
    return next(
        (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )


def _compared(old: list[str], new: list[str]) -> Iterator[Run]:
    steps = difflib.SequenceMatcher(a=old, b=new, autojunk=True).get_opcodes()
    for tag, old_from, old_to, new_from, new_to in steps:
        if tag == "equal":
            yield Run("kept", "".join(old[old_from:old_to]))
            continue
        removed, added = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        space = _space_before(removed)
        if space == _space_before(added):
            yield Run("kept", space)
            removed, added = removed[len(space) :], added[len(space) :]
        yield Run("removed", removed)
        yield Run("added", added)


def _space_before(words: str) -> str:
    return words[: len(words) - len(words.lstrip())]
