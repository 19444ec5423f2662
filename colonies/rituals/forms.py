"""Forms of colonies and rituals. They read what was written; what may be kept is decided in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms

from colonies.rituals.enums import Admission, StepKind
from colonies.rituals.models import Colony, RitualVersion, Translation
from colonies.rituals.services import LONGEST_CHARTER, LONGEST_NAME, LONGEST_TRADITION, About
from colonies.rituals.texts import (
    LONGEST_LINE,
    LONGEST_PASSAGE,
    LONGEST_PICTURE,
    LONGEST_STEP,
    LONGEST_STEP_SECONDS,
    LONGEST_TITLE,
    MOST_STEPS,
    RitualText,
    Step,
    Wording,
)
from colonies.rituals.writing import LONGEST_NOTE

WRITING = {"dir": "auto", "autocomplete": "off"}
STEPS_SHOWN, STEPS_MORE = 3, 2
MINUTE = 60

ADMISSION_HINTS = {
    Admission.OPEN.value: "Whoever likes may come in, at once.",
    Admission.REQUEST.value: "Whoever likes may ask; those who lead let people in.",
    Admission.INVITATION.value: "Those who lead invite people.",
}


def _passage(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **WRITING})


class ColonyForm(forms.Form):
    """What a colony says of itself."""

    name = forms.CharField(max_length=LONGEST_NAME, widget=forms.TextInput(attrs=WRITING))
    tradition = forms.CharField(
        required=False,
        max_length=LONGEST_TRADITION,
        help_text="Where what you keep comes from, in your own words.",
        widget=forms.TextInput(attrs=WRITING),
    )
    charter = forms.CharField(
        required=False,
        max_length=LONGEST_CHARTER,
        help_text="What you keep together, and what you ask of each other.",
        widget=_passage(6),
    )
    admission = forms.ChoiceField(
        label="How does one come in?",
        choices=Admission.choices,
        initial=Admission.REQUEST,
        widget=forms.RadioSelect,
    )

    @property
    def about(self) -> About:
        return About(**self.cleaned_data)

    @staticmethod
    def of(colony: Colony) -> dict[str, Any]:
        """The form's first values for a colony."""
        return {name: getattr(colony, name) for name in ("name", "tradition", "charter", "admission")}


class LeaveForm(forms.Form):
    """What becomes of one's name when one leaves."""

    names = forms.ChoiceField(
        label="Your name on rituals that you wrote or translated here",
        choices=[("keep", "Leave it there"), ("take_off", "Take it off")],
        initial="keep",
        widget=forms.RadioSelect,
    )

    nights = forms.ChoiceField(
        label="What you said of your nights here",
        choices=[("keep", "Keep it for me"), ("erase", "Erase it")],
        initial="keep",
        widget=forms.RadioSelect,
    )


class RitualForm(forms.Form):
    """The words around the steps."""

    title = forms.CharField(max_length=LONGEST_TITLE, widget=forms.TextInput(attrs=WRITING))
    intention = forms.CharField(
        required=False, max_length=LONGEST_PASSAGE, help_text="What it is kept for.", widget=_passage(2)
    )
    tradition = forms.CharField(
        required=False,
        max_length=LONGEST_LINE,
        help_text="The tradition it belongs to, in the words of those who keep it.",
        widget=forms.TextInput(attrs=WRITING),
    )
    source = forms.CharField(
        required=False,
        max_length=LONGEST_PASSAGE,
        help_text="Where you have it from: a person, a place, a book, a family.",
        widget=_passage(2),
    )
    credit = forms.CharField(
        required=False,
        max_length=LONGEST_LINE,
        help_text="Who is to be named wherever it is kept.",
        widget=forms.TextInput(attrs=WRITING),
    )
    language = forms.CharField(
        max_length=12,
        initial="en",
        help_text="Its short code: en, pt-BR, mi, sr-Latn.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contraindications = forms.CharField(
        label="When not to keep it",
        required=False,
        max_length=LONGEST_PASSAGE,
        help_text="For whom, or when, it is not good: open flames, fasting, breath-holding, hard memories.",
        widget=_passage(2),
    )

    @staticmethod
    def of(version: RitualVersion) -> dict[str, Any]:
        """The form's first values for a version."""
        return {name: getattr(version, name) for name in RitualForm.base_fields}


class RevisionForm(RitualForm):
    """A new version: what it says, over which version it is written, and why."""

    on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = forms.CharField(
        label="What changed, and why",
        required=False,
        max_length=LONGEST_NOTE,
        widget=_passage(2),
    )


