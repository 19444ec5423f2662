"""By whose clock."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from guild.dreamers.models import Dreamer


def zone_of(dreamer: Dreamer) -> ZoneInfo:
    """The dreamer's time zone; UTC where the database of zones knows it no more."""
    try:
        return ZoneInfo(dreamer.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
