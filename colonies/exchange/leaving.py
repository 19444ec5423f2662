"""What a member who leaves a guild lets go of in its colonies."""

from colonies.diary.helping import erase_parts
from colonies.exchange.erasing import erase_words
from colonies.reminders.services import erase_in_guild as erase_reminders
from colonies.rituals import belonging
from colonies.rituals.enums import Standing
from colonies.rituals.erasing import erase_in_guild
from colonies.rituals.models import Belonging
from governance.offices.leaving import Going
from guild.tenancy.models import Membership


def farewell(member: Membership, going: Going) -> None:
    """They leave every colony, so that somebody else leads, and are reminded of nothing here any more.
    Without trace, their nights, their name on what they wrote, and what they sent back go too.
    """
    dreamer, guild = member.dreamer_id, member.guild_id
    erase_reminders(dreamer, guild=guild)
    if going.without_trace:
        erase_in_guild(dreamer, guild=guild, live=member)
        erase_words(dreamer, guild=guild)
        erase_parts(dreamer, guild=guild)
        return
    inside = Belonging.objects.filter(guild_id=guild, membership_id=member.pk, standing=Standing.IN)
    for row in inside.select_related("colony"):
        belonging.leave(by=member, colony=row.colony)
