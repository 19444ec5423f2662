"""Shapes of the journal's API. What a dream may hold is decided in `checking`, as for the form."""

from dataclasses import replace
from typing import Any

from rest_framework import serializers

from guild.journal.checking import clean_line, clean_text, split_labels
from guild.journal.enums import DreamKind, Emotion, ImportFormat
from guild.journal.highlights import QUERY_LIMIT
from guild.journal.records import Draft, Ratings

PLAIN = ("dreamed_on", "kind", "lucidity", "vividness", "recall")
LABELS = ("tags", "people", "places")


def _scale() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=4, allow_null=True, required=False)


def _labels() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)


class RatingsSerializer(serializers.Serializer[Any]):
    """The dreamer's own intensities, 0 to 4; null is not rated."""

    anger = _scale()
    apprehension = _scale()
    sadness = _scale()
    confusion = _scale()
    happiness = _scale()


class DraftSerializer(serializers.Serializer[Any]):
    """What is sent of a dream. Without a night, it is the dreamer's present sleep night."""

    narrative = serializers.CharField(allow_blank=True, trim_whitespace=False)
    dreamed_on = serializers.DateField(required=False)
    title = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=DreamKind.choices, required=False)
    emotions = RatingsSerializer(required=False)
    lucidity = _scale()
    vividness = _scale()
    recall = _scale()
    tags = _labels()
    people = _labels()
    places = _labels()

    def over(self, base: Draft) -> Draft:
        """`base` with what was sent put over it; ratings one by one."""
        sent = self.validated_data
        changes: dict[str, Any] = {name: sent[name] for name in PLAIN if name in sent}
        changes |= {name: split_labels(sent[name]) for name in LABELS if name in sent}
        if "narrative" in sent:
            changes["narrative"] = clean_text(sent["narrative"])
        if "title" in sent:
            changes["title"] = clean_line(sent["title"])
        if "emotions" in sent:
            changes["ratings"] = Ratings.from_mapping({**base.ratings.as_dict(), **sent["emotions"]})
        return replace(base, **changes)


class RevisedDraftSerializer(DraftSerializer):
    """A change: `revision` is the one that was read, so that nobody overwrites what they did not see."""

    revision = serializers.IntegerField(min_value=1)


class DreamSerializer(serializers.Serializer[Any]):
    """One dream of one's own journal, opened."""

    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    dreamed_on = serializers.DateField()
    title = serializers.CharField()
    narrative = serializers.CharField()
    kind = serializers.ChoiceField(choices=DreamKind.choices)
    emotions = RatingsSerializer()
    valence = serializers.FloatField(allow_null=True, min_value=-1, max_value=1)
    arousal = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    lucidity = serializers.IntegerField(source="draft.lucidity", allow_null=True)
    vividness = serializers.IntegerField(source="draft.vividness", allow_null=True)
    recall = serializers.IntegerField(source="draft.recall", allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    people = serializers.ListField(source="draft.people", child=serializers.CharField())
    places = serializers.ListField(source="draft.places", child=serializers.CharField())


class EvidenceSerializer(serializers.Serializer[Any]):
    emotion = serializers.ChoiceField(choices=Emotion.choices)
    word = serializers.CharField()
    strength = serializers.IntegerField(min_value=1, max_value=4)


class SuggestionSerializer(serializers.Serializer[Any]):
    """What the words suggest; a suggestion only. Null where they say nothing."""

    abstains = serializers.BooleanField()
    emotions = RatingsSerializer(source="ratings")
    valence = serializers.FloatField(allow_null=True)
    evidence = EvidenceSerializer(many=True)


class SearchSerializer(serializers.Serializer[Any]):
    """The words to find: in the body, never in the address."""

    words = serializers.CharField(max_length=QUERY_LIMIT)


class PartSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    hit = serializers.BooleanField()


class FragmentSerializer(serializers.Serializer[Any]):
    parts = PartSerializer(many=True)


class HitSerializer(serializers.Serializer[Any]):
    """A dream that was found, with the stretches around the hits."""

    dream = DreamSerializer()
    fragments = FragmentSerializer(many=True)


class ImportSerializer(serializers.Serializer[Any]):
    """A file, or its text."""

    file = serializers.FileField(required=False)
    text = serializers.CharField(required=False, trim_whitespace=False)
    file_format = serializers.ChoiceField(choices=ImportFormat.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "file" not in attrs and "text" not in attrs:
            raise serializers.ValidationError("Send a file, or the text of one.")
        return attrs


class RefusalSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    reason = serializers.CharField()


class ImportPlanSerializer(serializers.Serializer[Any]):
    """What a file would bring; nothing is added until it is confirmed."""

    id = serializers.UUIDField()
    format = serializers.ChoiceField(choices=ImportFormat.choices)
    encoding = serializers.CharField()
    accepted = serializers.IntegerField()
    refused = RefusalSerializer(many=True)
    ignored_fields = serializers.ListField(child=serializers.CharField())


class ImportedSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
