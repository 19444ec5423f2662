"""How bright a ritual is for one person: a measure of keeping that forgives. Pure.

It is no chain of days that breaks. A kept night brings the light nearer to full, a missed night dims it a
little, and nothing puts it out at once. A night that was skipped on purpose, a night of a pause and a night
on which the ritual does not fall leave it as it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

KINDLING = {"kept": 0.25, "partly": 0.12}  # the share of what is missing to full light that a night brings
DIMMING = 0.88  # what a missed night leaves
LEVELS = 4


class Night(StrEnum):
    """What one night was, for one ritual."""

    KEPT = "kept"
    PARTLY = "partly"
    SKIPPED = "skipped"
    MISSED = "missed"
    PAUSED = "paused"


@dataclass(frozen=True)
class Light:
    """`brightness` from 0 to 1; `kept` nights in all (partly kept ones too); every night that counted."""

    brightness: float
    kept: int
    nights: tuple[tuple[date, Night], ...]

    @property
    def level(self) -> int:
        """0 (new moon) to 4 (full): any light at all is at least a sliver."""
        return 0 if self.brightness == 0 else max(1, round(self.brightness * LEVELS))


def light(*, nights: Collection[date], kept: Mapping[date, str], paused: Collection[date] = ()) -> Light:
    """The light after `nights`, those on which the ritual falls up to last night; `kept` is what was said of
    a night. A night on which it did not fall counts where something was said of it.
    """
    told = [(night, _night(night, kept, paused)) for night in sorted({*nights, *kept})]
    brightness = 0.0
    for _, was in told:
        if was in KINDLING:
            brightness += (1 - brightness) * KINDLING[was]
        elif was == Night.MISSED:
            brightness *= DIMMING
    return Light(brightness, sum(was in KINDLING for _, was in told), tuple(told))


def _night(night: date, kept: Mapping[date, str], paused: Collection[date]) -> Night:
    if night in kept:
        return Night(kept[night])
    return Night.PAUSED if night in paused else Night.MISSED
