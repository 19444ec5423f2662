"""What a dreamer takes along of oversight: what they were told of rulings about dreams they lent."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from governance.oversight.ruling_models import Telling


def told_to(dreamer: UUID, *, guild: UUID) -> Iterator[dict[str, Any]]:
    """Every telling, oldest first, in the guild's tenant and the dreamer's."""
    for row in Telling.objects.filter(guild_id=guild, dreamer_id=dreamer).order_by("told_at", "id"):
        yield {
            "ruling": str(row.ruling_id),
            "rule": row.rule,
            "contribution": row.contribution and str(row.contribution),
            "told_at": row.told_at.isoformat(),
            "read_at": row.read_at and row.read_at.isoformat(),
        }
