"""Forms of lounges and sessions. They read what was chosen; what may be kept is decided in the services."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY
from lounges.sessions.enums import Confidentiality, Extent
from lounges.sessions.formats import FORMATS
from lounges.sessions.lending import ASKED, LONGEST_ASSOCIATION, LONGEST_EXCERPT
from lounges.sessions.services import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TITLE

NOW, LATER = "now", "later"
YES_NO = [("yes", "Yes"), ("no", "No")]
WRITING = {"dir": "auto", "autocomplete": "off"}

_BEFORE = {
    True: "You said yes to this before, for all you lend here: leave it unanswered to keep to that.",
    False: "You said no to this before, for all you lend here: leave it unanswered to keep to that.",
}

EXTENT_HINTS = {
    Extent.WHOLE.value: "All of it, with its title, as it stands in your journal now.",
    Extent.EXCERPT.value: "Copy the part below; nothing else leaves your journal.",
    Extent.RETOLD.value: "Write it afresh below, as you would tell it.",
}


class LoungeForm(forms.Form):
    """A new lounge."""

    name = forms.CharField(max_length=LONGEST_NAME, widget=forms.TextInput(attrs=WRITING))
    description = forms.CharField(
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text="What people come here for.",
        widget=forms.Textarea(attrs={"rows": 3, **WRITING}),
    )


class SessionForm(forms.Form):
    """A session, now or later. Times are read in the host's own time zone."""

    title = forms.CharField(max_length=LONGEST_TITLE, widget=forms.TextInput(attrs=WRITING))
    format = forms.ChoiceField(
        choices=[(form.name, form.title) for form in FORMATS.values()],
        initial=next(iter(FORMATS)),
        widget=forms.RadioSelect,
    )
    confidentiality = forms.ChoiceField(
        label="How far may what is told travel?",
        choices=Confidentiality.choices,
        initial=Confidentiality.SESSION,
        widget=forms.RadioSelect,
    )
    when = forms.ChoiceField(
        label="When does it open?",
        choices=[(NOW, "Now"), (LATER, "Later")],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    opens_at = forms.DateTimeField(
        label="Day and time",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def __init__(self, *args: Any, time_zone: str, **options: Any) -> None:
        with timezone.override(ZoneInfo(time_zone)):
            super().__init__(*args, **options)
        self._time_zone = time_zone
        self.fields["opens_at"].help_text = f"In your time zone, {time_zone.replace('_', ' ')}."

    def full_clean(self) -> None:
        with timezone.override(ZoneInfo(self._time_zone)):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("when") == LATER and not given.get("opens_at") and "opens_at" not in self.errors:
            self.add_error("opens_at", "Choose a day and a time, or open the session now.")
        return given

    @property
    def opens(self) -> datetime | None:
        """When the session opens; None is now."""
        moment: datetime | None = self.cleaned_data["opens_at"]
        return moment if self.cleaned_data["when"] == LATER else None


class KeyedForm(forms.Form):
    """A form that is done once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class JoinForm(KeyedForm):
    """The acceptance of a session's terms, exactly as they were shown."""

    terms = forms.CharField(widget=forms.HiddenInput, max_length=64)
    accept = forms.BooleanField(
        label="I have read this, and I accept it.",
        error_messages={"required": "Tick this once you have read the terms, or stay outside."},
    )


class AssociationForm(KeyedForm):
    """What a dream brings to mind."""

    contribution = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="What does it bring to your mind?",
        max_length=LONGEST_ASSOCIATION,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_ASSOCIATION, **WRITING}),
    )


class ShareForm(KeyedForm):
    """A dream, how much of it, and on which terms. Nothing is preselected; every purpose needs an answer."""

    dream = forms.UUIDField(widget=forms.HiddenInput)
    extent = forms.ChoiceField(
        label="How much of it?",
        choices=[(value, str(label).capitalize()) for value, label in Extent.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much of the dream to lend."},
    )
    excerpt = forms.CharField(
        label="The part to lend",
        required=False,
        max_length=LONGEST_EXCERPT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, **WRITING}),
    )
    depth = forms.FloatField(
        label="How deep may others blend into it?",
        help_text="0 leaves your dream as it is; 1 lets it go all the way to the others. The guild's floor "
        "still keeps what sets it apart.",
        min_value=0,
        max_value=1,
        required=False,
        initial=0,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )
    expires_at = forms.DateTimeField(
        label="Until when?",
        help_text="Leave it empty to lend it until you take it back, which you can do at any time.",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def __init__(
        self, *args: Any, time_zone: str, standing: Mapping[Purpose, bool] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._time_zone = time_zone
        for purpose in ASKED:
            self.fields[purpose.value] = _answer(purpose, decided=(standing or {}).get(purpose))
            self.fields[_notice_of(purpose)] = forms.CharField(required=False, widget=forms.HiddenInput)

    def full_clean(self) -> None:
        with timezone.override(ZoneInfo(self._time_zone)):
            super().full_clean()

    @property
    def purposes(self) -> list[forms.BoundField]:
        """The fields of the purposes, in the order in which they are asked."""
        return [self[purpose.value] for purpose in ASKED]

    @property
    def notices(self) -> list[tuple[str, str]]:
        """The names and digests of the texts as they are shown now, whichever were sent before."""
        return [(_notice_of(purpose), REGISTRY[purpose].notice.digest) for purpose in ASKED]

    def command(self) -> dict[str, Any]:
        """The fields of `session.share`, from a valid form."""
        given = self.cleaned_data
        answers: Mapping[str, bool | None] = {
            purpose.value: {"yes": True, "no": False}.get(given.get(purpose.value, "")) for purpose in ASKED
        }
        return {
            "key": given["key"],
            "dream": given["dream"],
            "extent": given["extent"],
            "excerpt": given["excerpt"],
            "purposes": answers,
            "notices": {purpose.value: given.get(_notice_of(purpose), "") for purpose in ASKED},
            "depth": given["depth"],
            "expires_at": given["expires_at"],
        }


def _notice_of(purpose: Purpose) -> str:
    return f"notice_{purpose.value}"


def _answer(purpose: Purpose, *, decided: bool | None) -> forms.ChoiceField:
    notice = REGISTRY[purpose]
    return forms.ChoiceField(
        label=notice.title,
        help_text=notice.notice.text if decided is None else f"{notice.notice.text} {_BEFORE[decided]}",
        choices=YES_NO,
        required=decided is None,
        widget=forms.RadioSelect,
        error_messages={"required": "Answer yes or no."},
    )
