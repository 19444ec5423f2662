"""Forms of the exchange. They read what was written; what may be done is decided in the services."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from colonies.exchange.enums import GIVEN_CHOICES, Terms, WordKind
from colonies.exchange.services import LONGEST_STORY, LONGEST_WORD
from colonies.rituals.models import Colony, Ritual
from guild.dreamers.forms import time_zone_choices
from guild.tenancy.enums import Reach

WRITING = {"dir": "auto", "autocomplete": "off"}
TERMS_HINTS = {
    Terms.CREDIT.value: "Whoever takes it up may make of it what they like, and keeps saying whose it is.",
    Terms.LINEAGE.value: "Every change says what it changes and why, and is shown beside what was given.",
    Terms.UNCHANGED.value: "It is kept, and given on, word for word.",
    Terms.REQUEST.value: "You hear who asks, and answer each of them with terms, or with a no.",
}
REACH_HINTS = {
    Reach.NOBODY.value: "Nothing is offered and nothing is taken up.",
    Reach.GUILD.value: "Leaders offer rituals to the other colonies here.",
    Reach.HOUSE.value: "Leaders may also offer to other guilds, and take up what those offer.",
}
DECLINE = "decline"


def _passage(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **WRITING})


class OfferForm(forms.Form):
    """On which terms a ritual is given on, and a word to those who take it up."""

    terms = forms.ChoiceField(label="On which terms?", choices=Terms.choices, widget=forms.RadioSelect)
    word = forms.CharField(
        label="A word to those who take it up", required=False, max_length=LONGEST_WORD, widget=_passage()
    )


class BeyondForm(OfferForm):
    """The same, to other guilds, which cannot be answered one by one."""

    terms = forms.ChoiceField(label="On which terms?", choices=GIVEN_CHOICES, widget=forms.RadioSelect)


class AnswerForm(forms.Form):
    """An answer to those who asked."""

    terms = forms.ChoiceField(
        label="Your answer",
        choices=[*GIVEN_CHOICES, (DECLINE, "No, not this time")],
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(
        label="A word to them", required=False, max_length=LONGEST_WORD, widget=_passage()
    )

    @property
    def chosen_terms(self) -> str:
        """The terms that were chosen; "" for a no."""
        chosen = str(self.cleaned_data["terms"])
        return "" if chosen == DECLINE else chosen


class WordForm(forms.Form):
    """Thanks or a story."""

    kind = forms.ChoiceField(
        label="What is it?", choices=WordKind.choices, initial=WordKind.THANKS, widget=forms.RadioSelect
    )
    text = forms.CharField(label="In your words", max_length=LONGEST_STORY, widget=_passage(3))


class ColonyChoice(forms.Form):
    """In which of the colonies that one leads."""

    colony = forms.ChoiceField(label="In which colony?")

    def __init__(self, data: Any = None, *, colonies: Sequence[Colony]) -> None:
        super().__init__(data)
        self.colonies = {colony.slug: colony for colony in colonies}
        field: Any = self.fields["colony"]
        field.choices = [(colony.slug, colony.name) for colony in colonies]

    @property
    def chosen(self) -> Colony:
        return self.colonies[self.cleaned_data["colony"]]


class AskForm(ColonyChoice):
    """Asking for a ritual that is given by request."""

    word = forms.CharField(
        label="A word to those who keep it", required=False, max_length=LONGEST_WORD, widget=_passage()
    )


class EveningForm(forms.Form):
    """Proposing an exchange evening."""

    ours = forms.ChoiceField(label="Your ritual, which is kept first")
    theirs = forms.ChoiceField(label="Theirs, which follows")
    on = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(label="By the clock of", choices=time_zone_choices)
    word = forms.CharField(label="A word to them", required=False, max_length=LONGEST_WORD, widget=_passage())

    def __init__(
        self, data: Any = None, *, ours: Sequence[Ritual], theirs: Sequence[Ritual], zone: str
    ) -> None:
        super().__init__(data, initial={"zone": zone, "at": "21:00"})
        self.rituals = {str(ritual.pk): ritual for ritual in (*ours, *theirs)}
        for name, rituals in (("ours", ours), ("theirs", theirs)):
            field: Any = self.fields[name]
            field.choices = [(str(one.pk), f"{one.title}, {one.colony.name}") for one in rituals]

    @property
    def starts(self) -> datetime:
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])


class NoteForm(forms.Form):
    """What one says of an evening that was."""

    text = forms.CharField(label="In your words", max_length=LONGEST_STORY, widget=_passage(3))
