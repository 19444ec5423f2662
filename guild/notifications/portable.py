"""What a dreamer takes along of their notices: what they were told and when, and how they wanted it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guild.notifications.kinds import KNOWN
from guild.notifications.models import Choice, DigestTime, Notice


def told_to(dreamer: UUID) -> Iterator[dict[str, Any]]:
    """Every notice, oldest first, with the sentence that stood on the page."""
    for row in Notice.objects.filter(dreamer_id=dreamer).order_by("made_at", "id"):
        yield {
            "kind": row.kind,
            "said": row.said.page if row.kind in KNOWN else "",
            "guild": row.of_guild and str(row.of_guild),
            "made_at": row.made_at.isoformat(),
            "read_at": row.read_at and row.read_at.isoformat(),
            "mailed_at": row.mailed_at and row.mailed_at.isoformat(),
            "pushed_at": row.pushed_at and row.pushed_at.isoformat(),
            "digested_at": row.digested_at and row.digested_at.isoformat(),
        }


def choices_of(dreamer: UUID) -> dict[str, Any]:
    """What was chosen; what was not is as usual."""
    chosen = Choice.objects.filter(dreamer_id=dreamer).order_by("group", "channel")
    digest = DigestTime.objects.filter(dreamer_id=dreamer).first()
    return {
        "choices": [{"group": row.group, "channel": row.channel, "when": row.when} for row in chosen],
        "gathered": digest and {"every": digest.every, "weekday": digest.weekday, "hour": digest.hour},
    }
