"""The hours in which nothing rings in a guild's name, as its law sets them."""

from collections.abc import Iterable, Mapping
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.policies.law import HOUSE_LAW, LawUnreadable, law_of
from guild.notifications.quiet import Quiet
from guild.notifications.timing import Hush
from guild.tenancy.models import Guild

HOUR = 60


def hushes(guilds: Iterable[UUID]) -> Mapping[UUID, Hush]:
    """The quiet of each of these guilds that keeps any, by its own clock."""
    found = {guild.pk: hush_of(guild) for guild in Guild.objects.filter(pk__in=list(guilds))}
    return {guild: hush for guild, hush in found.items() if hush is not None}


def hush_of(guild: Guild) -> Hush | None:
    """The guild's quiet; None where it begins when it ends. Where its law cannot be read, that of the house:
    one guild holds up no notice of another.
    """
    try:
        law = law_of(guild)
    except LawUnreadable:
        law = HOUSE_LAW
    if law.quiet_from == law.quiet_until:
        return None
    return Hush(Quiet(_time(law.quiet_from), _time(law.quiet_until)), ZoneInfo(law.clock))


def _time(minutes: int) -> time:
    return time(*divmod(minutes, HOUR))
