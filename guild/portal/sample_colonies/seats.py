"""Acting as one of the sample's members."""

from contextlib import AbstractContextManager

from guild.tenancy.context import Tenant, tenant
from guild.tenancy.models import Membership


def seat_of(member: Membership) -> AbstractContextManager[Tenant]:
    """What that member's own request would see."""
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)
