"""The morning's form: the items of the Consensus Sleep Diary's core, in its order, none of them required."""

from datetime import date
from typing import Any

from django import forms

from colonies.diary.entries import Written
from colonies.diary.services import LONGEST_COMMENT, MOST_AWAKENINGS, MOST_MINUTES

QUALITY = [("1", "Very poor"), ("2", "Poor"), ("3", "Fair"), ("4", "Good"), ("5", "Very good")]


def _time(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _number(label: str, most: int, *, step: int = 1) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "step": step})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, widget=widget)


class NightForm(forms.Form):
    """One night. What is left empty is not known, and nothing is guessed for it."""

    night = forms.DateField(widget=forms.HiddenInput)
    into_bed = _time("Into bed at")
    tried_to_sleep = _time("Tried to sleep at")
    latency = _number("Minutes until asleep", MOST_MINUTES)
    awakenings = _number("Times woken in between", MOST_AWAKENINGS)
    awake = _number("Minutes awake then", MOST_MINUTES)
    final_awakening = _time("Woke for good at")
    out_of_bed = _time("Got up at")
    quality = forms.TypedChoiceField(
        label="How was it?",
        required=False,
        coerce=int,
        empty_value=None,
        choices=QUALITY,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"}),
    )

    @property
    def on(self) -> date:
        night: date = self.cleaned_data["night"]
        return night

    @property
    def written(self) -> Written:
        given: dict[str, Any] = {**self.cleaned_data}
        del given["night"]
        return Written(**given)

    @staticmethod
    def of(written: Written) -> dict[str, Any]:
        """The form's first values."""
        values = {name: value for name, value in vars(written).items() if value is not None}
        return values | ({"quality": str(written.quality)} if written.quality else {})
