"""Forms of moderation. They read what was chosen; what may be decided is the services' business."""

from django import forms

from governance.moderation.enums import Decision, Outcome, Reason
from governance.moderation.services import LONGEST

_WRITING = {"rows": 3, "dir": "auto", "autocomplete": "off"}
DECISION_HINTS = {
    Decision.HIDE.value: "It stays sealed where it is, and is shown as hidden, with the reason.",
    Decision.DISMISS.value: "It stays as it is. Whoever reported it is not named.",
    Decision.REFER.value: "It becomes a finding that enforcers rule on; until then it stays as it is.",
}


class ReportForm(forms.Form):
    """Why something is reported."""

    reason = forms.ChoiceField(
        label="Why do you report it?",
        choices=[(value, str(label).capitalize()) for value, label in Reason.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why you report it."},
    )
    words = forms.CharField(
        label="What should whoever decides know?",
        required=False,
        max_length=LONGEST,
        help_text="Sealed. Only stewards and enforcers who may decide about it read this, and who you are.",
        widget=forms.Textarea(attrs=_WRITING),
    )


class DecisionForm(forms.Form):
    """What is to be done, and why."""

    decision = forms.ChoiceField(
        label="What is to be done?",
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be done."},
    )
    reasons = forms.CharField(
        label="Why?",
        max_length=LONGEST,
        help_text="Every member can read this in the moderation log: quote nothing, and name nobody.",
        widget=forms.Textarea(attrs=_WRITING),
    )


class AppealForm(forms.Form):
    """Why what one wrote should be shown again."""

    reasons = forms.CharField(
        label="Why should it be shown again?",
        max_length=LONGEST,
        help_text="Read by a moderator who did not decide about it.",
        widget=forms.Textarea(attrs=_WRITING),
    )


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    outcome = forms.ChoiceField(
        label="What is to be done?",
        choices=[(value, str(label).capitalize()) for value, label in Outcome.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it stays hidden."},
    )
    answer = forms.CharField(
        label="Why?",
        max_length=LONGEST,
        help_text="Every member can read this in the moderation log.",
        widget=forms.Textarea(attrs=_WRITING),
    )