class StepForm(forms.Form):
    """One step. A step without words is left out; `place` says where it stands among the others."""

    kind = forms.ChoiceField(label="Made of", choices=StepKind.choices, initial=StepKind.BREATH)
    text = forms.CharField(label="What one does", required=False, max_length=LONGEST_STEP, widget=_passage(2))
    minutes = forms.FloatField(
        label="Minutes",
        required=False,
        min_value=0,
        max_value=LONGEST_STEP_SECONDS / MINUTE,
        help_text="Empty: as long as it takes.",
        widget=forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
    )
    picture = forms.CharField(
        label="What there is to look at",
        required=False,
        max_length=LONGEST_PICTURE,
        widget=forms.TextInput(attrs=WRITING),
    )
    place = forms.IntegerField(required=False, min_value=1, max_value=MOST_STEPS * 2)

    @property
    def step(self) -> Step | None:
        given = self.cleaned_data
        if not given.get("text", "").strip():
            return None
        seconds = round((given["minutes"] or 0) * MINUTE)
        return Step(given["kind"], given["text"], seconds, given["picture"])


class StepForms:
    """The forms of all steps, for a page without scripts: so many, and two more on demand."""

    PREFIX = "step"

    def __init__(self, data: Any = None, *, steps: Sequence[Step] = (), more: bool = False) -> None:
        self._data = data
        count = _count(data) if data is not None else max(len(steps), STEPS_SHOWN)
        count = min(count + (STEPS_MORE if more else 0), MOST_STEPS)
        self.forms = [self._form(index, steps) for index in range(count)]

    def _form(self, index: int, steps: Sequence[Step]) -> StepForm:
        prefix = f"{self.PREFIX}-{index}"
        initial: dict[str, Any] = {"place": index + 1}
        if index < len(steps):
            step = steps[index]
            minutes = f"{step.minutes:g}" if step.seconds else ""
            initial |= {"kind": step.kind, "text": step.text, "minutes": minutes, "picture": step.picture}
        given = self._data if self._data is not None and f"{prefix}-kind" in self._data else None
        return StepForm(given, prefix=prefix, initial=initial)

    def __iter__(self) -> Any:
        return iter(self.forms)

    @property
    def count(self) -> int:
        return len(self.forms)

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in self.forms if form.is_bound]  # every one, for its errors
        return all(checked)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that have words, in the order of their places; equal places keep their order."""
        read = [(form.cleaned_data.get("place") or 0, form.step) for form in self.forms if form.is_bound]
        return tuple(step for _, step in sorted(read, key=lambda pair: pair[0]) if step is not None)


class TranslationForm(forms.Form):
    """A ritual in another language, step by step."""

    language = forms.CharField(
        max_length=12,
        help_text="Its short code: en, pt-BR, mi, sr-Latn.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(max_length=LONGEST_TITLE, widget=forms.TextInput(attrs=WRITING))
    intention = forms.CharField(required=False, max_length=LONGEST_PASSAGE, widget=_passage(2))
    contraindications = forms.CharField(
        label="When not to keep it", required=False, max_length=LONGEST_PASSAGE, widget=_passage(2)
    )

    def __init__(self, *args: Any, version: RitualVersion, **options: Any) -> None:
        super().__init__(*args, **options)
        self._count = len(version.steps)
        for index, step in enumerate(version.text.steps):
            self.fields[f"step_{index}"] = forms.CharField(
                label=f"Step {index + 1}: {step.label}",
                help_text=step.text,
                max_length=LONGEST_STEP,
                widget=_passage(2),
            )

    @property
    def step_fields(self) -> list[forms.BoundField]:
        return [self[f"step_{index}"] for index in range(self._count)]

    @property
    def wording(self) -> Wording:
        given = self.cleaned_data
        return Wording(
            language=given["language"],
            title=given["title"],
            step_texts=tuple(given[f"step_{index}"] for index in range(self._count)),
            intention=given["intention"],
            contraindications=given["contraindications"],
        )

    @staticmethod
    def of(row: Translation) -> dict[str, Any]:
        """The form's first values for a translation that is to be bettered."""
        words = {f"step_{index}": text for index, text in enumerate(row.step_texts)}
        fields = ("language", "title", "intention", "contraindications")
        return {name: getattr(row, name) for name in fields} | words


def ritual_text(form: RitualForm, steps: tuple[Step, ...]) -> RitualText:
    """What was written, from a valid form and its valid steps."""
    words = {name: form.cleaned_data[name] for name in RitualForm.base_fields}
    return RitualText(steps=steps, **words)


def _count(data: Any) -> int:
    try:
        return max(1, min(int(data.get("steps", STEPS_SHOWN)), MOST_STEPS))
    except (TypeError, ValueError):
        return STEPS_SHOWN
