"""What a member tries a draft with: the values of one article, or a rule of one's own."""

from typing import Any

from django import forms

from governance.policies.law import Law
from governance.policies.parameters import PARAMETERS, Choice, Guilds, Parameter, YesNo
from governance.policies.templates import Template


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

    def document(self, law: Law) -> dict[str, Any]:
        """What was sent, as a draft: values that differ from the law, and a rule if there is one."""
        sent = {name: str(self.data[name]).strip() for name in PARAMETERS if name in self.data}
        values = {name: value for name, value in sent.items() if value.split() != law.value(name).split()}
        rule = str(self.data.get("rule", "")).strip()
        forbids = [{"name": str(self.data.get("name", "")) or "a-rule-to-try", "text": rule}] if rule else []
        return {"values": values, "forbids": forbids}
