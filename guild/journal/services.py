"""Every write of the journal. The tenant is the dreamer; each service is one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from guild.dreamers.closing import keep_open
from guild.dreamers.models import Dreamer
from guild.journal.affect import suggest
from guild.journal.checking import problems_of
from guild.journal.enums import Emotion, ImportFormat
from guild.journal.errors import DraftRefused, EditedElsewhere, StagedImportGone
from guild.journal.importing import fingerprint, parse_import
from guild.journal.models import STAGED_FOR, Dream, DreamRevision, StagedImport
from guild.journal.records import Draft, Ratings
from guild.journal.sealed_rows import (
    Keyring,
    fill_dream,
    open_dream,
    open_plan,
    seal_plan,
    seal_revision,
)
from guild.journal.selectors import import_terms_for, latest_night_of, staged_imports_of
from guild.vault import services as vault
from guild.vault.models import KeyKind

_ROWS_AT_A_TIME = 100


@transaction.atomic
def write_dream(*, by: Dreamer, draft: Draft, form_key: UUID | None = None) -> UUID:
    """Keep a new dream and give its id; the same `form_key` again gives the same id and writes nothing.

    Raises DraftRefused with every problem.
    """
    _check(draft, by)
    if form_key is not None and (written := _written_with(by, form_key)):
        return written
    row = Dream(dreamer_id=by.pk, form_key=form_key)
    try:
        with transaction.atomic():
            fill_dream(row, draft, keyring=with_keys_of_their_own([row]))
            row.save(force_insert=True)
    except IntegrityError:
        # The same form came twice at the same time: the other request has written it.
        if form_key is None or (written := _written_with(by, form_key)) is None:
            raise
        return written
    return row.pk


@transaction.atomic
def revise_dream(*, by: Dreamer, dream_id: UUID, draft: Draft, expected_revision: int) -> int:
    """Replace the words of a dream, keep the old ones as a revision, and give the number it has now.

    Locks the row. Nothing changed: nothing is written. Raises Http404, DraftRefused, and EditedElsewhere
    when the dream is no longer at `expected_revision`.
    """
    _check(draft, by)
    row = _locked_row(by, dream_id)
    keyring = Keyring()
    old = open_dream(row, keyring=keyring).draft
    if old == draft:
        return row.revision
    if row.revision != expected_revision:
        raise EditedElsewhere
    if row.key_id == vault.dreamer_key(by.pk):  # written before each dream had a key of its own
        keyring = with_keys_of_their_own([row])
    revision = DreamRevision(dreamer_id=by.pk, dream_id=row.pk, key_id=row.key_id, revision=row.revision)
    seal_revision(revision, old, keyring=keyring)
    revision.save(force_insert=True)
    row.revision += 1
    row.revised_at = timezone.now()
    fill_dream(row, draft, keyring=keyring)
    row.save(force_update=True)
    return row.revision


@transaction.atomic
def accept_suggestion(*, by: Dreamer, dream_id: UUID, emotion: Emotion) -> int:
    """Make the suggestion for one emotion the dreamer's own rating, as if they had given it.

    A rating that is there already stays. Raises Http404.
    """
    row = _locked_row(by, dream_id)
    draft = open_dream(row, keyring=Keyring()).draft
    suggested = suggest(draft.narrative).ratings.of(emotion)
    if suggested is None or draft.ratings.of(emotion) is not None:
        return row.revision
    ratings = Ratings.from_mapping({**draft.ratings.as_dict(), emotion.value: suggested})
    return revise_dream(
        by=by, dream_id=dream_id, draft=replace(draft, ratings=ratings), expected_revision=row.revision
    )


@transaction.atomic
def delete_dream(*, by: Dreamer, dream_id: UUID) -> None:
    """Remove a dream and all its revisions, and destroy its key, so that no dump opens it either.

    What was lent of it is a copy under a key of its own and stays. Raises Http404.
    """
    _locked_row(by, dream_id).delete()
    vault.destroy_dream_key(dreamer=by.pk, dream=dream_id)


@transaction.atomic
def stage_import(
    *, by: Dreamer, data: bytes, filename: str = "", file_format: ImportFormat | None = None
) -> UUID:
    """Read a file and keep what it would bring, sealed, until the dreamer confirms it.

    Imports staged earlier and never confirmed are removed. Raises ImportRefused.
    """
    plan = parse_import(data, terms=import_terms_for(by), filename=filename, file_format=file_format)
    forget_expired_imports(dreamer=by.pk)
    keep_open(by.pk)
    row = StagedImport(dreamer_id=by.pk, key_id=vault.dreamer_key(by.pk))
    seal_plan(row, plan, keyring=Keyring())
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def confirm_import(*, by: Dreamer, staged_id: UUID) -> int:
    """Write the dreams of a staged import and give their number; dreams that came in meanwhile are left out.

    Locks the staged row, so that two confirmations write once. Raises StagedImportGone.
    """
    staged = staged_imports_of(by.pk).select_for_update().filter(pk=staged_id).first()
    if staged is None:
        raise StagedImportGone
    plan = open_plan(staged, keyring=Keyring())
    terms = import_terms_for(by)
    drafts = [item.draft for item in plan.accepted if fingerprint(item.draft) not in terms.existing]
    for start in range(0, len(drafts), _ROWS_AT_A_TIME):
        rows = [Dream(dreamer_id=by.pk) for _ in drafts[start : start + _ROWS_AT_A_TIME]]
        keyring = with_keys_of_their_own(rows)
        for row, draft in zip(rows, drafts[start:], strict=False):
            fill_dream(row, draft, keyring=keyring)
        Dream.objects.bulk_create(rows)
    staged.delete()
    return len(drafts)


@transaction.atomic
def discard_import(*, by: Dreamer, staged_id: UUID) -> None:
    """Forget a staged import; one that is gone already is forgotten already."""
    StagedImport.objects.filter(dreamer_id=by.pk, pk=staged_id).delete()


def forget_expired_imports(*, dreamer: UUID) -> int:
    """Remove the imports that were never confirmed within their day; how many. In the dreamer's tenant."""
    expired = StagedImport.objects.filter(dreamer_id=dreamer, staged_at__lte=timezone.now() - STAGED_FOR)
    return expired.delete()[0]


def _check(draft: Draft, by: Dreamer) -> None:
    if problems := problems_of(draft, latest_night=latest_night_of(by)):
        raise DraftRefused(problems)


def with_keys_of_their_own(rows: Sequence[Dream]) -> Keyring:
    """Name a fresh key in each of these rows of one dreamer, and give the ring that holds them.

    Raises AccountClosed for an account that was closed since the request began.
    """
    keep_open(rows[0].dreamer_id)
    keys = vault.create_keys(kind=KeyKind.DREAM, owners=[row.pk for row in rows], dreamer=rows[0].dreamer_id)
    for row in rows:
        row.key_id = keys[row.pk].pk
    return Keyring(keys.values())


def _written_with(by: Dreamer, form_key: UUID) -> UUID | None:
    return Dream.objects.filter(dreamer_id=by.pk, form_key=form_key).values_list("pk", flat=True).first()


def _locked_row(by: Dreamer, dream_id: UUID) -> Dream:
    try:
        return Dream.objects.select_for_update().get(dreamer_id=by.pk, pk=dream_id)
    except Dream.DoesNotExist as error:
        raise Http404("There is no such dream in your journal.") from error
