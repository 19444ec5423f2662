"""What a dreamer takes along of moderation: what they reported, and what was decided of their own words."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from governance.moderation.models import Report
from governance.moderation.services import said_in

Json = dict[str, Any]


def reports_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """What they reported, and what others reported of theirs once it was decided, in order of time; in both
    their tenants. Who reported, and in which words, is never told to whom it is about.
    """
    mine, about_me = (
        Q(reporter__dreamer_id=dreamer),
        Q(reported__dreamer_id=dreamer, decided_at__isnull=False),
    )
    rows = Report.objects.filter(mine | about_me, guild_id=guild).select_related("reporter")
    for row in rows.prefetch_related("appeals").order_by("made_at", "pk"):
        yield _reported(row) if row.reporter.dreamer_id == dreamer else _about_me(row)


def _reported(row: Report) -> Json:
    return {
        "kind": "report",
        "about": row.kind,
        "target": str(row.target),
        "reason": row.reason,
        "words": said_in(row),
        "at": row.made_at.isoformat(),
        **_decided(row),
    }


def _about_me(row: Report) -> Json:
    appeals = [
        {"reasons": one.reasons, "at": one.made_at.isoformat(), "outcome": one.outcome, "answer": one.answer}
        for one in row.appeals.all()
    ]
    told = {"kind": "decision", "about": row.kind, "target": str(row.target), "reason": row.reason}
    return told | _decided(row) | {"appeals": appeals}


def _decided(row: Report) -> Json:
    at = row.decided_at
    return {"state": row.state, "reasons": row.reasons, "decided_at": at and at.isoformat()}
