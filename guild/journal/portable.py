"""A dream with its whole history, as an archive carries it from one account to another.

Nothing is cleaned or guessed on the way in: an archive is our own file, so what is not exactly what we write
is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any, TypeVar
from uuid import UUID

from guild.journal.checking import problems_of
from guild.journal.enums import Emotion
from guild.journal.exporting import json_fields
from guild.journal.import_fields import RecordRefused
from guild.journal.importing import ImportTerms
from guild.journal.models import Dream, DreamRevision
from guild.journal.records import Draft, Ratings
from guild.journal.sealed_rows import BATCH, Keyring, open_dream, open_revision

Json = dict[str, Any]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Earlier:
    """What a dream said until `replaced_at`."""

    replaced_at: datetime
    draft: Draft


@dataclass(frozen=True)
class Carried:
    """A dream with everything it said before, oldest first; ids stay where they are."""

    draft: Draft = field(repr=False)
    recorded_at: datetime
    revised_at: datetime | None = None
    earlier: tuple[Earlier, ...] = ()


def lines_of(dreamer: UUID) -> Iterator[Json]:
    """The whole journal, oldest night first, each dream with its revisions; in the dreamer's tenant.

    Locks each row until the transaction ends, so that a change that is made meanwhile comes after the whole.
    """
    rows = Dream.objects.filter(dreamer_id=dreamer).defer("reading_sealed")
    left = rows.order_by("dreamed_on", "recorded_at", "id").select_for_update(no_key=True)
    dreams = left.iterator(chunk_size=BATCH)
    while batch := list(islice(dreams, BATCH)):
        keyring, earlier = Keyring(), _revisions_of(dreamer, batch)
        keyring.fetch([*batch, *(row for rows in earlier.values() for row in rows)])
        for row in batch:
            yield _line(row, earlier.get(row.pk, ()), keyring=keyring)


def _revisions_of(dreamer: UUID, dreams: Iterable[Dream]) -> dict[UUID, list[DreamRevision]]:
    rows = DreamRevision.objects.filter(dreamer_id=dreamer, dream_id__in=[row.pk for row in dreams])
    in_order = rows.order_by("dream_id", "revision")
    return {dream: list(group) for dream, group in groupby(in_order, key=lambda row: row.dream_id)}


def _line(row: Dream, earlier: Iterable[DreamRevision], *, keyring: Keyring) -> Json:
    return {
        "id": str(row.pk),
        "revision": row.revision,
        "recorded_at": row.recorded_at.isoformat(),
        "revised_at": row.revised_at and row.revised_at.isoformat(),
        **json_fields(open_dream(row, keyring=keyring).draft),
        "earlier": [
            {
                "revision": old.revision,
                "replaced_at": old.replaced_at.isoformat(),
                **json_fields(open_revision(old, keyring=keyring)),
            }
            for old in earlier
        ],
    }


def carried_from(line: Mapping[str, Any], *, terms: ImportTerms, now: datetime) -> Carried:
    """The dream of one line. Raises RecordRefused with what is wrong with it."""
    carried = Carried(
        draft=_draft_from(line),
        recorded_at=_past(line, "recorded_at", now=now),
        revised_at=None if line.get("revised_at") is None else _past(line, "revised_at", now=now),
        earlier=tuple(
            Earlier(_past(old, "replaced_at", now=now), _draft_from(old))
            for old in _listed(line.get("earlier"), dict, "earlier")
        ),
    )
    for draft in (carried.draft, *(old.draft for old in carried.earlier)):
        if problems := problems_of(draft, latest_night=terms.latest_night):
            raise RecordRefused(" ".join(problem.sentence for problem in problems))
    return carried


def _draft_from(line: Mapping[str, Any]) -> Draft:
    emotions = line.get("emotions")
    if not isinstance(emotions, dict) or not set(emotions) <= set(Emotion.values):
        raise RecordRefused("The emotions are not as this house writes them.")
    return Draft(
        narrative=_text(line, "narrative"),
        dreamed_on=_read(line, "dreamed_on", date.fromisoformat),
        title=_text(line, "title"),
        ratings=Ratings.from_mapping({name: _number(emotions, name) for name in emotions}),
        lucidity=_number(line, "lucidity"),
        vividness=_number(line, "vividness"),
        recall=_number(line, "recall"),
        kind=_text(line, "kind"),
        tags=_listed(line.get("tags"), str, "tags"),
        people=_listed(line.get("people"), str, "people"),
        places=_listed(line.get("places"), str, "places"),
    )


def _past(line: Mapping[str, Any], name: str, *, now: datetime) -> datetime:
    moment = _read(line, name, datetime.fromisoformat)
    if moment.tzinfo is None or moment > now:
        raise RecordRefused(f"The moment {name} lies in the future, or has no time zone.")
    return moment


def _read(line: Mapping[str, Any], name: str, read: Callable[[str], Value]) -> Value:
    try:
        return read(_text(line, name))
    except ValueError as error:
        raise RecordRefused(f"The value of {name} is not as this house writes it.") from error


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise RecordRefused(f"There is no {name}, or it is not text.")
    return value


def _number(line: Mapping[str, Any], name: str) -> int | None:
    value = line.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise RecordRefused(f"The value of {name} is not a whole number.")
    return value


def _listed(value: Any, kind: type[Value], name: str) -> tuple[Value, ...]:
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise RecordRefused(f"The value of {name} is not as this house writes it.")
    return tuple(value)
