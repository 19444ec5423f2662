"""What a dreamer sends from the consents page."""

from django import forms

from governance.consent.enums import Purpose


class WithdrawForm(forms.Form):
    """One purpose, or none for the whole contribution."""

    purpose = forms.ChoiceField(choices=Purpose.choices, required=False)

    def chosen(self) -> Purpose | None:
        """The purpose to withdraw; None for everything. Call after `is_valid`."""
        value = self.cleaned_data["purpose"]
        return Purpose(value) if value else None
