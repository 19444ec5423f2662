"""Forms of experiences. They read what was chosen; what may be kept is decided in the services."""

from typing import Any

from django import forms

from lounges.experiences.recipe import BOUNDS, PLAIN, Bound, Recipe
from lounges.experiences.services import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_NOTE

WRITING = {"dir": "auto", "autocomplete": "off"}


class NumbersForm(forms.Form):
    """The numbers of a recipe, one field each; a number left empty is what its hint says."""

    def __init__(self, *sent: Any, start: Recipe = PLAIN, **options: Any) -> None:
        super().__init__(*sent, **options)
        for bound in BOUNDS:
            self.fields[bound.name] = _number(bound, start.numbers[bound.name])

    @property
    def number_fields(self) -> list[forms.BoundField]:
        return [self[bound.name] for bound in BOUNDS]

    @property
    def numbers(self) -> dict[str, Any]:
        """What was filled in, for the services to check."""
        return {bound.name: self.cleaned_data.get(bound.name) for bound in BOUNDS}


class ExperienceForm(NumbersForm):
    """A new experience."""

    name = forms.CharField(max_length=LONGEST_NAME, widget=forms.TextInput(attrs=WRITING))
    description = forms.CharField(
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text="What it is for, and what people may expect of it.",
        widget=forms.Textarea(attrs={"rows": 3, **WRITING}),
    )


class VersionForm(NumbersForm):
    """A new version over the newest one."""

    on = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="What changes, and why",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, **WRITING}),
    )


def _number(bound: Bound, start: float | int | None) -> forms.DecimalField:
    step = "1" if bound.places == 0 else "0.01"
    left = f" Left empty: {bound.otherwise}." if bound.may_be_left else ""
    return forms.DecimalField(
        label=bound.title,
        help_text=f"{bound.hint}{left}",
        required=not bound.may_be_left,
        min_value=bound.least,
        max_value=bound.most,
        decimal_places=bound.places,
        initial=start,
        widget=forms.NumberInput(attrs={"step": step}),
    )
