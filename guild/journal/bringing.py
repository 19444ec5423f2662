"""Writing dreams that were carried here from another account, each with everything it said before."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from guild.dreamers.models import Dreamer
from guild.journal.importing import fingerprint
from guild.journal.models import Dream, DreamRevision
from guild.journal.portable import Carried
from guild.journal.sealed_rows import Keyring, fill_dream, seal_revision
from guild.journal.selectors import import_terms_for
from guild.journal.services import with_keys_of_their_own

_ROWS_AT_A_TIME = 100


@transaction.atomic
def bring_dreams(*, by: Dreamer, carried: Sequence[Carried]) -> int:
    """Add these dreams to the journal, with their revisions counted anew from 1; how many were added.

    Those that are there already (the same words in the same night) are left out. The caller has had each
    checked by `portable.carried_from`.
    """
    held = import_terms_for(by).existing
    new = [one for one in carried if fingerprint(one.draft) not in held]
    for start in range(0, len(new), _ROWS_AT_A_TIME):
        _write(by, new[start : start + _ROWS_AT_A_TIME])
    return len(new)


def _write(by: Dreamer, carried: Sequence[Carried]) -> None:
    rows = [
        Dream(
            dreamer_id=by.pk,
            revision=len(one.earlier) + 1,
            recorded_at=one.recorded_at,
            revised_at=one.revised_at,
        )
        for one in carried
    ]
    keyring = with_keys_of_their_own(rows)
    revisions: list[DreamRevision] = []
    for row, one in zip(rows, carried, strict=True):
        fill_dream(row, one.draft, keyring=keyring)
        revisions += _revisions(row, one, keyring=keyring)
    Dream.objects.bulk_create(rows)
    DreamRevision.objects.bulk_create(revisions)


def _revisions(row: Dream, carried: Carried, *, keyring: Keyring) -> list[DreamRevision]:
    revisions = []
    for number, old in enumerate(carried.earlier, start=1):
        revision = DreamRevision(
            id=uuid4(),
            dreamer_id=row.dreamer_id,
            dream_id=row.pk,
            key_id=row.key_id,
            revision=number,
            replaced_at=old.replaced_at,
        )
        seal_revision(revision, old.draft, keyring=keyring)
        revisions.append(revision)
    return revisions
