"""Forms that set the times of a ritual."""

from datetime import datetime
from typing import Any

from django import forms

from colonies.rituals.recurrence import Kind, Rhythm
from colonies.rituals.rules import LONGEST_INTERVAL, RuleRefused, rule_of
from guild.dreamers.forms import time_zone_choices

MOMENT = "%Y-%m-%dT%H:%M"
MONTHLY_NTH = "monthly_nth"
OWN_RULE = "rule"
KINDS = [
    (Kind.LOCAL.value, "At the same hour, wherever each of us is"),
    (Kind.TOGETHER.value, "Together, at one moment for all"),
]
KIND_HINTS = {
    Kind.LOCAL.value: "Half past nine is half past nine in Lisbon, and half past nine in Tokyo.",
    Kind.TOGETHER.value: "The clock of one time zone decides; everybody keeps it when it says so.",
}
REPEATS = [
    ("", "Once"),
    ("daily", "Every night"),
    ("weekly", "Every week, on these days"),
    ("monthly", "Every month, on the same day"),
    (MONTHLY_NTH, "Every month, on the same weekday"),
    ("yearly", "Every year"),
    (OWN_RULE, "By a rule of your own"),
]
DAYS = [
    ("MO", "Monday"),
    ("TU", "Tuesday"),
    ("WE", "Wednesday"),
    ("TH", "Thursday"),
    ("FR", "Friday"),
    ("SA", "Saturday"),
    ("SU", "Sunday"),
]


class ScheduleForm(forms.Form):
    """When a ritual is kept."""

    kind = forms.ChoiceField(
        label="Whose clock?", choices=KINDS, initial=Kind.LOCAL.value, widget=forms.RadioSelect
    )
    starts_on = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts_at = forms.TimeField(label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="Only for what is kept together.",
        choices=time_zone_choices,
    )
    repeats = forms.ChoiceField(required=False, choices=REPEATS, initial="daily")
    interval = forms.IntegerField(
        label="Every so many",
        required=False,
        min_value=1,
        max_value=LONGEST_INTERVAL,
        initial=1,
        help_text="2 is every second night, week, month or year.",
    )
    weekdays = forms.MultipleChoiceField(
        label="On these days", required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label="Until",
        required=False,
        help_text="Empty: until you end it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rule = forms.CharField(
        label="A rule of your own",
        required=False,
        max_length=200,
        help_text="As calendars write it (RFC 5545), such as FREQ=MONTHLY;BYDAY=-1FR.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                given["rhythm"] = _rhythm(given)
            except RuleRefused as error:
                self.add_error("rule", str(error))
        return given

    @property
    def rhythm(self) -> Rhythm:
        rhythm: Rhythm = self.cleaned_data["rhythm"]
        return rhythm


class ExceptionForm(forms.Form):
    """One time of keeping that is left out, or moved."""

    original = forms.DateTimeField(input_formats=[MOMENT], widget=forms.HiddenInput)
    to = forms.DateTimeField(
        label="Instead at",
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )

    def moment(self, name: str) -> datetime | None:
        """The wall clock that was given."""
        value: datetime | None = self.cleaned_data[name]
        return value.replace(tzinfo=None) if value is not None else None


def _rhythm(given: dict[str, Any]) -> Rhythm:
    starts = datetime.combine(given["starts_on"], given["starts_at"])
    together = given["kind"] == Kind.TOGETHER
    return Rhythm(
        kind=Kind(given["kind"]),
        starts=starts,
        zone=given["zone"] if together else "",
        rule=_rule(given, starts),
        until=given["until"],
    )


def _rule(given: dict[str, Any], starts: datetime) -> str:
    repeats = given["repeats"]
    if repeats == OWN_RULE:
        return str(given["rule"])
    if not repeats:
        return ""
    return rule_of(
        frequency="monthly" if repeats == MONTHLY_NTH else repeats,
        interval=given["interval"] or 1,
        weekdays=given["weekdays"],
        starts=starts,
        nth=repeats == MONTHLY_NTH,
    )
