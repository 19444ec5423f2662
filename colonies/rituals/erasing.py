"""Erasing what is somebody's own in their colonies; what a colony keeps stays, without their name."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from colonies.rituals import belonging
from colonies.rituals.enums import Standing
from colonies.rituals.models import Belonging, CalendarFeed, Observance, Pause, RitualVersion, Translation
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Gone:
    """How much was erased in one guild."""

    nights: int
    colonies: int


def erase_in_guild(dreamer: UUID, *, guild: UUID, live: Membership | None) -> Gone:
    """In the guild's tenant and the dreamer's, with its ledger held: leaves every colony as `live`, erases
    all nights, and takes the name off everything written.
    """
    left = 0
    if live is not None:
        inside = Belonging.objects.filter(guild_id=guild, membership_id=live.pk, standing=Standing.IN)
        for row in inside.select_related("colony"):
            belonging.leave(by=live, colony=row.colony, take_name_off=True)
            left += 1
    waiting = (Standing.ASKED, Standing.INVITED)
    Belonging.objects.filter(guild_id=guild, membership__dreamer_id=dreamer, standing__in=waiting).update(
        standing=Standing.DECLINED, ended_at=timezone.now()
    )
    RitualVersion.objects.filter(guild_id=guild, author__dreamer_id=dreamer).update(author=None)
    Translation.objects.filter(guild_id=guild, translator__dreamer_id=dreamer).update(translator=None)
    nights, _ = Observance.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
    return Gone(nights, left)


def erase_own(dreamer: UUID) -> None:
    """Pauses and calendar addresses, which are of no guild; in the dreamer's tenant."""
    Pause.objects.filter(dreamer_id=dreamer).delete()
    CalendarFeed.objects.filter(dreamer_id=dreamer).delete()
