"""Telling stewards that the log of their guild, or one of its witnesses, has trouble: once a day each."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.selectors import guild_by_id, holders_of

LONGEST_KEY = 120


def in_trouble(guild: UUID, *, which: str, at: datetime) -> None:
    """`which` is "log", or the name of a witness. Enters the guild's tenant itself."""
    with tenant(guild=guild):
        notify_each(
            holders_of(guild, Office.STEWARD),
            kind=Kind.WITNESS_TROUBLE,
            guild=guild,
            path=reverse("ledger:guild", args=[guild_by_id(guild).slug]),
            key=f"log-trouble:{guild}:{at:%Y-%m-%d}:{which}"[:LONGEST_KEY],
            at=at,
        )
