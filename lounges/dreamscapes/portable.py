"""What a dreamer takes along of dreamscapes made with their dreams in one guild: their reflections."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guild.vault import services as vault
from guild.vault.errors import KeyDestroyed, KeyMissing
from lounges.dreamscapes.models import Dreamscape, Reflection
from lounges.dreamscapes.selectors import reflection_place, title_place

Json = dict[str, Any]


def reflections_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every reflection, in the guild's tenant and the dreamer's; one that was replaced has no words left."""
    rows = Reflection.objects.filter(guild_id=guild, dreamer_id=dreamer).select_related("run__session")
    titles = {row.run_id: bytes(row.title_sealed) for row in Dreamscape.objects.filter(guild_id=guild)}
    for row in rows.order_by("run__requested_at", "id"):
        title, document = _opened(row, titles[row.run_id])
        yield {
            "run": str(row.run_id),
            "session": row.run.session.title,
            "state": row.run.state,
            "made_at": row.run.finished_at and row.run.finished_at.isoformat(),
            "title": title,
            "dreams": document,
        }


def _opened(row: Reflection, title: bytes) -> tuple[str | None, Any]:
    try:
        if row.run.key_id is None:
            return None, None
        key = vault.opener(row.run.key_id)
    except (KeyDestroyed, KeyMissing):
        return None, None
    document = key.open_text(bytes(row.document_sealed), reflection_place(row))
    return key.open_text(title, title_place(row.run)), json.loads(document)["voices"]
