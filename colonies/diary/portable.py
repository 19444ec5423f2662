"""What a dreamer takes along of their sleep diary: all of it, in the clear."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from colonies.diary.entries import document
from colonies.diary.models import ComparedNights, DiaryEntry
from colonies.diary.selectors import opened


def nights_of(dreamer: UUID) -> Iterator[dict[str, Any]]:
    """Night by night, oldest first; in the dreamer's tenant. Raises the vault's errors."""
    for entry in opened(DiaryEntry.objects.filter(dreamer_id=dreamer).order_by("night")):
        yield {"night": entry.on.isoformat(), "revision": entry.revision, **json.loads(document(entry))}


def comparisons_of(dreamer: UUID, *, guild: UUID) -> Iterator[dict[str, Any]]:
    """Every comparison over several people that their nights were part of; in both their tenants."""
    rows = ComparedNights.objects.filter(guild_id=guild, dreamer_id=dreamer).select_related("ritual")
    for row in rows.order_by("at", "id"):
        yield {
            "ritual": row.ritual.title,
            "at": row.at.isoformat(),
            "people": row.people,
            "leaf_index": row.leaf_index,
        }
