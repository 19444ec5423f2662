"""The page that shows every component once, for those who build pages and for the checks in the browser."""

import calendar
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

HUES = range(1, 13)
MONTH = (2026, 11)
PURPOSE_HINTS = {
    "share": "Everyone in the circle hears it.",
    "blend": "Its moments may be moved towards the others, as far as the depth you set.",
    "quote": "Its own words may appear in the weave.",
}


@dataclass(frozen=True)
class Line:
    """One line of the sample weave."""

    hue: int
    name: str
    text: str


WEAVE = (
    Line(3, "Ayla", "I knew the hallway, but it went on past where the wall should be."),
    Line(7, "Finn", "There was a door behind the wardrobe, painted the same green."),
    Line(11, "Lara", "Water was coming down the stairs very slowly, as if it had been asked to."),
)


class SampleForm(forms.Form):
    """A field of every look. Nothing is ever sent with it."""

    title = forms.CharField(required=False, help_text="Or leave it, and the first words stand in.")
    narrative = forms.CharField(label="What happened", widget=forms.Textarea)
    dreamed_on = forms.DateField(label="Night", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(choices=[("dream", "Dream"), ("nightmare", "Nightmare")])
    anger = forms.IntegerField(required=False, min_value=0, max_value=4)
    happiness = forms.IntegerField(required=False, min_value=0, max_value=4)
    format = forms.ChoiceField(
        choices=[("circle", "Open circle"), ("matrix", "Social Dreaming Matrix"), ("ullman", "Ullman group")],
        widget=forms.RadioSelect,
    )
    purposes = forms.MultipleChoiceField(
        label="What may be done with it",
        choices=[
            ("share", "Read in this session"),
            ("blend", "Blend with others"),
            ("quote", "Quote my words"),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing is chosen for you.",
    )
    depth = forms.FloatField(min_value=0, max_value=1, help_text="How far others may blend into it.")
    accept = forms.BooleanField(
        label="I have read how confidential this session is", help_text="It is no substitute for therapy."
    )
    quiet = forms.BooleanField(label="Quiet hours", required=False)


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component, with a form that was refused, so that errors are seen too."""
    return render(request, "portal/style_guide.html", sample_context())


def sample_context() -> dict[str, Any]:
    """What the page shows: the same on every day."""
    form = SampleForm(
        {"title": "A house", "kind": "dream", "happiness": "3", "format": "circle", "depth": "0.4"}
    )
    form.is_valid()
    return {
        "form": form,
        "hues": HUES,
        "purpose_hints": PURPOSE_HINTS,
        "weave": WEAVE,
        "weekdays": list(calendar.day_name),
        "weeks": calendar.monthcalendar(*MONTH),
    }
