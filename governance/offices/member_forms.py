"""What a member sends from the pages of power, of what takes two, and of leaving."""

from collections.abc import Sequence
from typing import Any

from django import forms

from governance.offices.enums import GuildActKind
from governance.offices.leaving import Going
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

ANSWERS = ("accept", "decline", "take_back")


class OwnOfficeForm(forms.Form):
    """One office of one's own."""

    office = forms.ChoiceField(choices=Office.choices)

    @property
    def chosen(self) -> Office:
        """Call after `is_valid`."""
        return Office(self.cleaned_data["office"])


class HandOverForm(forms.Form):
    """Which office, and to whom: neither chosen ahead."""

    office = forms.ChoiceField(
        label="Which office",
        error_messages={"required": "Choose an office.", "invalid_choice": "Choose an office of yours."},
    )
    successor = forms.ChoiceField(
        label="To whom", error_messages={"required": "Choose a member.", "invalid_choice": "Choose a member."}
    )

    def __init__(self, *sent: Any, me: Membership, members: Sequence[Membership], **options: Any) -> None:
        super().__init__(*sent, **options)
        self._members = {str(member.pk): member for member in members if member.pk != me.pk}
        mine = [
            (office.value, office.label)
            for office in Office
            if office is not Office.DREAMER and office.value in me.offices
        ]
        people = [(identity, member.display_name) for identity, member in self._members.items()]
        self._offer("office", [("", "choose an office"), *mine])
        self._offer("successor", [("", "choose a member"), *people])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = choices

    @property
    def chosen(self) -> tuple[Office, Membership]:
        """Call after `is_valid`."""
        return Office(self.cleaned_data["office"]), self._members[self.cleaned_data["successor"]]


class AnswerForm(forms.Form):
    """What becomes of an offer."""

    answer = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS])


class AskForm(forms.Form):
    """What a steward asks for."""

    kind = forms.ChoiceField(choices=GuildActKind.choices)


class LeaveForm(forms.Form):
    """What becomes of what one lent, said and kept here."""

    lent = forms.ChoiceField(
        label="What you lent",
        choices=[
            ("take_back", "Take it all back"),
            ("leave", "Leave it lent, as it is"),
        ],
        initial="take_back",
        widget=forms.RadioSelect,
    )
    traces = forms.ChoiceField(
        label="What else is here of you",
        choices=[("leave", "Leave it"), ("erase", "Erase it, and take my name off")],
        initial="leave",
        widget=forms.RadioSelect,
    )

    @property
    def going(self) -> Going:
        """Call after `is_valid`."""
        given = self.cleaned_data
        erases = given["traces"] == "erase"
        return Going(takes_back=erases or given["lent"] == "take_back", without_trace=erases)


LENT_HINTS = {
    "take_back": "Each copy is withdrawn and its key destroyed; dreamscapes made with it are replaced, and "
    "whoever it had reached is told. Your consents here end.",
    "leave": "It stays under the terms that you set, until they run out or you take it back, "
    "under My consents.",
}
TRACE_HINTS = {
    "leave": "What you said to others' dreams and the rituals that you wrote stay, under the name you had "
    "here.",
    "erase": "What you said, your nights, reflections and notices are erased, your name is taken off, and "
    "what you lent is taken back as well.",
}
