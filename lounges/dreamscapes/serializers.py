"""The API's shapes of runs, dreamscapes and reflections."""

from typing import Any

from rest_framework import serializers

from lounges.dreamscapes.enums import Because, RunState


class RunSerializer(serializers.Serializer[Any]):
    """A blend run: where it stands, and how it came to be. It holds no words."""

    id = serializers.UUIDField()
    session = serializers.UUIDField(source="session_id")
    state = serializers.ChoiceField(choices=RunState.choices)
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)
    because = serializers.ChoiceField(choices=Because.choices, allow_blank=True)
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    floor = serializers.DecimalField(max_digits=3, decimal_places=2)
    left_out = serializers.IntegerField()
    inputs_digest = serializers.CharField()
    outputs_digest = serializers.CharField()
    policy_set = serializers.CharField()
    requested_leaf = serializers.IntegerField()
    use_leaf = serializers.IntegerField(allow_null=True)
    ended_leaf = serializers.IntegerField(allow_null=True)
    superseded_leaf = serializers.IntegerField(allow_null=True)


class SpeakerSerializer(serializers.Serializer[Any]):
    """Whose voice a key of the document stands for."""

    voice = serializers.CharField(source="key")
    name = serializers.CharField(source="display_name")
    hue = serializers.IntegerField()
    is_mine = serializers.BooleanField()


class MadeSerializer(serializers.Serializer[Any]):
    """What a run made, as everyone in its session may read it.

    `document` is null unless the run is finished; `replaced_by` is the run that took the place of one
    that was superseded.
    """

    title = serializers.CharField(allow_blank=True)
    replaced_by = serializers.UUIDField(allow_null=True)
    speakers = SpeakerSerializer(many=True)
    document = serializers.JSONField(allow_null=True)


class DreamscapeSerializer(MadeSerializer, RunSerializer):
    """A run with what it made."""


class ReflectionSerializer(serializers.Serializer[Any]):
    """My own view of a dreamscape: a part for each dream that I lent to it."""

    run = serializers.UUIDField(source="shared.run.pk")
    title = serializers.CharField(source="shared.title")
    parts = serializers.JSONField()


class BlendSerializer(serializers.Serializer[Any]):
    """A request for a blend. The same key sent again is the same request."""

    key = serializers.UUIDField()
