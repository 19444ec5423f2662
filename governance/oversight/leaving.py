"""What a member who leaves a guild lets go of in its oversight."""

from governance.offices.leaving import Going
from governance.oversight.erasing import erase_tellings_to
from guild.tenancy.models import Membership


def farewell(member: Membership, going: Going) -> None:
    """Without trace, what they were told of rulings goes; the rulings stay."""
    if going.without_trace:
        erase_tellings_to(member.dreamer_id, guild=member.guild_id)
