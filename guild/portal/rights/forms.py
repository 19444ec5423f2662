"""What a dreamer sends when they use a right."""

from uuid import uuid4

from django import forms

from guild.journal.forms import WordsField
from guild.journal.importing import IMPORT_LIMIT
from lounges.sessions.lending import LONGEST_EXCERPT


class ArchiveForm(forms.Form):
    """The archive that another account, here or elsewhere, gave its dreamer."""

    file = forms.FileField(
        label="The archive",
        allow_empty_file=True,
        help_text=f"The .zip file from “Everything about me”, at most {IMPORT_LIMIT >> 20} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )


class BringForm(forms.Form):
    """Yes to what an archive would bring."""

    with_settings = forms.BooleanField(
        required=False,
        label="Take over the settings too",
        help_text="Name, time zone, when your night ends, and the look of the pages.",
    )


class CorrectForm(forms.Form):
    """One lent copy to correct; `words` counts where only a part of the dream is lent."""

    contribution = forms.UUIDField(widget=forms.HiddenInput)
    words = WordsField(
        label="What it shall say",
        max_length=LONGEST_EXCERPT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"}),
    )


class EraseForm(forms.Form):
    """The second step. The key is made with the page, so that the same page sent twice erases once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    sure = forms.BooleanField(
        label="Yes, erase it for good. I know that nobody can bring it back, nor can this house.",
        error_messages={"required": "Tick this if you are sure; nothing is erased until then."},
    )
