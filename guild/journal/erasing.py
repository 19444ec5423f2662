"""Erasing for good: rows are removed, and the keys that sealed them destroyed, so that no dump opens."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import Http404

from guild.journal.models import Dream, DreamRevision, StagedImport
from guild.vault import services as vault


@dataclass(frozen=True)
class Erased:
    """What is gone: how many dreams and earlier versions of them, and the keys that sealed them."""

    dreams: int
    earlier: int
    keys: tuple[UUID, ...]


@transaction.atomic
def erase_dream(*, dreamer: UUID, dream_id: UUID) -> Erased:
    """Erase one dream and all it said before. Raises Http404 for one that is not this dreamer's."""
    row = Dream.objects.select_for_update().filter(dreamer_id=dreamer, pk=dream_id).first()
    if row is None:
        raise Http404("There is no such dream in your journal.")
    earlier, _ = DreamRevision.objects.filter(dreamer_id=dreamer, dream_id=dream_id).delete()
    row.delete()
    return Erased(1, earlier, tuple(vault.destroy_dream_key(dreamer=dreamer, dream=dream_id)))


@transaction.atomic
def erase_journal(*, dreamer: UUID) -> Erased:
    """Erase every dream, and destroy every key that seals for this dreamer alone."""
    earlier, _ = DreamRevision.objects.filter(dreamer_id=dreamer).delete()
    dreams, _ = Dream.objects.filter(dreamer_id=dreamer).delete()
    StagedImport.objects.filter(dreamer_id=dreamer).delete()
    return Erased(dreams, earlier, tuple(vault.destroy_personal_keys(dreamer=dreamer)))
