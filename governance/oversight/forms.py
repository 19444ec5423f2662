"""What enforcers and dreamers send from the pages of oversight."""

from typing import Any

from django import forms

from governance.audits.enums import FindingState, Severity
from governance.audits.models import Finding
from governance.oversight import remedies
from governance.oversight.described import title_of
from governance.oversight.docket import NOBODY, UNDECIDED, Sieve
from governance.oversight.enums import Outcome, RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import LONGEST_REASONS
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

DAYS = [("", "at any time"), ("1", "today"), ("7", "in the last week"), ("31", "in the last month")]
VERDICT_HINTS = {
    Verdict.UPHELD.value: "It is so, and it was not allowed.",
    Verdict.EXPLAINED.value: "It is so, and there is a harmless cause.",
    Verdict.DISMISSED.value: "It is not so: the audit was mistaken.",
}
REMEDY_HINTS = {
    RemedyKind.NOTIFY.value: "They see on their first page what was found and ruled, and may appeal.",
    RemedyKind.RE_BLEND.value: "Dreamscapes made with it lose their keys and are made again.",
    RemedyKind.SHRED.value: (
        "Its consents are revoked and its key is destroyed, for good; dreamscapes are made again without it. "
        "The dream stays in its dreamer's journal, and can be lent anew. A second enforcer must confirm this."
    ),
    RemedyKind.SUSPEND.value: (
        "The member named below loses the office, and nobody can appoint them to it until two enforcers lift "
        "that. A second enforcer must confirm this."
    ),
    RemedyKind.LIFT.value: (
        "The experience whose blend was stopped may be used again in other sessions. A second enforcer must "
        "confirm this. Without it, the experience stays suspended."
    ),
}


class FilterForm(forms.Form):
    """Which findings to list. Everything may be left empty."""

    severity = forms.ChoiceField(required=False, choices=[("", "any severity"), *Severity.choices])
    state = forms.ChoiceField(
        required=False,
        choices=[("", "any state"), (UNDECIDED, "to be decided"), *FindingState.choices],
    )
    rule = forms.ChoiceField(required=False)
    assignee = forms.ChoiceField(required=False, label="Assigned to")
    days = forms.TypedChoiceField(required=False, label="Found", choices=DAYS, coerce=int, empty_value=None)

    def __init__(self, *args: Any, rules: list[str], enforcers: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("rule", [("", "any rule"), *((code, title_of(code)) for code in rules)])
        named = [(str(member.pk), member.display_name) for member in enforcers]
        self._choose("assignee", [("", "anybody"), (NOBODY, "nobody"), *named])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = choices

    def sieve(self) -> Sieve:
        """What to let through; a value that is none of the choices lets everything through."""
        return Sieve(**self.cleaned_data) if self.is_valid() else Sieve()


class AssignForm(forms.Form):
    """To whom a finding is given; empty gives it back to all enforcers."""

    to = forms.ChoiceField(required=False, label="Who takes it up")

    def __init__(self, *args: Any, enforcers: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self._enforcers = {str(member.pk): member for member in enforcers}
        named = [(pk, member.display_name) for pk, member in self._enforcers.items()]
        self.fields["to"] = forms.ChoiceField(
            required=False, label="Who takes it up", choices=[("", "nobody in particular"), *named]
        )

    def chosen(self) -> Membership | None:
        return self._enforcers.get(self.cleaned_data["to"])


class RulingForm(forms.Form):
    """A ruling, with the remedies that could do something about the finding. Nothing is chosen beforehand."""

    verdict = forms.ChoiceField(
        choices=[(verdict.value, verdict.label.capitalize()) for verdict in Verdict],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        max_length=LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="All members read this in the guild's report. Name leaves and rules, and nobody's dream.",
    )
    remedies = forms.MultipleChoiceField(
        required=False,
        label="What it orders",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what is upheld is remedied; telling the dreamer is always possible.",
    )
    names = forms.ChoiceField(
        required=False,
        label="Whom it names",
        help_text="Only if somebody is responsible. They may appeal; the report does not print the name.",
    )
    office = forms.ChoiceField(
        required=False,
        label="Which office of theirs is suspended",
        help_text="Only with the remedy that suspends an office; otherwise none.",
        choices=[
            ("", "none"),
            *((office.value, office.label) for office in Office if office is not Office.DREAMER),
        ],
    )

    def __init__(self, *args: Any, finding: Finding, members: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self._members = {str(member.pk): member for member in members}
        fitting = [(kind.value, kind.label.capitalize()) for kind in remedies.fitting(finding)]
        named = [(pk, member.display_name) for pk, member in self._members.items()]
        for name, choices in (("remedies", fitting), ("names", [("", "nobody"), *named])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
            field.choices = choices

    def draft(self) -> Draft:
        """What was chosen. Call after `is_valid`."""
        said = self.cleaned_data
        return Draft(
            verdict=Verdict(said["verdict"]),
            reasons=said["reasons"],
            remedies=frozenset(RemedyKind(kind) for kind in said["remedies"]),
            names=self._members.get(said["names"]),
            office=Office(said["office"]) if said["office"] else None,
        )


class ReasonsForm(forms.Form):
    """Why a ruling should be looked at again."""

    reasons = forms.CharField(
        max_length=LONGEST_REASONS,
        label="What was decided wrongly, and why",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Enforcers read this. What you dreamt need not be in it.",
    )


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.label.capitalize()) for outcome in Outcome],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        max_length=LONGEST_REASONS,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="All members read this in the guild's report.",
    )

    def decided(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])
