"""Writes of accounts."""

from typing import Any
from uuid import UUID

from guild.dreamers.models import Dreamer

SETTINGS = ("name", "time_zone", "night_turnover_hour", "theme")


def change_settings(*, dreamer: UUID, settings: dict[str, Any]) -> None:
    """Set any of name, time_zone, night_turnover_hour and theme; other keys are refused with KeyError."""
    unknown = set(settings) - set(SETTINGS)
    if unknown:
        raise KeyError(f"These are no settings of an account: {', '.join(sorted(unknown))}.")
    Dreamer.objects.filter(pk=dreamer).update(**settings)
