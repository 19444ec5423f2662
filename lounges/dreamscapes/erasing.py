"""What an erased account leaves behind of dreamscapes: its reflections go, the others are replaced."""

from uuid import UUID

from lounges.dreamscapes.models import Reflection


def erase_reflections_of(dreamer: UUID, *, guild: UUID) -> int:
    """Remove every reflection of a dreamer, in the guild's tenant and the dreamer's; how many there were."""
    removed, _ = Reflection.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
    return removed
