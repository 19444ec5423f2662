"""The form of a change of the law: one template at a time, or a rule that members write themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms

from governance.deliberation.enums import Kind
from governance.deliberation.forms import DraftForm
from governance.policies.drafts import LONGEST_FORBID
from governance.policies.law import law_of
from governance.policies.parameters import (
    PARAMETERS,
    Choice,
    Guilds,
    Hours,
    Minute,
    Parameter,
    Share,
    ValueRefused,
    Whole,
    YesNo,
)
from governance.policies.templates import CHAPTERS, TEMPLATES
from guild.tenancy.models import Guild

RULE, REPEAL = "rule", "repeal"
OWN: Final = "Rules that members wrote"
_LAW: Final = "law_"
_HUNDRED: Final = Decimal(100)


class LawForm(DraftForm):
    """A change of one part of the law, beside its words. What is left as it is now is no part of it."""

    kind = Kind.POLICY

    def __init__(self, *sent: Any, guild: Guild, part: str, **more: Any) -> None:
        super().__init__(*sent, guild=guild, **more)
        self.part = part
        self._law = law_of(guild)
        if part == RULE:
            self._ask_for_rule()
        elif part == REPEAL:
            names = [(forbid.name, forbid.name) for forbid in self._law.forbids]
            self.fields["repealed"] = forms.ChoiceField(label="Which rule falls", choices=names)
        else:
            for name in TEMPLATES[part].parameters:
                self.fields[f"{_LAW}{name}"] = _field(PARAMETERS[name], now=self._law.value(name))
        mine = [name for name in self.fields if name not in DraftForm.base_fields]
        self.order_fields([*mine, "title", "text", "opens_at", "secret"])

    def _ask_for_rule(self) -> None:
        self.fields["rule_name"] = forms.CharField(
            label="What the rule is called", max_length=40, help_text="Such as no-night-blends."
        )
        self.fields["rule"] = forms.CharField(
            label="The rule, in Cedar",
            max_length=LONGEST_FORBID,
            widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
            help_text="One rule that forbids, such as "
            'forbid (principal, action == Action::"OpenSession", resource);',
        )

    def clean(self) -> dict[str, Any]:
        """Say of each value of the law, beside its own control, why it cannot be one."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in TEMPLATES[self.part].parameters if self.part in TEMPLATES else ():
            if f"{_LAW}{name}" not in said:
                continue
            try:
                PARAMETERS[name].read(_text(PARAMETERS[name], said[f"{_LAW}{name}"]))
            except ValueRefused as refusal:
                self.add_error(f"{_LAW}{name}", str(refusal))
        return said

    def place_of(self, name: str) -> str:
        """The control for what a refusal is about."""
        if self.part == RULE:
            return "rule"
        return name if self.part == REPEAL else f"{_LAW}{name}"

    def document(self) -> Mapping[str, Any]:
        said = self.cleaned_data
        if self.part == RULE:
            return {"forbids": [{"name": said["rule_name"], "text": said["rule"]}]}
        if self.part == REPEAL:
            return {"repealed": [said["repealed"]]}
        written = {
            name: _text(PARAMETERS[name], said[f"{_LAW}{name}"]) for name in TEMPLATES[self.part].parameters
        }
        return {"values": {name: text for name, text in written.items() if text != self._law.value(name)}}


@dataclass(frozen=True)
class Part:
    """Something that can be changed: its name, and what the law says of it now."""

    name: str
    title: str
    meaning: str


def chapters_of(guild: Guild) -> list[tuple[str, list[Part]]]:
    """Everything that can be changed, by what it is about, as the law is shown."""
    law = law_of(guild)
    parts = {name: Part(name, one.title, one.meaning(law)) for name, one in TEMPLATES.items()}
    own = [Part(RULE, "A rule of our own", "Forbid something more, in Cedar; it is checked at once.")]
    if law.forbids:
        own.append(Part(REPEAL, "Let a rule fall", "Take back a rule that members wrote themselves."))
    return [*((title, [parts[name] for name in names]) for title, names in CHAPTERS), (OWN, own)]


def part_of(name: str, guild: Guild) -> Part | None:
    """One of them; None for what cannot be changed here."""
    return next((part for _, parts in chapters_of(guild) for part in parts if part.name == name), None)


def _field(parameter: Parameter, *, now: str) -> forms.Field:
    """A control that fits the kind of value, with the value as it is now."""
    said: dict[str, Any] = {"label": parameter.label, "help_text": f"Now: {parameter.words(now)}."}
    if isinstance(parameter, Choice):
        return forms.ChoiceField(choices=parameter.options, initial=now, **said)
    if isinstance(parameter, YesNo):
        options = [("true", parameter.yes), ("false", parameter.no)]
        return forms.ChoiceField(choices=options, initial=now, **said)
    if isinstance(parameter, Share):
        said["help_text"] += " In percent."
        low, high = int(parameter.low * _HUNDRED), int(parameter.high * _HUNDRED)
        return forms.IntegerField(min_value=low, max_value=high, initial=int(Decimal(now) * _HUNDRED), **said)
    if isinstance(parameter, Hours):
        said["help_text"] += " In hours."
    if isinstance(parameter, Whole):
        return forms.IntegerField(min_value=parameter.low, max_value=parameter.high, initial=int(now), **said)
    if isinstance(parameter, Minute):
        clock = forms.TextInput(attrs={"type": "time"})
        return forms.CharField(initial=parameter.words(now), widget=clock, **said)
    if isinstance(parameter, Guilds):
        return forms.CharField(required=False, initial=now, widget=forms.Textarea(attrs={"rows": 3}), **said)
    return forms.CharField(initial=now, **said)


def _text(parameter: Parameter, given: Any) -> str:
    """What was filled in, as the law keeps it; what the law refuses it says when it is proposed."""
    if isinstance(parameter, Share):
        return str((Decimal(given) / _HUNDRED).quantize(Decimal("0.01")))
    if isinstance(parameter, Minute):
        try:
            return parameter.written(given)
        except ValueRefused:
            return str(given)
    return " ".join(str(given).split()) if isinstance(parameter, Guilds) else str(given)
