"""What is sent from the pages of invitations and of joining."""

from django import forms

from governance.offices.codes import LONGEST_PASTED, Named, NoCode, read
from governance.offices.invitations import LONGEST_LABEL, MOST_DAYS, MOST_USES
from guild.dreamers.names import validate_name
from guild.tenancy.services import HUES

NO_CODE = "This is no code of an invitation: copy the whole link, or all that stands behind its #."


class InviteForm(forms.Form):
    """For how many, for how long, and to whom."""

    uses = forms.IntegerField(
        label="For how many people",
        min_value=1,
        max_value=MOST_USES,
        initial=1,
        error_messages={
            "min_value": "An invitation is for at least one person.",
            "max_value": f"An invitation is for {MOST_USES} people at most.",
        },
    )
    days = forms.IntegerField(
        label="For how many days",
        min_value=1,
        max_value=MOST_DAYS,
        initial=7,
        error_messages={
            "min_value": "An invitation lasts at least a day.",
            "max_value": f"An invitation lasts {MOST_DAYS} days at most.",
        },
    )
    label = forms.CharField(
        label="A note for yourselves",
        required=False,
        max_length=LONGEST_LABEL,
        help_text="So that you know later what this one was for. Whoever may invite can read it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    address = forms.EmailField(
        label="Send it by e-mail to",
        required=False,
        help_text="For one letter, sent at once. The address is not kept.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    """The code of an invitation, or the whole link."""

    code = forms.CharField(
        label="Your invitation",
        max_length=LONGEST_PASTED,
        help_text="Paste the link that you were sent, or the code behind its #.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the link that you were sent."},
    )

    def clean_code(self) -> Named:
        """What the code names."""
        try:
            return read(self.cleaned_data["code"])
        except NoCode as error:
            raise forms.ValidationError(NO_CODE) from error


class JoinForm(forms.Form):
    """Under which name, and in which hue."""

    display_name = forms.CharField(
        label="What shall this guild call you?",
        max_length=60,
        help_text="It need not be your own name, nor the one you have elsewhere.",
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "dir": "auto"}),
    )
    hue = forms.TypedChoiceField(
        label="Your hue",
        choices=[(hue, str(hue)) for hue in range(1, HUES + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text="You have it everywhere in this guild, beside your name.",
    )

    def clean_display_name(self) -> str:
        """Without spaces around it."""
        return str(self.cleaned_data["display_name"]).strip()
