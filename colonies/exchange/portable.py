"""What a dreamer takes along of the exchange: the words they sent back, and their notes of evenings."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from colonies.exchange.evening_models import EveningNote
from colonies.exchange.models import Word

Json = dict[str, Any]


def words_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Thanks, stories and notes that stand under their name; in both their tenants."""
    words = Word.objects.filter(guild_id=guild, author__dreamer_id=dreamer)
    for row in words.select_related("adoption").order_by("said_at", "id"):
        yield {
            "kind": row.kind,
            "ritual": str(row.adoption.source_id),
            "text": row.text,
            "said_at": row.said_at.isoformat(),
        }
    notes = EveningNote.objects.filter(guild_id=guild, author__dreamer_id=dreamer)
    for note in notes.order_by("said_at", "id"):
        yield {
            "kind": "note",
            "evening": str(note.evening_id),
            "text": note.text,
            "said_at": note.said_at.isoformat(),
        }
