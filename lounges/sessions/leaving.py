"""What a member who leaves a guild lets go of in its sessions."""

from governance.offices.leaving import Going
from guild.tenancy.models import Membership
from lounges.sessions.erasing import erase_words_of, step_out_of_all


def farewell(member: Membership, going: Going) -> None:
    """They step out of every open session; without trace, what they said to others' dreams goes too."""
    step_out_of_all(member)
    if going.without_trace:
        erase_words_of(member.dreamer_id, guild=member.guild_id)
