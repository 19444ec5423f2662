"""The form of a proposal that an experience is approved."""

from collections.abc import Mapping
from typing import Any

from django import forms

from governance.deliberation.enums import Kind
from governance.deliberation.forms import DraftForm
from guild.tenancy.models import Guild
from lounges.experiences.enums import VersionState
from lounges.experiences.models import Experience


class ApprovalForm(DraftForm):
    """Which experience members shall be able to use in sessions."""

    kind = Kind.EXPERIENCE
    field_order = ["experience", "title", "text", "opens_at", "secret"]
    experience = forms.ChoiceField(label="Which experience")

    def __init__(self, *sent: Any, guild: Guild, **more: Any) -> None:
        super().__init__(*sent, guild=guild, **more)
        field = self.fields["experience"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        tried = Experience.objects.filter(guild_id=guild.pk, versions__state=VersionState.EXPERIMENTAL)
        field.choices = [(str(row.pk), row.name) for row in tried.order_by("name", "id").distinct()]

    def document(self) -> Mapping[str, Any]:
        return {"experience": self.cleaned_data["experience"]}
