"""What a dream must be to be kept: one set of rules for the form, the API and the importer."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from guild.journal.enums import DreamKind
from guild.journal.errors import Problem
from guild.journal.records import Draft

# Ten thousand sentences of fifty characters; a megabyte of text is refused.
NARRATIVE_LIMIT = 500_000
TITLE_LIMIT = 200
LABEL_LIMIT = 60
LABELS_LIMIT = 30
SCALE = range(5)
EARLIEST_NIGHT = date(1850, 1, 1)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_LABEL_ENDS = re.compile(r"[,;，；、،]")
_ALLOWED_CONTROLS = frozenset("\n\t")


def clean_text(text: str) -> str:
    """The same words with one kind of line end and no white space or byte order mark around them.

    Where nothing can be seen (a zero-width space, say), nothing was written: "".
    """
    return _LINE_ENDS.sub("\n", text).strip().strip("\ufeff").strip() if _shows_anything(text) else ""


def clean_line(text: str) -> str:
    """The same words on one line, with single spaces; "" where nothing can be seen."""
    return " ".join(text.replace("\ufeff", "").split()) if _shows_anything(text) else ""


def _shows_anything(text: str) -> bool:
    return any(not character.isspace() and unicodedata.category(character) != "Cf" for character in text)


def split_labels(typed: str | Iterable[str]) -> tuple[str, ...]:
    """Tags, people or places from one line or several, parted by commas or semicolons, each once."""
    pieces = typed.split("\n") if isinstance(typed, str) else typed
    labels = (clean_line(label) for piece in pieces for label in _LABEL_ENDS.split(piece))
    return tuple(dict.fromkeys(label for label in labels if label))


def problems_of(draft: Draft, *, latest_night: date) -> tuple[Problem, ...]:
    """Every reason why `draft` may not be kept, in the order of the form; () when it may.

    `latest_night` is the dreamer's sleep night now: no later night has begun.
    """
    return (
        *_narrative_problems(draft.narrative),
        *_title_problems(draft.title),
        *_night_problems(draft.dreamed_on, latest_night=latest_night),
        *_scale_problems(draft),
        *_kind_problems(draft.kind),
        *_label_problems("tags", draft.tags),
        *_label_problems("people", draft.people),
        *_label_problems("places", draft.places),
    )


def unreadable(text: str) -> bool:
    """Whether `text` holds what no keyboard types: NUL, other control characters, broken surrogates."""
    if text.isprintable():
        return False
    return any(
        character not in _ALLOWED_CONTROLS and unicodedata.category(character) in {"Cc", "Cs"}
        for character in set(text)
    )


def _narrative_problems(narrative: str) -> Iterator[Problem]:
    if not any(not character.isspace() for character in narrative):
        yield Problem("narrative", "Write the dream first: a few words are enough.")
    elif len(narrative) > NARRATIVE_LIMIT:
        yield Problem(
            "narrative",
            f"This dream has {len(narrative):,} characters; {NARRATIVE_LIMIT:,} is the most one dream can "
            "have. Cut it, or keep it as two dreams of the same night.",
        )
    elif unreadable(narrative):
        yield Problem(
            "narrative",
            "This holds characters that are not text, as if a file that is not text had been pasted. "
            "Paste the words of the dream instead.",
        )


def _title_problems(title: str) -> Iterator[Problem]:
    if len(title) > TITLE_LIMIT:
        yield Problem("title", f"Keep the title to {TITLE_LIMIT} characters; this one has {len(title):,}.")
    elif unreadable(title) or "\n" in title:
        yield Problem("title", "A title is one line of plain text: take out what is not text.")


def _night_problems(night: date, *, latest_night: date) -> Iterator[Problem]:
    if night > latest_night:
        yield Problem(
            "dreamed_on",
            f"The night of {long_date(night)} has not begun yet: "
            f"choose {long_date(latest_night)} or earlier.",
        )
    elif night < EARLIEST_NIGHT:
        yield Problem("dreamed_on", f"Choose a night since {long_date(EARLIEST_NIGHT)}.")


def _scale_problems(draft: Draft) -> Iterator[Problem]:
    scales = {
        **draft.ratings.as_dict(),
        "lucidity": draft.lucidity,
        "vividness": draft.vividness,
        "recall": draft.recall,
    }
    for name, value in scales.items():
        if value is not None and value not in SCALE:
            yield Problem(name, f"{name.capitalize()} is a whole number from 0 to 4; this was {value}.")


def _kind_problems(kind: str) -> Iterator[Problem]:
    if kind not in DreamKind.values:
        yield Problem(
            "kind", f"“{kind[:40]}” is not a kind of dream: use one of {', '.join(DreamKind.values)}."
        )


def _label_problems(name: str, labels: tuple[str, ...]) -> Iterator[Problem]:
    if len(labels) > LABELS_LIMIT:
        yield Problem(name, f"Keep {name} to {LABELS_LIMIT}; there are {len(labels)}.")
    if any(len(label) > LABEL_LIMIT for label in labels):
        yield Problem(name, f"Each of the {name} has at most {LABEL_LIMIT} characters: shorten the long one.")
    elif any(unreadable(label) or "\n" in label for label in labels):
        yield Problem(name, f"The {name} hold characters that are not text: take them out.")


def long_date(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
