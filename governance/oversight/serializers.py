"""The API's shapes of findings, rulings, appeals and audits. None holds a word of a dream."""

from typing import Any

from rest_framework import serializers

from governance.audits.enums import AuditState, FindingState, Severity
from governance.audits.models import Finding
from governance.oversight.described import differences_of, title_of
from governance.oversight.docket import UNDECIDED
from governance.oversight.enums import Outcome, RemedyKind, RemedyState, RulingState, Verdict
from governance.oversight.ruling_models import LONGEST_REASONS
from guild.tenancy.enums import Office


class DifferenceSerializer(serializers.Serializer[Any]):
    """One thing that is not as it should be: digests, numbers or codes."""

    what = serializers.CharField(allow_blank=True)
    expected = serializers.CharField(allow_blank=True)
    actual = serializers.CharField(allow_blank=True)


class FindingSerializer(serializers.Serializer[Any]):
    """What an audit found, where, and where it stands."""

    id = serializers.UUIDField()
    rule = serializers.CharField()
    title = serializers.SerializerMethodField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    state = serializers.ChoiceField(choices=FindingState.choices)
    leaf_index = serializers.IntegerField(allow_null=True)
    table = serializers.CharField(allow_blank=True)
    row = serializers.CharField(allow_blank=True)
    contribution = serializers.UUIDField(allow_null=True)
    differences = serializers.SerializerMethodField()
    found_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    gone_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    assigned_to = serializers.UUIDField(source="assigned_to_id", allow_null=True)
    made_leaf = serializers.IntegerField()

    def get_title(self, finding: Finding) -> str:
        return title_of(finding.rule)

    def get_differences(self, finding: Finding) -> list[dict[str, str]]:
        names = ("what", "expected", "actual")
        return [dict(zip(names, said, strict=True)) for said in differences_of(finding)]


class RemedySerializer(serializers.Serializer[Any]):
    """One thing that a ruling orders; `touched` is to how many things it was done."""

    kind = serializers.ChoiceField(choices=RemedyKind.choices)
    office = serializers.ChoiceField(choices=Office.choices, allow_blank=True)
    state = serializers.ChoiceField(choices=RemedyState.choices)
    touched = serializers.IntegerField()
    done_at = serializers.DateTimeField(allow_null=True)
    leaf = serializers.IntegerField(allow_null=True)


class AppealSerializer(serializers.Serializer[Any]):
    """An appeal with its answer, if there is one."""

    id = serializers.UUIDField()
    ruling = serializers.UUIDField(source="ruling_id")
    reasons = serializers.CharField()
    at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    leaf = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)
    answer = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_leaf = serializers.IntegerField(allow_null=True)


class RulingSerializer(serializers.Serializer[Any]):
    """A ruling with its reasons, what it orders, and the appeal against it."""

    id = serializers.UUIDField()
    finding = serializers.UUIDField(source="finding_id")
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    state = serializers.ChoiceField(choices=RulingState.choices)
    reasons = serializers.CharField()
    ruled_by = serializers.UUIDField(source="ruled_by_id")
    second = serializers.UUIDField(source="second_id", allow_null=True)
    at = serializers.DateTimeField()
    in_force_at = serializers.DateTimeField(allow_null=True)
    leaf = serializers.IntegerField()
    second_leaf = serializers.IntegerField(allow_null=True)
    remedies = RemedySerializer(many=True)
    appeals = AppealSerializer(many=True)


class AuditSerializer(serializers.Serializer[Any]):
    """An audit: how far it is, and what came of it."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=AuditState.choices)
    requested_by = serializers.UUIDField(source="requested_by_id", allow_null=True)
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    step = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField()
    of = serializers.IntegerField()
    size = serializers.IntegerField()
    log_root = serializers.CharField(source="root", allow_blank=True)
    found = serializers.IntegerField()
    checked = serializers.DictField(child=serializers.IntegerField())
    failure = serializers.CharField(allow_blank=True)


class SieveSerializer(serializers.Serializer[Any]):
    """Which findings to list; what is left out lets everything through."""

    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    state = serializers.ChoiceField(
        choices=[(UNDECIDED, "to be decided"), *FindingState.choices], required=False
    )
    rule = serializers.CharField(required=False, max_length=60)
    assignee = serializers.RegexField(r"^(nobody|[0-9a-f-]{36})$", required=False)
    days = serializers.IntegerField(required=False, min_value=1, max_value=3660)


class AssignSerializer(serializers.Serializer[Any]):
    """The id of the membership of an enforcer, or null for nobody in particular."""

    to = serializers.UUIDField(allow_null=True)


class RulingDraftSerializer(serializers.Serializer[Any]):
    """What to rule. `names` is the id of a membership, `office` what the remedy *suspend* takes from it."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reasons = serializers.CharField(max_length=LONGEST_REASONS)
    remedies = serializers.ListField(
        child=serializers.ChoiceField(choices=RemedyKind.choices), required=False, max_length=5
    )
    names = serializers.UUIDField(required=False, allow_null=True)
    office = serializers.ChoiceField(choices=Office.choices, required=False, allow_null=True)


class AppealingSerializer(serializers.Serializer[Any]):
    """Why a ruling should be looked at again."""

    reasons = serializers.CharField(max_length=LONGEST_REASONS)


class AppealAnswerSerializer(serializers.Serializer[Any]):
    """The answer to an appeal."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    answer = serializers.CharField(max_length=LONGEST_REASONS)
