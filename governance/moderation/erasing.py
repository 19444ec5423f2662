"""What an erased account leaves behind of moderation: decisions stay, and what it wrote goes."""

from uuid import UUID

from governance.moderation.models import ModerationAppeal, Report
from guild.vault import services as vault


def erase_reports_of(dreamer: UUID, *, guild: UUID) -> tuple[UUID, ...]:
    """Destroy the keys of what a dreamer wrote in reports, in the guild's tenant; the keys destroyed."""
    keys = Report.objects.filter(guild_id=guild, reporter__dreamer_id=dreamer).values_list(
        "key_id", flat=True
    )
    return tuple(key for key in keys if vault.destroy_key(key_id=key))


def erase_appeals_of(dreamer: UUID, *, guild: UUID) -> int:
    """The words of their appeals against what was decided of theirs; how many. In the guild's tenant."""
    theirs = ModerationAppeal.objects.filter(guild_id=guild, report__reported__dreamer_id=dreamer)
    return theirs.exclude(reasons="").update(reasons="")
