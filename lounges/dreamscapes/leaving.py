"""What a member who leaves a guild lets go of of its dreamscapes."""

from governance.offices.leaving import Going
from guild.tenancy.models import Membership
from lounges.dreamscapes.erasing import erase_reflections_of


def farewell(member: Membership, going: Going) -> None:
    """Without trace, their reflections go."""
    if going.without_trace:
        erase_reflections_of(member.dreamer_id, guild=member.guild_id)
