"""From one record of a file, with whatever names and spellings it uses, to a draft."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from guild.journal.checking import clean_line, clean_text, split_labels
from guild.journal.dates import NotADate, read_night
from guild.journal.enums import EMOTION_CODES, DreamKind, Emotion
from guild.journal.nights import Reckoning
from guild.journal.records import Draft, Ratings

_ALIASES: dict[str, str] = {
    "narrative": "narrative text report dream content body description entry",
    "dreamed_on": "dreamed_on date night dream_date dreamt_on date_dreamed day timestamp created_at",
    "title": "title name heading subject",
    "kind": "kind type category",
    "lucidity": "lucidity lucid",
    "vividness": "vividness clarity",
    "recall": "recall",
    "tags": "tags tag labels keywords",
    "people": "people persons characters who",
    "places": "places place location locations where setting",
    "emotions": "emotions emotion feelings mood",
    **{emotion.value: f"{emotion.value} {code.lower()}" for emotion, code in EMOTION_CODES.items()},
}
_FIELD_OF_SPELLING: dict[str, str] = {
    name: field for field, names in _ALIASES.items() for name in names.split()
}
_SCALES = ("lucidity", "vividness", "recall", *Emotion.values)
_RATING = re.compile(r"([A-Za-z]+)\s*[:= ]\s*(\d+)")
_KIND_OF_LABEL = {kind.label.casefold(): kind.value for kind in DreamKind}


class RecordRefused(ValueError):
    """`str(error)` says what is wrong with the record and how to mend it."""


def field_named(name: str) -> str | None:
    """Our field for a column or key of a file, by any spelling we know; None for one that we do not keep."""
    return _FIELD_OF_SPELLING.get(_spelling(name))


def _spelling(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").split())


def ignored_names(names: Collection[str]) -> list[str]:
    """The names of a record that are not kept: unknown ones, and a second column for the same field."""
    kept = set(_chosen(names).values())
    return [name for name in names if name not in kept]


def _chosen(names: Collection[str]) -> dict[str, str]:
    """For each field the name that carries it: the spelling that says most plainly what it is."""
    spelt = {_spelling(name): name for name in reversed(tuple(names))}
    found = {
        field: next((spelt[alias] for alias in aliases.split() if alias in spelt), None)
        for field, aliases in _ALIASES.items()
    }
    return {field: name for field, name in found.items() if name is not None}


def draft_of(record: Mapping[str, object], *, reckoning: Reckoning) -> Draft:
    """The draft in `record`. Raises RecordRefused for a field that cannot be read as what it should be."""
    values = {
        field: record[name] for field, name in _chosen(record).items() if record[name] not in (None, "")
    }
    scales = {name: _scale(name, values.get(name)) for name in _SCALES}
    ratings = {**_emotions(values.get("emotions")), **{k: v for k, v in scales.items() if v is not None}}
    return Draft(
        narrative=clean_text(_text("narrative", values.get("narrative", ""))),
        dreamed_on=_night(values.get("dreamed_on"), reckoning=reckoning),
        title=clean_line(_text("title", values.get("title", ""))),
        ratings=Ratings.from_mapping(ratings),
        lucidity=scales["lucidity"],
        vividness=scales["vividness"],
        recall=scales["recall"],
        kind=_kind(values.get("kind")),
        tags=_labels("tags", values.get("tags")),
        people=_labels("people", values.get("people")),
        places=_labels("places", values.get("places")),
    )


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise RecordRefused(f"The {name} must be text.")
    return value


def _night(value: object, *, reckoning: Reckoning) -> date:
    if value is None:
        raise RecordRefused("There is no date: give each dream the night it was dreamt, like 2024-05-31.")
    try:
        return read_night(_text("date", value), reckoning=reckoning)
    except NotADate as error:
        raise RecordRefused(str(error)) from error


def _scale(name: str, value: object) -> int | None:
    if value is None:
        return None
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if number not in range(5):
        shown = str(value)[:40]
        raise RecordRefused(f"{name.capitalize()} is a whole number from 0 to 4; this was “{shown}”.")
    return int(number)


def _emotions(value: object) -> dict[str, int | None]:
    """Ratings given together: {"anger": 2}, or "anger 2, AP: 3"."""
    if value is None:
        return {}
    if isinstance(value, str):
        value = dict(_RATING.findall(value))
    if not isinstance(value, Mapping):
        raise RecordRefused("Emotions are written like “anger 2, sadness 1”.")
    known = {field_named(str(name)): (str(name), rating) for name, rating in value.items()}
    return {
        field: _scale(field, rating)
        for field, (_, rating) in known.items()
        if field in Emotion.values and rating is not None
    }


def _kind(value: object) -> str:
    if value is None:
        return DreamKind.DREAM.value
    typed = clean_line(_text("kind", value)).casefold()
    return _KIND_OF_LABEL.get(typed, typed)


def _labels(name: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return split_labels(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return split_labels(value)
    raise RecordRefused(f"The {name} must be text, or a list of texts.")
