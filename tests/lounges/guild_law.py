"""Giving a guild another law, as a vote would: for tests of what the law does."""

from governance.policies.law import with_values
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild


def give_law(guild: Guild, **values: str) -> None:
    """The values named; all others are the house's."""
    guild.law = with_values(**values)
    with tenant(guild=guild.pk):
        guild.save(update_fields=["law"])
