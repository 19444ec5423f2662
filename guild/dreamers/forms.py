"""Forms about oneself."""

import zoneinfo
from typing import Any

from django import forms
from django.http import HttpRequest

from guild.dreamers.models import Dreamer
from guild.dreamers.names import validate_name

NAME_HINT = "What guilds will call you. It need not be your own name."
NAME_HINT_AFTERWARDS = (
    "What guilds that you join from now on will call you. It need not be your own name; "
    "a guild that you are in keeps the name it knows you by."
)


def time_zone_choices() -> list[tuple[str, str]]:
    """Every zone with a place in its name, as choices."""
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    return [(zone, zone.replace("_", " ")) for zone in zones if not zone.startswith(("Etc/", "SystemV/"))]


class SignupFields(forms.Form):
    """What the sign-up page asks beyond address and password."""

    name = forms.CharField(
        max_length=60,
        label="Name",
        help_text=NAME_HINT,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, dreamer: Dreamer) -> None:
        """Called by the accounts library with the new account."""
        dreamer.name = self.cleaned_data["name"].strip()
        dreamer.save(update_fields=["name"])


class SettingsForm(forms.ModelForm):
    """Name, time zone, turnover of the night and theme."""

    time_zone = forms.ChoiceField(label="Time zone", choices=time_zone_choices)
    night_turnover_hour = forms.TypedChoiceField(
        label="My night ends at",
        coerce=int,
        choices=[(hour, f"{hour:02d}:00") for hour in range(24)],
        help_text="A dream recorded before this hour belongs to the night before.",
    )

    class Meta:
        model = Dreamer
        fields = ["name", "time_zone", "night_turnover_hour", "theme"]
        widgets = {"theme": forms.RadioSelect}
        help_texts = {"name": NAME_HINT_AFTERWARDS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "nickname"
        self.fields["name"].validators.append(validate_name)
