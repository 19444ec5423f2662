"""What changed between two texts, in words that came and words that went. Pure."""

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Run:
    """A stretch of words that stayed, was added or removed."""

    fate: str
    words: str


def runs_between(before: str, after: str) -> tuple[Run, ...]:
    """The words of both, in the order in which one reads them."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Run] = []
    for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found.append(Run("kept", "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            found.append(Run("removed", "".join(old[old_from:old_to])))
        if new_to > new_from:
            found.append(Run("added", "".join(new[new_from:new_to])))
    return tuple(found)
