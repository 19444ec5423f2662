"""Amounts as drawings: the identity meter with its floor, a share of a whole, the moon of an intensity."""

import math
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
Amount = float | Decimal | str
NO_BREAK = "\u00a0"
INTENSITIES = 4


@register.filter
def percent(amount: Amount | None, digits: int = 0) -> str:
    """0.714 as "71 %", with a space that does not break. Rounds down: what is kept is never overstated."""
    if amount is None:
        return "–"
    return f"{_down(amount, digits):.{digits}f}{NO_BREAK}%"


@register.inclusion_tag("components/meter.html")
def meter(
    *, kept: Amount, floor: Amount, hue: int | None = None, who: str = "You", compact: bool = False
) -> dict[str, Any]:
    """How much was kept of what sets a dreamer apart (0 to 1), and the floor nobody may fall under (0 to 1).

    `who` begins the sentence for assistive technology: "You" or a name.
    """
    return {
        "kept": _down(kept, 1),
        "floor": _down(floor, 1),
        "kept_said": percent(kept),
        "floor_said": percent(floor),
        "floor_end": _down(floor, 1) > 82,
        "hue": hue,
        "who": who,
        "compact": compact,
    }


@register.simple_tag
def share(amount: Amount, *, hue: int | None = None) -> SafeString:
    """A thin bar of 0 to 1, silent: put the number beside it."""
    return format_html(
        '<svg class="share {}" aria-hidden="true" focusable="false"><rect width="{}%" height="100%"/></svg>',
        "" if hue is None else f"hue-{hue}",
        _down(amount, 1),
    )


@register.simple_tag
def moon(level: int) -> SafeString:
    """The moon at intensity 0 (new) to 4 (full), silent: put the word or the number beside it."""
    return format_html(
        '<svg class="moon" viewBox="-9 -9 18 18" aria-hidden="true" focusable="false">'
        '<circle class="moon-dark" r="8"/><path class="moon-lit" d="{}"/></svg>',
        moon_path(level),
    )


def moon_path(level: int, *, radius: float = 7) -> str:
    """The lit part of a waxing moon, lit from the right, as a path; empty for a new moon.

    The terminator is half an ellipse whose half-width goes from +radius (new) through 0 to -radius (full).
    """
    if not 0 <= level <= INTENSITIES:
        raise ValueError(f"An intensity is a number from 0 to {INTENSITIES}, not {level}.")
    if level == 0:
        return ""
    half_width = radius * (1 - 2 * level / INTENSITIES)
    sweep = 0 if half_width > 0 else 1
    r = f"{radius:g}"
    return f"M0-{r}A{r} {r} 0 0 1 0 {r}A{abs(half_width):g} {r} 0 0 {sweep} 0-{r}Z"


def _down(amount: Amount, digits: int) -> float:
    scale = 10**digits
    return math.floor(round(min(max(float(amount), 0.0), 1.0) * 100 * scale, 6)) / scale
