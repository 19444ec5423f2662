"""The form of a proposal that an office changes hands."""

from collections.abc import Mapping
from typing import Any

from django import forms

from governance.deliberation.appointing import GIVE, TAKE
from governance.deliberation.enums import Kind
from governance.deliberation.forms import DraftForm
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild
from guild.tenancy.selectors import members_of

HELD = [(office.value, office.label) for office in Office if office is not Office.DREAMER]


class AppointmentForm(DraftForm):
    """Who shall hold an office, or hold it no longer."""

    kind = Kind.APPOINTMENT
    field_order = ["member", "act", "office", "title", "text", "opens_at", "secret"]
    member = forms.ChoiceField(label="Who")
    act = forms.ChoiceField(
        label="What is proposed",
        choices=[(GIVE, "is given the office"), (TAKE, "holds the office no longer")],
        widget=forms.RadioSelect,
    )
    office = forms.ChoiceField(label="Which office", choices=HELD)

    def __init__(self, *sent: Any, guild: Guild, **more: Any) -> None:
        super().__init__(*sent, guild=guild, **more)
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = [(str(member.pk), member.display_name) for member in members_of(guild.pk)]

    def document(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in ("act", "member", "office")}
