"""Writes of accounts."""

from datetime import time
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


def set_quiet_hours(*, dreamer: UUID, since: time, until: time) -> None:
    """Between these nothing rings, by the dreamer's own clock; the same time twice is no quiet at all."""
    Dreamer.objects.filter(pk=dreamer).update(quiet_from=since, quiet_until=until)
