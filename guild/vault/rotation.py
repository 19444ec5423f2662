"""Wrapping data keys anew, a batch at a time, as one tenant sees it. Who walks the tenants stands above."""

import time
from typing import TYPE_CHECKING

from django.db import connection

from guild.vault.models import DataKey
from guild.vault.providers import provider
from guild.vault.services import rewrap

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 500
_A_MOMENT = 0.05


def personal_keys() -> "QuerySet[DataKey]":
    """Keys that seal for the tenant's dreamer alone, and that are not destroyed."""
    return _live().filter(guild_id=None)


def guild_keys() -> "QuerySet[DataKey]":
    """Keys that seal in the tenant's guild, and that are not destroyed."""
    return _live().exclude(guild_id=None)


def _live() -> "QuerySet[DataKey]":
    return DataKey.objects.filter(destroyed_at=None)


def rewrap_batch(keys: "QuerySet[DataKey]") -> int:
    """Wrap up to `BATCH` of these keys under the newest key-encryption key; how many there were.

    Locks their rows: a key that is destroyed meanwhile stays destroyed. Call until it gives 0.
    """
    behind = keys.exclude(kek_id=provider().newest()).order_by("pk")
    held = list(behind.select_for_update()[:BATCH])
    for key in held:
        rewrap(key)
    DataKey.objects.bulk_update(held, ["kek_id", "wrapped"])
    return len(held)


def is_behind(keys: "QuerySet[DataKey]") -> bool:
    """Whether one of these keys is to be wrapped anew."""
    return keys.exclude(kek_id=provider().newest()).exists()


def needs(keys: "QuerySet[DataKey]", *, kek_id: bytes) -> bool:
    """Whether one of these keys is still wrapped by that key-encryption key."""
    return keys.filter(kek_id=kek_id).exists()


def wait_for_open_transactions(*, seconds: float) -> bool:
    """Wait until every transaction that has written by now has ended; False when some still go on then.

    Holds nobody up. Call outside of a transaction.
    """
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone() or (0,)
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [now])
            (ended,) = cursor.fetchone() or (False,)
            if ended or time.monotonic() > deadline:
                return bool(ended)
            time.sleep(_A_MOMENT)
