"""Forms of the journal. They read what was typed; what may be kept is decided in `checking`."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from guild.dreamers.models import Dreamer
from guild.journal.checking import clean_line, clean_text, split_labels
from guild.journal.enums import DreamKind, Emotion, ImportFormat
from guild.journal.errors import DraftRefused
from guild.journal.highlights import QUERY_LIMIT
from guild.journal.importing import IMPORT_LIMIT
from guild.journal.records import Draft, OpenDream, Ratings
from guild.journal.selectors import latest_night_of

LEVELS = [("", "not rated"), *((str(level), str(level)) for level in range(5))]
LABEL_FIELDS = ("tags", "people", "places")


class WordsField(forms.CharField):
    """Text exactly as typed: what is wrong with it is said by `checking`, in a sentence of ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        self.validators = [
            validator
            for validator in self.validators
            if not isinstance(validator, ProhibitNullCharactersValidator)
        ]


def _line(**options: Any) -> WordsField:
    return WordsField(widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}), **options)


def _scale(label: str, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=LEVELS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"{label} is a whole number from 0 to 4, or not rated."},
    )


class DreamForm(forms.Form):
    """One dream, new or being edited. Only the narrative must be there; the night defaults to tonight's."""

    narrative = WordsField(
        label="What happened",
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto", "autocomplete": "off"}),
    )
    title = _line(label="Title")
    dreamed_on = forms.DateField(
        label="Night of",
        required=False,
        help_text="The date on which the night began: for this morning's dream, yesterday.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Write the night as a date, like 2025-05-31."},
    )
    anger = _scale("Anger")
    apprehension = _scale("Apprehension", "Fear, worry, shame or guilt.")
    sadness = _scale("Sadness")
    confusion = _scale("Confusion", "Surprise or doubt.")
    happiness = _scale("Happiness")
    lucidity = _scale("Lucidity", "How far you knew that you were dreaming.")
    vividness = _scale("Vividness")
    recall = _scale("Recall", "How much of it you still have.")
    kind = forms.ChoiceField(
        label="Kind",
        choices=DreamKind.choices,
        required=False,
        initial=DreamKind.DREAM,
        error_messages={"invalid_choice": "Choose one of the kinds in the list."},
    )
    tags = _line(label="Tags", help_text="Parted by commas.")
    people = _line(label="Who was there", help_text="Parted by commas.")
    places = _line(label="Where", help_text="Parted by commas.")
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        dreamer: Dreamer,
        dream: OpenDream | None = None,
        night: date | None = None,
    ) -> None:
        self.latest_night = latest_night_of(dreamer)
        initial: dict[str, Any] = _initial_of(dream) if dream else {"form_key": uuid4()}
        initial.setdefault("dreamed_on", min(night or self.latest_night, self.latest_night))
        super().__init__(data, initial=initial)
        self.fields["dreamed_on"].widget.attrs["max"] = self.latest_night.isoformat()

    @property
    def emotion_fields(self) -> list[forms.BoundField]:
        return [self[emotion.value] for emotion in Emotion]

    @property
    def folded_errors(self) -> bool:
        """Whether something is wrong below the fold, which must then be open."""
        return bool(set(self.errors) - {"narrative", "form_key", "revision"})

    def draft(self) -> Draft:
        """What was typed, as a draft; call it on a valid form."""
        typed = self.cleaned_data
        return Draft(
            narrative=clean_text(typed["narrative"]),
            dreamed_on=typed["dreamed_on"] or self.latest_night,
            title=clean_line(typed["title"]),
            ratings=Ratings.from_mapping({emotion.value: typed[emotion.value] for emotion in Emotion}),
            lucidity=typed["lucidity"],
            vividness=typed["vividness"],
            recall=typed["recall"],
            kind=typed["kind"] or DreamKind.DREAM.value,
            **{name: split_labels(typed[name]) for name in LABEL_FIELDS},
        )

    def answer_revision(self, revision: int) -> None:
        """Let the form, sent once more, replace `revision`: for somebody who was told of a newer one."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "revision": str(revision)}

    def refuse(self, refusal: DraftRefused) -> None:
        """Put every problem beside its field."""
        for problem in refusal.problems:
            self.add_error(problem.field, problem.sentence)


def _initial_of(dream: OpenDream) -> dict[str, Any]:
    draft = dream.draft
    return {
        "narrative": draft.narrative,
        "title": draft.title,
        "dreamed_on": draft.dreamed_on,
        **draft.ratings.as_dict(),
        "lucidity": draft.lucidity,
        "vividness": draft.vividness,
        "recall": draft.recall,
        "kind": draft.kind,
        **{name: ", ".join(getattr(draft, name)) for name in LABEL_FIELDS},
        "revision": dream.revision,
    }


class SearchForm(forms.Form):
    """The person's own words: they travel in the body of a POST and never in an address."""

    words = WordsField(
        label="Search my dreams",
        max_length=QUERY_LIMIT,
        widget=forms.TextInput(
            attrs={"type": "search", "dir": "auto", "autocomplete": "off", "data-no-draft": ""}
        ),
    )


class ImportForm(forms.Form):
    """A file or pasted text; a file that is there wins."""

    file = forms.FileField(
        label="A file",
        required=False,
        allow_empty_file=True,
        help_text=f"JSON lines, CSV or plain text, at most {IMPORT_LIMIT >> 20} MB.",
    )
    text = WordsField(
        label="Or paste the text here",
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "autocomplete": "off"}),
    )
    file_format = forms.ChoiceField(
        label="Read it as",
        required=False,
        choices=[("", "whatever it looks like"), *ImportFormat.choices],
    )

    def source(self) -> tuple[bytes, str]:
        """The bytes to read and the name of the file, "" for pasted text; call it on a valid form."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(errors="surrogatepass"), ""

    def chosen_format(self) -> ImportFormat | None:
        chosen = self.cleaned_data["file_format"]
        return ImportFormat(chosen) if chosen else None
