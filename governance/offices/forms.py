"""What a steward sends from the page of offices."""

from collections.abc import Sequence
from typing import Any

from django import forms

from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

HELD = [(office.value, office.label) for office in Office if office is not Office.DREAMER]
"""What can be given and taken: dreaming is nobody's to give."""


class RemovalForm(forms.Form):
    """One member whose membership ends, and whether invitations let them in again."""

    member = forms.ChoiceField()
    is_barred = forms.BooleanField(required=False)

    def __init__(self, *sent: Any, members: Sequence[Membership], **options: Any) -> None:
        super().__init__(*sent, **options)
        self._members = {str(member.pk): member for member in members}
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = [(identity, member.display_name) for identity, member in self._members.items()]

    @property
    def chosen(self) -> tuple[Membership, bool]:
        """Call after `is_valid`."""
        return self._members[self.cleaned_data["member"]], self.cleaned_data["is_barred"]


class OfficeForm(forms.Form):
    """One member and one office, neither chosen ahead."""

    member = forms.ChoiceField(
        label="Who", error_messages={"required": "Choose a member.", "invalid_choice": "Choose a member."}
    )
    office = forms.ChoiceField(
        label="Which office",
        choices=[("", "choose an office"), *HELD],
        error_messages={"required": "Choose an office.", "invalid_choice": "Choose an office."},
    )

    def __init__(self, *sent: Any, members: Sequence[Membership], **options: Any) -> None:
        super().__init__(*sent, **options)
        self._members = {str(member.pk): member for member in members}
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        named = [(identity, member.display_name) for identity, member in self._members.items()]
        field.choices = [("", "choose a member"), *named]

    @property
    def chosen(self) -> tuple[Membership, Office]:
        """Call after `is_valid`."""
        return self._members[self.cleaned_data["member"]], Office(self.cleaned_data["office"])
