"""Every read of the journal. All of them see one dreamer's own rows and raise 404 for anything else."""

from calendar import Calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from guild.dreamers.models import Dreamer
from guild.journal.errors import StagedImportGone
from guild.journal.highlights import Fragment, Query, fragments_of, marked_whole
from guild.journal.importing import ImportPlan, ImportTerms, fingerprint
from guild.journal.models import STAGED_FOR, Dream, DreamRevision, StagedImport
from guild.journal.nights import Reckoning
from guild.journal.reading import Reading
from guild.journal.records import Draft, OpenDream
from guild.journal.sealed_rows import (
    BATCH,
    Keyring,
    open_dream,
    open_plan,
    open_reading,
    open_revision,
    opened_in_batches,
)

ON_A_PAGE = 20
MOST_HITS = 100


@dataclass(frozen=True)
class Hit:
    """A dream that a search found, with the stretches of narrative and labels to show."""

    dream: OpenDream
    heading: Fragment
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True)
class OldRevision:
    """What a dream said until `replaced_at`."""

    revision: int
    replaced_at: datetime
    draft: Draft


@dataclass(frozen=True)
class Night:
    """One cell of the month: a night, whether it is of this month, and the dreams of it."""

    on: date
    inside: bool
    begun: bool
    dreams: tuple[OpenDream, ...]


def reckoning_of(dreamer: Dreamer) -> Reckoning:
    return Reckoning(dreamer.time_zone, dreamer.night_turnover_hour)


def latest_night_of(dreamer: Dreamer) -> date:
    """The sleep night that it is for this dreamer now: no later one has begun."""
    return reckoning_of(dreamer).night_of(timezone.now())


def dream_for(dreamer_id: UUID, dream_id: UUID) -> OpenDream:
    """Raises Http404 for a dream that is not there or not this dreamer's."""
    return open_dream(_row_for(dreamer_id, dream_id), keyring=Keyring())


def require_kept(dreamer_id: UUID, dream_id: UUID) -> None:
    """Raises Http404 unless the dream is in the journal still; opens nothing."""
    if not Dream.objects.filter(dreamer_id=dreamer_id, pk=dream_id).exists():
        raise _not_found()


def reading_for(dreamer_id: UUID, dream_id: UUID) -> Reading:
    """The stored reading of one dream. Raises Http404."""
    try:
        row = Dream.objects.get(dreamer_id=dreamer_id, pk=dream_id)
    except Dream.DoesNotExist as error:
        raise _not_found() from error
    return open_reading(row, keyring=Keyring())


def recent_dreams_for(dreamer_id: UUID, limit: int) -> list[OpenDream]:
    """The last dreams by night, newest first."""
    return opened(dream_rows_of(dreamer_id)[:limit])


def dreams_page_for(dreamer_id: UUID, number: str | int) -> Page[OpenDream]:
    """One page of the journal, newest night first; a number off the end is the last page."""
    paginator: Paginator[Any] = Paginator(dream_rows_of(dreamer_id), ON_A_PAGE)
    rows = paginator.get_page(number)
    return Page(opened(rows), rows.number, paginator)


def dreams_of_night_for(dreamer_id: UUID, night: date) -> list[OpenDream]:
    return opened(dream_rows_of(dreamer_id).filter(dreamed_on=night).order_by("recorded_at", "id"))


def every_dream_for(dreamer_id: UUID) -> Iterator[OpenDream]:
    """The whole journal, oldest night first, a batch in memory at a time."""
    rows = dream_rows_of(dreamer_id).order_by("dreamed_on", "recorded_at", "id")
    return opened_in_batches(rows.iterator(chunk_size=BATCH))


def month_for(dreamer_id: UUID, *, year: int, month: int, latest_night: date) -> list[list[Night]]:
    """The weeks of a month, Monday first, each night with its dreams."""
    weeks = Calendar().monthdatescalendar(year, month)
    rows = dream_rows_of(dreamer_id).filter(dreamed_on__range=(weeks[0][0], weeks[-1][-1]))
    dreams: dict[date, list[OpenDream]] = {}
    for dream in opened(rows.order_by("recorded_at", "id")):
        dreams.setdefault(dream.dreamed_on, []).append(dream)
    return [
        [Night(day, day.month == month, day <= latest_night, tuple(dreams.get(day, ()))) for day in week]
        for week in weeks
    ]


def search_for(dreamer_id: UUID, query: Query) -> list[Hit]:
    """Up to a hundred dreams with every term in title, narrative or labels, newest night first.

    Decrypts the journal to do so; no index of anyone's words exists.
    """
    hits: list[Hit] = []
    rows = dream_rows_of(dreamer_id).iterator(chunk_size=BATCH) if query.terms else ()
    for dream in opened_in_batches(rows):
        draft = dream.draft
        labels = " · ".join((*draft.tags, *draft.people, *draft.places))
        if query.matches(draft.title, draft.narrative, labels):
            fragments = (*fragments_of(draft.narrative, query), *fragments_of(labels, query))
            hits.append(Hit(dream, marked_whole(dream.heading, query), fragments))
        if len(hits) == MOST_HITS:
            break
    return hits


def revisions_for(dreamer_id: UUID, dream_id: UUID) -> list[OldRevision]:
    """Earlier words of one dream, newest first; none for a dream that is not this dreamer's."""
    keyring = Keyring()
    rows = list(DreamRevision.objects.filter(dreamer_id=dreamer_id, dream_id=dream_id))
    keyring.fetch(rows)
    return [OldRevision(row.revision, row.replaced_at, open_revision(row, keyring=keyring)) for row in rows]


def import_terms_for(dreamer: Dreamer) -> ImportTerms:
    """What a file of this dreamer's is held against, with every dream that is there already."""
    existing = frozenset(fingerprint(dream.draft) for dream in every_dream_for(dreamer.pk))
    return ImportTerms(reckoning_of(dreamer), latest_night_of(dreamer), existing=existing)


def staged_import_for(dreamer_id: UUID, staged_id: UUID) -> ImportPlan:
    """Raises StagedImportGone for one that is finished, expired or somebody else's."""
    row = staged_imports_of(dreamer_id).filter(pk=staged_id).first()
    if row is None:
        raise StagedImportGone
    return open_plan(row, keyring=Keyring())


def staged_imports_of(dreamer_id: UUID) -> QuerySet[StagedImport]:
    """Those that still wait for the dreamer's yes."""
    return StagedImport.objects.filter(dreamer_id=dreamer_id, staged_at__gt=timezone.now() - STAGED_FOR)


def dream_rows_of(dreamer_id: UUID) -> QuerySet[Dream]:
    """A dreamer's rows without the heaviest column, which only a blend needs."""
    return Dream.objects.filter(dreamer_id=dreamer_id).defer("reading_sealed")


def _row_for(dreamer_id: UUID, dream_id: UUID) -> Dream:
    try:
        return dream_rows_of(dreamer_id).get(pk=dream_id)
    except Dream.DoesNotExist as error:
        raise _not_found() from error


def _not_found() -> Http404:
    return Http404("There is no such dream in your journal.")


def opened(rows: Iterable[Dream]) -> list[OpenDream]:
    """The words of these rows, in their order."""
    return list(opened_in_batches(rows))
