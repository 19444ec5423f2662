"""A form field as a person meets it: label, hint, control, and its error beside it, all tied together."""

from typing import Any
from uuid import uuid4

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guild.portal.once import FIELD

register = template.Library()
WRITTEN = ("plain", "narrative", "title")
GROUPS = ("cards", "segmented", "scale")
LEVELS = ("none", "faint", "clear", "strong", "overwhelming")


@register.simple_tag
def field(
    bound: BoundField, *, look: str = "", label: str = "", hint: str | None = None, **options: Any
) -> SafeString:
    """Renders one field of a form. `look` is chosen by the widget unless given:

    plain (default), narrative, title; check, switch (a checkbox); cards, segmented (radios or several
    checkboxes); scale (0 to 4 as moons; nothing chosen is "not rated"); range (a number field).
    `hint` replaces the field's help text; "" shows none. Options: `optional` (say so; default: when the
    field is not required), `hints` (choice value -> sentence, for cards), `levels` (five words,
    comma-separated, for scale), `ends` ("least,most", for range), `row` (cards side by side).
    """
    if bound.is_hidden:
        return bound.as_widget()
    look = look or _look_of(bound)
    context = _context(bound, look=look, label=label, hint=hint)
    context["optional"] = options.get("optional", look in WRITTEN and not bound.field.required)
    context |= _extras(bound, look=look, options=options)
    return SafeString(render_to_string(f"components/field_{_template_of(look)}.html", context))


@register.simple_tag
def once() -> SafeString:
    """Names this one showing of a form, so that sending it twice does it once (see `guild.portal.once`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All that went wrong, above a form; each line leads to its field. Nothing when nothing did."""
    fields = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"general": form.non_field_errors(), "fields": fields, "any": bool(form.errors)}


def _look_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    return "cards" if isinstance(widget, RadioSelect | CheckboxSelectMultiple) else "plain"


def _template_of(look: str) -> str:
    if look in ("check", "switch"):
        return "check"
    return "group" if look in ("cards", "segmented") else look if look in ("scale", "range") else "plain"


def _context(bound: BoundField, *, look: str, label: str, hint: str | None) -> dict[str, Any]:
    hint = str(bound.help_text) if hint is None else hint
    described = [f"{bound.auto_id}_helptext"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    return {
        "bound": bound,
        "look": look,
        "label": label or bound.label,
        "hint": hint,
        "described_by": " ".join(described),
        "control": "" if look in (*GROUPS, "range") else bound.as_widget(attrs=attributes),
    }


def _extras(bound: BoundField, *, look: str, options: dict[str, Any]) -> dict[str, Any]:
    if look in ("cards", "segmented"):
        hints = options.get("hints") or {}
        choices = [(choice, hints.get(str(choice.data["value"]), "")) for choice in bound]
        return {"choices": choices, "row": options.get("row", False)}
    if look == "scale":
        return {"steps": _steps(bound, options.get("levels", "")), "unrated": _value(bound) == ""}
    if look == "range":
        return _range(bound, options.get("ends", ""))
    return {}


def _steps(bound: BoundField, levels: str) -> list[dict[str, Any]]:
    words = levels.split(",") if levels else LEVELS
    chosen = _value(bound)
    return [
        {"level": level, "word": word.strip(), "checked": chosen == str(level)}
        for level, word in enumerate(words)
    ]


def _range(bound: BoundField, ends: str) -> dict[str, Any]:
    number: Any = bound.field
    least, most = [*ends.split(","), ""][:2]
    return {
        "least": least.strip(),
        "most": most.strip(),
        "minimum": _given(number, "min_value", 0),
        "maximum": _given(number, "max_value", 1),
        "step": number.widget.attrs.get("step") or _given(number, "step_size", "any"),
        "value": _value(bound),
    }


def _given(number: Any, name: str, otherwise: Any) -> str:
    value = getattr(number, name, None)
    return str(otherwise if value is None else value)


def _value(bound: BoundField) -> str:
    value = bound.value()
    return "" if value is None else str(value)
