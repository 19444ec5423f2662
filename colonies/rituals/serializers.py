"""The shapes of colonies and rituals in the API. The services decide what may be done."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from colonies.rituals.enums import Admission, StepKind
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.recurrence import Kind, Rhythm
from colonies.rituals.texts import RitualText, Step


class AboutSerializer(serializers.Serializer[Any]):
    """What a colony says of itself."""

    name = serializers.CharField(max_length=80)
    tradition = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    charter = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    admission = serializers.ChoiceField(choices=Admission.choices, default=Admission.REQUEST)


class ColonySerializer(serializers.ModelSerializer[Colony]):
    """A colony; `standing` is the caller's own, null for none."""

    keepers = serializers.SerializerMethodField()
    rituals = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Colony
        fields = [
            "id",
            "slug",
            "name",
            "tradition",
            "charter",
            "admission",
            "founded_at",
            "archived_at",
            "keepers",
            "rituals",
            "standing",
        ]
        read_only_fields = fields

    def get_keepers(self, colony: Colony) -> int:
        return getattr(colony, "keepers", None) or 0

    def get_rituals(self, colony: Colony) -> int:
        return getattr(colony, "rituals", None) or 0

    def get_standing(self, colony: Colony) -> str | None:
        return getattr(colony, "standing", None)


class BelongingSerializer(serializers.Serializer[Any]):
    """Where the caller stands with a colony now."""

    standing = serializers.CharField()
    part = serializers.CharField()


class LeavingSerializer(serializers.Serializer[Any]):
    """Leaving; whether one's name goes from what one wrote there."""

    take_name_off = serializers.BooleanField(default=False)


class StepSerializer(serializers.Serializer[Any]):
    """One step; `seconds` is 0 for as long as it takes, `picture` says what there is to look at."""

    kind = serializers.ChoiceField(choices=StepKind.choices)
    text = serializers.CharField(max_length=2000)
    seconds = serializers.IntegerField(min_value=0, max_value=14_400, default=0)
    picture = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class RitualTextSerializer(serializers.Serializer[Any]):
    """All that one version of a ritual says."""

    title = serializers.CharField(max_length=120)
    steps = StepSerializer(many=True)
    intention = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    tradition = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")  # type: ignore[assignment]
    credit = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    language = serializers.CharField(max_length=12, default="en")
    contraindications = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RevisionSerializer(RitualTextSerializer):
    """A new version, written over version `on`."""

    on = serializers.IntegerField(min_value=1)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class RitualSerializer(serializers.ModelSerializer[Ritual]):
    """A ritual, without its words."""

    colony = serializers.SlugField(source="colony.slug")

    class Meta:
        model = Ritual
        fields = ["id", "colony", "title", "version", "made_at", "rested_at"]
        read_only_fields = fields


class RitualDetailSerializer(serializers.Serializer[Any]):
    """A ritual with the words of its newest version."""

    id = serializers.UUIDField()
    colony = serializers.SlugField()
    version = serializers.IntegerField()
    digest = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    rested_at = serializers.DateTimeField(allow_null=True)
    text = RitualTextSerializer()


class VersionSerializer(serializers.Serializer[Any]):
    """One version: its number, when and by whom it was written, and why."""

    number = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    author = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    text = RitualTextSerializer()


class ScheduleSerializer(serializers.Serializer[Any]):
    """A time of keeping: `starts` is a wall clock, `rule` an RRULE without UNTIL ("" for once)."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    starts = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")
    zone = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    rule = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    until = serializers.DateField(required=False, allow_null=True, default=None)

    def validate_starts(self, value: str) -> str:
        try:
            datetime.fromisoformat(value)
        except ValueError as error:
            raise serializers.ValidationError("There is no such day or time.") from error
        return value


class EveningSerializer(serializers.Serializer[Any]):
    """One keeping for the caller: its instant, and the caller's sleep night that it belongs to."""

    schedule = serializers.UUIDField()
    original = serializers.CharField()
    instant = serializers.DateTimeField()
    night = serializers.DateField()


class TimesSerializer(serializers.Serializer[Any]):
    """The times of a ritual, and the next few keepings."""

    schedules = ScheduleSerializer(many=True)
    ahead = EveningSerializer(many=True)


def rhythm_of(given: dict[str, Any]) -> Rhythm:
    """The plain values of a validated time."""
    return Rhythm(
        kind=Kind(given["kind"]),
        starts=datetime.fromisoformat(given["starts"]),
        zone=given["zone"],
        rule=given["rule"],
        until=given["until"],
    )


def text_of(given: dict[str, Any]) -> RitualText:
    """The plain values of a validated text."""
    fields = {name: given[name] for name in RitualTextSerializer._declared_fields if name != "steps"}
    return RitualText(steps=tuple(Step(**dict(step)) for step in given["steps"]), **fields)
