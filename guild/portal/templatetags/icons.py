"""Icons: Heroicons as inline SVG, silent beside a word, named when they stand alone."""

import re

from django import template
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_mini, heroicon_outline, heroicon_solid

register = template.Library()
STYLES = {"outline": heroicon_outline, "solid": heroicon_solid, "mini": heroicon_mini}


@register.simple_tag
def icon(name: str, *, label: str = "", look: str = "outline", size: int = 24) -> SafeString:
    """The icon `name`. Without `label` it is hidden from assistive technology.

    Raises `heroicons.IconDoesNotExist` for a name outside the set.
    """
    attributes = {"aria_label": str(label), "role": "img"} if label else {"aria_hidden": "true"}
    attributes["focusable"] = "false"
    svg = STYLES[look](name, size=size, **attributes)
    return SafeString(svg.replace(' aria-hidden="true"', "", 1) if label else svg)


@register.filter
def inline_svg(document: str) -> SafeString:
    """An SVG document made by this server (never by a person) as an element that scales with its place.

    A QR code shown as a data: address would need an exception in the content security policy.
    """
    element = document[document.index("<svg") :]
    head, _, rest = element.partition(">")
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    return SafeString(f"{head}>{rest}")
