"""Every read of this room: one's own records and archives, and 404s or an error for anything else."""

from uuid import UUID

from django.utils import timezone

from guild.dreamers.models import Dreamer
from guild.journal.selectors import import_terms_for
from guild.portal.rights.bringing import ArchivePlan, read_archive
from guild.portal.rights.errors import ArchiveGone
from guild.portal.rights.models import RightsRecord, StagedArchive
from guild.vault import services as vault
from guild.vault.places import Place

RECENT = 10


def place_of(row: StagedArchive) -> Place:
    """Where a sealed archive belongs."""
    return Place("rights_staged_archive.archive", row=row.pk, owner=row.dreamer_id)


def staged_archive_for(dreamer: Dreamer, staged_id: UUID) -> tuple[StagedArchive, ArchivePlan]:
    """A staged archive, held until the transaction ends, and what it would bring as things stand now.

    Raises ArchiveGone for one that is finished, expired or somebody else's.
    """
    row = StagedArchive.objects.select_for_update().filter(dreamer_id=dreamer.pk, pk=staged_id).first()
    if row is None:
        raise ArchiveGone
    data = vault.open_bytes(key_id=row.key_id, sealed=bytes(row.archive_sealed), place=place_of(row))
    return row, read_archive(data, terms=import_terms_for(dreamer), now=timezone.now())


def records_of(dreamer: UUID) -> list[RightsRecord]:
    """The rights used last, newest first."""
    return list(RightsRecord.objects.filter(dreamer_id=dreamer)[:RECENT])
