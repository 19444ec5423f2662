"""What a dreamer takes along of their reminders: what they chose. What was sent is not kept."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from colonies.reminders.models import RitualReminder


def reminders_of(dreamer: UUID, *, guild: UUID) -> Iterator[dict[str, Any]]:
    """Of which rituals, how long before, and in which ways; in both their tenants."""
    rows = RitualReminder.objects.filter(guild_id=guild, dreamer_id=dreamer).select_related("ritual")
    for row in rows.order_by("ritual__title", "id"):
        yield {
            "ritual": row.ritual.title,
            "minutes_before": row.minutes_before,
            "by_email": row.by_email,
            "by_push": row.by_push,
        }
