"""What a dreamer sends from the pages of consent. Forms read what was chosen; services decide what stands."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from governance.consent.answering import Target
from governance.consent.enums import ConsentState, Purpose, Scope

ANSWERS = (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.DEFERRED)


class WithdrawForm(forms.Form):
    """One purpose, or none for the whole contribution."""

    purpose = forms.ChoiceField(choices=Purpose.choices, required=False)

    def chosen(self) -> Purpose | None:
        """The purpose to withdraw; None for everything. Call after `is_valid`."""
        value = self.cleaned_data["purpose"]
        return Purpose(value) if value else None


class TargetForm(forms.Form):
    """What an answer is about, and to which purpose."""

    scope = forms.ChoiceField(choices=Scope.choices)
    about = forms.UUIDField()
    guild = forms.UUIDField(required=False)
    purpose = forms.ChoiceField(choices=Purpose.choices)

    @property
    def target(self) -> Target:
        """Call after `is_valid`."""
        given = self.cleaned_data
        about: UUID = given["about"]
        guild: UUID | None = given["guild"]
        return Target(Scope(given["scope"]), about, guild)

    @property
    def purpose_given(self) -> Purpose:
        return Purpose(self.cleaned_data["purpose"])


class AnswerForm(TargetForm):
    """Yes, no or not now, with the text that was read. Times are read in the dreamer's own time zone."""

    answer = forms.ChoiceField(choices=[(state.value, state.label) for state in ANSWERS])
    notice = forms.CharField(max_length=64, required=False)
    depth = forms.FloatField(min_value=0, max_value=1, required=False)
    expires_at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M"])

    def __init__(self, *args: Any, time_zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._time_zone = time_zone
        if self.data.get("answer") != ConsentState.GIVEN:
            # A no holds, whatever stands in the fields of a yes.
            del self.fields["depth"], self.fields["expires_at"]

    def full_clean(self) -> None:
        with timezone.override(ZoneInfo(self._time_zone)):
            super().full_clean()

    @property
    def state(self) -> ConsentState:
        return ConsentState(self.cleaned_data["answer"])

    @property
    def depth_given(self) -> float:
        depth: float | None = self.cleaned_data["depth"]
        return depth or 0.0

    @property
    def expiry(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["expires_at"]
        return moment
