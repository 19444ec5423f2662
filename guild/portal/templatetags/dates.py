"""Nights and moments in words."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86_400
UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))


@register.filter
def night(sleep_night: date | None) -> str:
    """A sleep night as people say it: "19 November", with its year unless that is this year or near it."""
    if sleep_night is None:
        return "no date"
    near = abs((timezone.localdate() - sleep_night).days) < 180
    return date_format(sleep_night, "j F" if near else "j F Y")


@register.filter
def night_long(sleep_night: date | None) -> str:
    """ "night of Thursday 19 November 2026"."""
    return "no date" if sleep_night is None else f"night of {date_format(sleep_night, 'l j F Y')}"


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """A moment as "3 hours ago" or "in 2 days" inside <time>, which relative.js keeps fresh."""
    if moment is None:
        return SafeString("never")
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        moment.isoformat(),
        date_format(timezone.localtime(moment), "j F Y, H:i"),
        relative(moment, now=timezone.now()),
    )


@register.simple_tag
def clock(moment: datetime | None) -> SafeString:
    """A moment as "21:05" in the reader's zone, inside <time>."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        date_format(local, "j F Y, H:i"),
        date_format(local, "H:i"),
    )


@register.filter
def span(length: timedelta | None) -> str:
    """ "7 h 05 min" or "40 min"; a dash for what is not known, a minus for less than nothing."""
    if length is None:
        return "–"
    total = round(abs(length).total_seconds() / MINUTE)
    hours, minutes = divmod(total, 60)
    words = f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
    return f"−{words}" if length < timedelta(0) and total else words


@register.filter
def wall(moment: datetime | None) -> str:
    """ "23:40" by the clock that the moment itself carries; a dash for none."""
    return "–" if moment is None else f"{moment:%H:%M}"


@register.filter
def unlocalised(number: float) -> str:
    """A number as SVG reads it, whatever the language of the page."""
    return f"{number:g}"


@register.simple_tag
def duration(seconds: int) -> str:
    """A length of time as "as long as it takes" (0), "40 seconds", "5 minutes" or "1 h 20 min"."""
    if seconds <= 0:
        return "as long as it takes"
    if seconds < MINUTE:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = round(seconds / MINUTE, 1)
    if seconds < HOUR:
        return f"{minutes:g} minute{'' if minutes == 1 else 's'}"
    hours, left = divmod(round(minutes), 60)
    return f"{hours} h {left} min" if left else f"{hours} h"


def relative(moment: datetime, *, now: datetime) -> str:
    """ "just now", "5 minutes ago", "in 3 hours", "yesterday"; beyond a month, the date."""
    distance = moment - now
    seconds = abs(distance.total_seconds())
    if seconds < MINUTE:
        return "just now"
    if seconds >= 30 * DAY:
        return date_format(timezone.localtime(moment), "j F Y")
    if timedelta(hours=20) < -distance < timedelta(hours=28):
        return "yesterday"
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size)
    count = int(seconds // size)
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if distance > timedelta(0) else f"{words} ago"
