"""Languages by the name that those who speak them give them."""

from django import template
from django.conf.locale import LANG_INFO

register = template.Library()


@register.filter
def language_name(tag: str) -> str:
    """The language of a BCP 47 tag in its own words: "español" for es, "português brasileiro" for pt-BR; one
    that is not known, such as mi, stays its tag.
    """
    for known in (tag.lower(), tag.split("-")[0].lower()):
        name = LANG_INFO.get(known, {}).get("name_local")
        if name:
            return str(name)
    return tag
