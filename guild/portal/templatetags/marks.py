"""A dreamer on a page: a hue, a shape, a name. Never a hue alone."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guild.portal.templatetags.shapes import SHAPES, shape_of

register = template.Library()


@register.filter
def hue_class(hue: int | None) -> str:
    """The class that sets --voice: hue-1 to hue-12, or hue-none."""
    return "hue-none" if hue is None else f"hue-{hue}"


@register.simple_tag
def mark_path(hue: int | None) -> str:
    """The path of a hue's shape around the origin, for drawings that place it with translate(x y)."""
    return shape_of(hue).path


@register.simple_tag
def shape_name(hue: int) -> str:
    """What the shape of a hue is called, for those who do not see it."""
    return shape_of(hue).name


@register.simple_tag
def mark(who: Any = None, *, hue: int | None = None) -> SafeString:
    """The small shape alone, silent: put it beside a name. `who` is anything with a `hue`."""
    hue = _hue(who, hue)
    return format_html(
        '<svg class="mark {}" viewBox="-8 -8 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        hue_class(hue),
        shape_of(hue).path,
    )


@register.simple_tag
def dreamer(who: Any = None, *, hue: int | None = None, name: str = "") -> SafeString:
    """Shape and name in the dreamer's hue. `who` is anything with `hue` and `display_name`."""
    hue = _hue(who, hue)
    return format_html(
        '<span class="dreamer {}">{}<span class="dreamer-name" dir="auto">{}</span></span>',
        hue_class(hue),
        mark(hue=hue),
        _name(who, name),
    )


@register.simple_tag
def avatar(who: Any = None, *, hue: int | None = None, name: str = "", look: str = "") -> SafeString:
    """The initial on its hue with the shape beside it, silent: put it beside a name. `look`: small, large."""
    hue = _hue(who, hue)
    return format_html(
        '<span class="avatar {} {}" aria-hidden="true"><span class="initial">{}</span>{}</span>',
        hue_class(hue),
        look,
        _name(who, name).strip()[:1].upper() or "·",
        mark(hue=hue) if hue else "",
    )


@register.simple_tag
def mark_symbols() -> SafeString:
    """All twelve shapes as symbols #mark-1 to #mark-12, for scripts: `<use href="#mark-3">`."""
    symbols = format_html_join(
        "",
        '<symbol id="mark-{}" viewBox="-8 -8 16 16"><path d="{}"/></symbol>',
        ((number, shape.path) for number, shape in enumerate(SHAPES, start=1)),
    )
    return format_html('<svg hidden aria-hidden="true">{}</svg>', symbols)


def _hue(who: Any, hue: int | None) -> int | None:
    return hue if hue is not None else getattr(who, "hue", None)


def _name(who: Any, name: str) -> str:
    return str(name or getattr(who, "display_name", ""))
