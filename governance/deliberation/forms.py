"""Forms of deliberation. They read what was written; what may be done is decided in the services."""

from collections.abc import Mapping
from typing import Any

from django import forms

from governance.deliberation.choices import ranking_token
from governance.deliberation.counting import Method
from governance.deliberation.drafts import Draft
from governance.deliberation.enums import METHODS, Kind, Stance
from governance.deliberation.models import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE
from governance.deliberation.searching import LONGEST
from guild.tenancy.models import Guild

WRITING = {"dir": "auto", "autocomplete": "off"}


def passage(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **WRITING})


class WordsForm(forms.Form):
    """Title and text of a proposal."""

    title = forms.CharField(
        label="In one line",
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs=WRITING),
    )
    text = forms.CharField(
        label="What you propose, and why",
        max_length=LONGEST_TEXT,
        widget=passage(8),
        help_text="Every member can read this, now and later. Name nobody's dream.",
    )


class SearchForm(forms.Form):
    """Words to find in proposals and petitions."""

    words = forms.CharField(
        label="Words to find",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "data-no-draft": "", **WRITING}),
    )


class DraftForm(WordsForm):
    """A new proposal. Kinds that do something add what they need, and override `document`."""

    kind = Kind.FREE
    opens_at = forms.DateTimeField(
        label="Voting opens",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="By your own clock. Leave it empty to open as soon as enough members sponsor it.",
    )
    secret = forms.BooleanField(
        label="Vote in secret",
        required=False,
        help_text="Ballots carry no name; each voter gets a receipt that finds their own among all.",
    )
    field_order = ["title", "text"]

    def __init__(self, *sent: Any, guild: Guild, **more: Any) -> None:
        super().__init__(*sent, **more)
        self.guild = guild

    def document(self) -> Mapping[str, Any]:
        return {}

    def draft(self) -> Draft:
        """Call after `is_valid`."""
        said = self.cleaned_data
        return Draft(
            kind=self.kind,
            title=said["title"],
            text=said["text"],
            document=self.document(),
            options=said.get("options", "").splitlines() if said.get("method") == Method.RANKED else (),
            method=Method(said.get("method") or Method.MAJORITY),
            secret=said.get("secret", False),
            opens_at=said.get("opens_at"),
        )


class FreeForm(DraftForm):
    """A decision that the portal does nothing about: its author says how it is decided."""

    field_order = ["title", "text", "method", "options", "opens_at", "secret"]
    method = forms.ChoiceField(label="How it is decided", choices=METHODS, widget=forms.RadioSelect)
    options = forms.CharField(
        label="Options to rank",
        required=False,
        widget=passage(4),
        help_text="For ranked choice only: one option a line, three at least.",
    )


class AmendForm(WordsForm):
    """Other words for a proposal, and why."""

    because = forms.CharField(label="Why", required=False, max_length=LONGEST_REASON, widget=passage(2))


class AnswerForm(forms.Form):
    """An answer to an amendment or to an objection."""

    answer = forms.CharField(label="Your answer", max_length=LONGEST_REASON, widget=passage(2))


class ArgumentForm(forms.Form):
    """A reason, or a question."""

    stance = forms.ChoiceField(label="What it is", choices=Stance.choices, widget=forms.RadioSelect)
    text = forms.CharField(label="In your words", max_length=LONGEST_REASON, widget=passage(3))


class ReplyForm(forms.Form):
    """What one says to a reason or a question; also what one puts otherwise."""

    text = forms.CharField(label="In your words", max_length=LONGEST_REASON, widget=passage(2))


class BallotForm(forms.Form):
    """A ballot: one press of a button named `choice`; places where options are ranked."""

    choice = forms.CharField(max_length=200)
    reason = forms.CharField(
        label="Why it would harm the guild", required=False, max_length=LONGEST_REASON, widget=passage(3)
    )
    receipt = forms.CharField(
        label="Your receipt",
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "data-no-draft": ""}
        ),
    )

    def __init__(self, *sent: Any, options: int, **more: Any) -> None:
        super().__init__(*sent, **more)
        self._options = options
        for number in range(options):
            self.fields[f"place_{number}"] = forms.IntegerField(
                required=False, min_value=1, max_value=options
            )

    def placed(self, number: int) -> int | None:
        """The place that an option was given, also in a form that was refused."""
        given: int | None = self.cleaned_data.get(f"place_{number}")
        return given

    @property
    def chosen(self) -> str:
        """The choice as a token; with places, the ranking that they make. Call after `is_valid`."""
        if self.cleaned_data["choice"] != "rank":
            return str(self.cleaned_data["choice"])
        placed: dict[int, list[int]] = {}
        for number in range(self._options):
            place = self.cleaned_data[f"place_{number}"]
            if place is not None:
                placed.setdefault(place, []).append(number)
        return ranking_token(placed[place] for place in sorted(placed))
