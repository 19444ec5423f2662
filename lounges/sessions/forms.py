"""Forms of lounges and sessions. They read what was chosen; what may be kept is decided in the services."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone

from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY
from lounges.sessions.asking import Question
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
    experience = forms.ChoiceField(
        label="By which experience may it blend?",
        required=False,
        help_text="A recipe of the guild's. One that is experimental is named as such before anybody joins.",
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

    def __init__(
        self, *args: Any, time_zone: str, experiences: Sequence[tuple[str, str]] = (), **options: Any
    ) -> None:
        with timezone.override(ZoneInfo(time_zone)):
            super().__init__(*args, **options)
        self._time_zone = time_zone
        self.fields["experience"].choices = list(experiences)  # type: ignore[attr-defined]
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
    def recipe(self) -> UUID | None:
        """The version that was chosen; None is the plain recipe."""
        chosen = self.cleaned_data.get("experience")
        return UUID(chosen) if chosen else None

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
        self,
        *args: Any,
        time_zone: str,
        standing: Mapping[Purpose, bool] | None = None,
        deepest: Decimal = Decimal(1),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._time_zone = time_zone
        if deepest < 1:
            self._allow_no_deeper_than(deepest)
        for purpose in ASKED:
            self.fields[purpose.value] = _answer(purpose, decided=(standing or {}).get(purpose))
            self.fields[_notice_of(purpose)] = forms.CharField(required=False, widget=forms.HiddenInput)

    def full_clean(self) -> None:
        with timezone.override(ZoneInfo(self._time_zone)):
            super().full_clean()

    def _allow_no_deeper_than(self, deepest: Decimal) -> None:
        """The guild's law sets an end to it: said ahead, and refused beside the field."""
        field = self.fields["depth"]
        field.help_text = f"{field.help_text} In this guild, {deepest:.2f} is the deepest."
        field.widget.attrs["max"] = str(deepest)
        field.validators.append(
            MaxValueValidator(
                float(deepest), f"The law of this guild lets no dream be blended deeper than {deepest:.2f}."
            )
        )

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


class AskForm(forms.Form):
    """What a host asks those who lend for: one purpose, none chosen ahead."""

    purpose = forms.ChoiceField(
        label="What would you like to ask for?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to ask for."},
    )

    def __init__(self, *sent: Any, questions: Sequence[Question], **options: Any) -> None:
        super().__init__(*sent, **options)
        choices = [(one.entry.purpose.value, one.entry.title) for one in questions if one.open]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]
        self.hints = {
            one.entry.purpose.value: f"{one.entry.notice.text} It can be asked about {_dreams(one.open)}."
            for one in questions
        }


def _dreams(count: int) -> str:
    return "1 dream" if count == 1 else f"{count} dreams"


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
