"""What one chooses about reminders."""

from typing import Any

from django import forms

from colonies.reminders.services import MINUTES

_SAID = {0: "when it begins", 60: "1 hour before", 120: "2 hours before"}
MINUTE_CHOICES = [(minutes, _SAID.get(minutes, f"{minutes} minutes before")) for minutes in MINUTES]


def _time(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


class QuietForm(forms.Form):
    """The hours in which nothing rings."""

    quiet_from = _time("Quiet from")
    quiet_until = _time("Quiet until")


class ReminderForm(forms.Form):
    """One ritual."""

    minutes = forms.TypedChoiceField(coerce=int, choices=MINUTE_CHOICES)
    by_email = forms.BooleanField(required=False)
    by_push = forms.BooleanField(required=False)
    read = forms.CharField(required=False, max_length=64)

    @property
    def chosen(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)
