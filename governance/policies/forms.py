"""What a member tries a draft with: the values of one article, or a rule of one's own."""

from decimal import Decimal
from typing import Any, Final

from django import forms

from governance.policies.law import Law
from governance.policies.parameters import (
    PARAMETERS,
    Choice,
    Guilds,
    Minute,
    Parameter,
    Share,
    ValueRefused,
    YesNo,
)
from governance.policies.templates import Template, template_of

_HUNDRED: Final = Decimal(100)


def field_for(parameter: Parameter, law: Law) -> forms.Field:
    """The field that asks for a parameter, with the value that it has now."""
    said: dict[str, Any] = {
        "label": parameter.label,
        "help_text": parameter.hint,
        "required": False,
        "initial": law.value(parameter.name),
    }
    if isinstance(parameter, Choice):
        return forms.ChoiceField(choices=parameter.options, **said)
    if isinstance(parameter, YesNo):
        return forms.ChoiceField(choices=[("true", parameter.yes), ("false", parameter.no)], **said)
    if isinstance(parameter, Share):
        said["help_text"] = f"{parameter.hint} In percent.".strip()
        said["initial"] = int(Decimal(said["initial"]) * _HUNDRED)
        low, high = int(parameter.low * _HUNDRED), int(parameter.high * _HUNDRED)
        return forms.IntegerField(min_value=low, max_value=high, **said)
    if isinstance(parameter, Minute):
        said["initial"] = parameter.words(said["initial"])
        return forms.CharField(widget=forms.TextInput(attrs={"type": "time"}), **said)
    if isinstance(parameter, Guilds):
        said["initial"] = said["initial"].replace(" ", "\n")
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}), **said)
    return forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}), **said)


class TrialForm(forms.Form):
    """The fields of one article; nothing of it is kept."""

    @classmethod
    def about(cls, template: Template, law: Law) -> "TrialForm":
        """The form of an article, with the values that it has now."""
        form = cls()
        for parameter in template.asked:
            form.fields[parameter.name] = field_for(parameter, law)
        return form

    @property
    def part(self) -> str:
        """The article that was asked about; "" for a rule of one's own."""
        return next((template_of(name).name for name in PARAMETERS if name in self.data), "")

    def document(self, law: Law) -> dict[str, Any]:
        """What was sent, as a draft: values that differ from the law, and a rule if there is one."""
        sent = {
            name: _kept(one, str(self.data[name])) for name, one in PARAMETERS.items() if name in self.data
        }
        values = {name: value for name, value in sent.items() if value.split() != law.value(name).split()}
        rule = str(self.data.get("rule", "")).strip()
        forbids = [{"name": str(self.data.get("name", "")) or "a-rule-to-try", "text": rule}] if rule else []
        return {"values": values, "forbids": forbids}


def _kept(parameter: Parameter, sent: str) -> str:
    """What was sent as the law keeps it: a whole number of a share is percent. What is no value stays as it
    is, to be refused with its reason.
    """
    text = sent.strip()
    if isinstance(parameter, Share) and text.isascii() and text.isdigit() and len(text) < 4:
        text = str(Decimal(text) / _HUNDRED)
    try:
        return parameter.written(text)
    except ValueRefused:
        return text
