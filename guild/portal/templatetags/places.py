"""Where one is: links that know whether they lead here."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.filter
def draft_key(extra_tags: str | None) -> str:
    """The key of the draft that a message puts away: `messages.success(..., extra_tags="draft:<key>")`."""
    kind, _, key = (extra_tags or "").partition(":")
    return key if kind == "draft" else ""


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: Context, view: str, label: str, *, glyph: str = "", slug: str = "", section: str = ""
) -> dict[str, Any]:
    """A link of the navigation to the view named `view` (under the guild `slug` if given).

    It is current when the page is that very view, or belongs to `section`, a comma-separated list of
    URL namespaces. A room that is not there has no link.
    """
    try:
        address = reverse(view, kwargs={"guild_slug": slug} if slug else None)
    except NoReverseMatch:
        return {"address": ""}
    return {
        "address": address,
        "label": label,
        "view": view,
        "glyph": glyph,
        "current": _current(context, view, section, slug),
    }


def _current(context: Context, view: str, section: str, slug: str) -> str:
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or match.kwargs.get("guild_slug", "") != slug:
        return ""
    if match.view_name == view:
        return "page"
    return "true" if section and match.namespace in section.split(",") else ""
