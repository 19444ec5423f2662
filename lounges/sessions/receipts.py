"""Commands are done once for each (dreamer, key), however often they are sent."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from guild.tenancy.models import Membership
from lounges.sessions.errors import KeyReused
from lounges.sessions.models import CommandReceipt, Session


@transaction.atomic
def once(
    *, session: Session, by: Membership, key: UUID, method: str, act: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The reply of `act`, or of the time it was done before; all in one transaction.

    A second sender of the same key waits for the first one's commit (Postgres holds it at the unique
    constraint) and gets its reply; when the first one failed, the second one acts. The reply holds ids and
    offsets, never words. Raises KeyReused when the key belongs to another command.
    """
    mine = CommandReceipt(
        guild_id=by.guild_id, session_id=session.pk, dreamer_id=by.dreamer_id, key=key, method=method
    )
    CommandReceipt.objects.bulk_create([mine], ignore_conflicts=True)
    kept = CommandReceipt.objects.get(guild_id=by.guild_id, dreamer_id=by.dreamer_id, key=key)
    if kept.pk != mine.pk:
        if (kept.method, kept.session_id) != (method, session.pk):
            raise KeyReused("This key was already used for something else; send the command with a new key.")
        return kept.reply
    reply = act()
    CommandReceipt.objects.filter(pk=mine.pk).update(reply=dict(reply))
    return reply
