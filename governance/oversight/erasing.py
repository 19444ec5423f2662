"""What an erased account leaves behind of oversight: rulings stay, and what it was told of them goes."""

from uuid import UUID

from governance.oversight.ruling_models import Telling


def erase_tellings_to(dreamer: UUID, *, guild: UUID) -> int:
    """Remove what a dreamer was told of rulings, in the guild's tenant; how many tellings there were."""
    removed, _ = Telling.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
    return removed
