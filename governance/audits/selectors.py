"""Audits that wait, in every guild."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

MOST_DUE = 100


def due_audits(*, now: datetime, silence: timedelta) -> list[tuple[UUID, UUID]]:
    """(guild, audit) of every audit, in any guild, that waits for a worker too long.

    Ids only, by the one function that sees across guilds (see the migration); the longest due first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT guild_id, run_id FROM oversight_due(%s, make_interval(secs => %s), %s)",
            [now, silence.total_seconds(), MOST_DUE],
        )
        return cursor.fetchall()
