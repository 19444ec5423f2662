"""Between a row and its words: which bytes are sealed for which place, and how they open."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from guild.journal.affect import arousal_of, valence_of
from guild.journal.documents import draft_text, plan_text, read_draft, read_plan
from guild.journal.importing import ImportPlan
from guild.journal.models import Dream, DreamRevision, StagedImport
from guild.journal.reading import Reading, read_narrative
from guild.journal.records import Draft, OpenDream, Ratings
from guild.vault import services as vault
from guild.vault.models import DataKey
from guild.vault.places import Place

BATCH = 200
"""Rows, and their keys, that are held at a time where a whole journal goes by."""

Sealed = Dream | DreamRevision | StagedImport


class Keyring:
    """The data keys of one piece of work, each unwrapped once however many rows need it."""

    def __init__(self, keys: Iterable[DataKey] = ()) -> None:
        self._openers = {key.pk: vault.Opener(key) for key in keys}

    def opener(self, key_id: UUID) -> vault.Opener:
        """Raises the vault's KeyMissing and KeyDestroyed."""
        if key_id not in self._openers:
            self._openers[key_id] = vault.opener(key_id)
        return self._openers[key_id]

    def fetch(self, rows: Iterable[Sealed]) -> None:
        """Have the keys of these rows ready, in one query for all of them. Raises as `opener` does."""
        wanted = {row.key_id for row in rows} - self._openers.keys()
        if wanted:
            self._openers |= vault.openers(wanted)


def opened_in_batches(rows: Iterable[Dream]) -> Iterator[OpenDream]:
    """The words of these rows, in their order, with one query for the keys of each batch."""
    keyring, left = Keyring(), iter(rows)
    while batch := list(islice(left, BATCH)):
        keyring.fetch(batch)
        for row in batch:
            yield open_dream(row, keyring=keyring)


def fill_dream(row: Dream, draft: Draft, *, keyring: Keyring) -> None:
    """Put `draft` into the columns of `row`, sealed for its id and its present `revision`."""
    opener = keyring.opener(row.key_id)
    row.dreamed_on, row.kind = draft.dreamed_on, draft.kind
    row.lucidity, row.vividness, row.recall = draft.lucidity, draft.vividness, draft.recall
    for name, rating in draft.ratings.as_dict().items():
        setattr(row, name, rating)
    details = json.dumps([draft.tags, draft.people, draft.places], ensure_ascii=False)
    reading = read_narrative(draft.narrative, draft.ratings)
    row.title_sealed = opener.seal(draft.title, place_in_dream(row, "title"))
    row.narrative_sealed = opener.seal(draft.narrative, place_in_dream(row, "narrative"))
    row.details_sealed = opener.seal(details, place_in_dream(row, "details"))
    row.reading_sealed = opener.seal(reading.to_bytes(), place_in_dream(row, "reading"))


def open_dream(row: Dream, *, keyring: Keyring) -> OpenDream:
    """The words of one row. Raises the vault's SealBroken, KeyMissing and KeyDestroyed."""
    opener = keyring.opener(row.key_id)
    details = json.loads(opener.open_text(bytes(row.details_sealed), place_in_dream(row, "details")))
    tags, people, places = (tuple(labels) for labels in details)
    ratings = Ratings.from_mapping(row.ratings_by_name)
    draft = Draft(
        narrative=opener.open_text(bytes(row.narrative_sealed), place_in_dream(row, "narrative")),
        dreamed_on=row.dreamed_on,
        title=opener.open_text(bytes(row.title_sealed), place_in_dream(row, "title")),
        ratings=ratings,
        lucidity=row.lucidity,
        vividness=row.vividness,
        recall=row.recall,
        kind=row.kind,
        tags=tags,
        people=people,
        places=places,
    )
    return OpenDream(
        id=row.pk,
        dreamer_id=row.dreamer_id,
        revision=row.revision,
        recorded_at=row.recorded_at,
        draft=draft,
        valence=valence_of(ratings),
        arousal=arousal_of(ratings),
    )


def open_reading(row: Dream, *, keyring: Keyring) -> Reading:
    sealed = bytes(row.reading_sealed)
    return Reading.from_bytes(keyring.opener(row.key_id).open_bytes(sealed, place_in_dream(row, "reading")))


def seal_revision(row: DreamRevision, draft: Draft, *, keyring: Keyring) -> None:
    row.draft_sealed = keyring.opener(row.key_id).seal(draft_text(draft), _place_in_revision(row))


def open_revision(row: DreamRevision, *, keyring: Keyring) -> Draft:
    return read_draft(keyring.opener(row.key_id).open_text(bytes(row.draft_sealed), _place_in_revision(row)))


def seal_plan(row: StagedImport, plan: ImportPlan, *, keyring: Keyring) -> None:
    row.plan_sealed = keyring.opener(row.key_id).seal(plan_text(plan), _place_in_staged(row))


def open_plan(row: StagedImport, *, keyring: Keyring) -> ImportPlan:
    return read_plan(keyring.opener(row.key_id).open_text(bytes(row.plan_sealed), _place_in_staged(row)))


def place_in_dream(row: Dream, column: str) -> Place:
    return Place(f"journal_dream.{column}", row=row.pk, owner=row.dreamer_id, revision=row.revision)


def _place_in_revision(row: DreamRevision) -> Place:
    return Place("journal_revision.draft", row=row.pk, owner=row.dreamer_id, revision=row.revision)


def _place_in_staged(row: StagedImport) -> Place:
    return Place("journal_staged_import.plan", row=row.pk, owner=row.dreamer_id)
