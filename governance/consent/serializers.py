"""What consents look like in the API."""

from typing import Any

from rest_framework import serializers

from governance.consent.enums import ConsentState, Purpose, Scope, Told
from governance.consent.forms import ANSWERS


class StandingSerializer(serializers.Serializer[Any]):
    """Where one purpose stands, and by which word. `unknown`: nothing was ever said."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=ConsentState.choices)
    scope = serializers.ChoiceField(choices=Scope.choices)
    since = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    depth = serializers.FloatField(min_value=0, max_value=1)
    leaf_index = serializers.IntegerField(min_value=0, allow_null=True)
    statement = serializers.UUIDField(allow_null=True)


class ConsentSerializer(serializers.Serializer[Any]):
    """One lent dream with every purpose that something was said about."""

    contribution = serializers.UUIDField()
    guild = serializers.UUIDField()
    guild_name = serializers.CharField()
    session = serializers.UUIDField(allow_null=True)
    lounge = serializers.UUIDField(allow_null=True)
    lent_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    restricted_at = serializers.DateTimeField(allow_null=True)
    told = serializers.IntegerField(allow_null=True)
    standings = StandingSerializer(many=True)


class EntrySerializer(serializers.Serializer[Any]):
    """One line of a dream's history."""

    at = serializers.DateTimeField()
    title = serializers.CharField()
    said = serializers.CharField()
    scope = serializers.ChoiceField(choices=Scope.choices)
    by = serializers.CharField()
    notice = serializers.CharField()
    shown_at = serializers.DateTimeField(allow_null=True)
    leaf_index = serializers.IntegerField(min_value=0)
    statement = serializers.UUIDField(allow_null=True)


class ChoiceSerializer(serializers.Serializer[Any]):
    """One purpose in one place; `narrower` dreams say yes by a word of their own."""

    standing = StandingSerializer()
    narrower = serializers.IntegerField(min_value=0)


class ChoicePlaceSerializer(serializers.Serializer[Any]):
    """A guild, a lounge or a session, with what was said for all that is lent there."""

    guild = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=Scope.choices)
    id = serializers.UUIDField()
    name = serializers.CharField()
    lent = serializers.IntegerField(min_value=0)
    choices = ChoiceSerializer(many=True)


class UseSerializer(serializers.Serializer[Any]):
    """One opening of one's own dream."""

    at = serializers.DateTimeField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    guild = serializers.UUIDField()
    guild_name = serializers.CharField()
    contribution = serializers.UUIDField()
    lent_at = serializers.DateTimeField()
    on = serializers.CharField()
    subject = serializers.UUIDField()
    count = serializers.IntegerField(min_value=1)
    leaf_index = serializers.IntegerField(min_value=0)
    commitment = serializers.CharField()


class NoticeSerializer(serializers.Serializer[Any]):
    """The text of one purpose as it is asked now; an answer names its digest."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    title = serializers.CharField()
    version = serializers.IntegerField(source="notice.version")
    language = serializers.CharField(source="notice.language")
    text = serializers.CharField(source="notice.text")
    digest = serializers.CharField(source="notice.digest")
    of_dreams = serializers.BooleanField()
    in_use = serializers.BooleanField()


class TargetSerializer(serializers.Serializer[Any]):
    """What an answer is about: `about` is the id of a contribution, session, lounge or guild. All but a
    contribution need the guild.
    """

    scope = serializers.ChoiceField(choices=Scope.choices)
    about = serializers.UUIDField()
    guild = serializers.UUIDField(required=False, allow_null=True, default=None)
    purpose = serializers.ChoiceField(choices=Purpose.choices)


class AnswerSerializer(TargetSerializer):
    """Yes, no or not now. `depth` and `expires_at` limit a yes."""

    answer = serializers.ChoiceField(choices=[(state.value, state.label) for state in ANSWERS])
    notice = serializers.CharField(max_length=64)
    depth = serializers.FloatField(min_value=0, max_value=1, default=0)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class AnsweredSerializer(serializers.Serializer[Any]):
    """The statements that were written, and the contributions that open or shut by them."""

    statements = serializers.ListField(child=serializers.UUIDField())
    opened = serializers.ListField(child=serializers.UUIDField())
    shut = serializers.ListField(child=serializers.UUIDField())


class TakenBackSerializer(serializers.Serializer[Any]):
    """In how many dreams."""

    dreams = serializers.IntegerField(min_value=0)


class WithdrawSerializer(serializers.Serializer[Any]):
    """The purpose to withdraw; left out, or null, for the whole contribution."""

    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False, allow_null=True)


class WithdrawnSerializer(serializers.Serializer[Any]):
    """What stood and stands no longer."""

    contribution = serializers.UUIDField()
    purposes = serializers.ListField(child=serializers.ChoiceField(choices=Purpose.choices))
    whole = serializers.BooleanField()
    at = serializers.DateTimeField()


class RestrictedSerializer(serializers.Serializer[Any]):
    """Whether the contribution is set aside, and whether this request changed that."""

    contribution = serializers.UUIDField()
    restricted = serializers.BooleanField()
    changed = serializers.BooleanField()


class ToldSerializer(serializers.Serializer[Any]):
    """What one was told about a dream of somebody else's that had reached one."""

    id = serializers.UUIDField()
    guild = serializers.UUIDField()
    guild_name = serializers.CharField()
    what = serializers.ChoiceField(choices=Told.choices)
    place = serializers.CharField()
    on = serializers.CharField()
    subject = serializers.UUIDField()
    reached_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class RequestSerializer(serializers.Serializer[Any]):
    """The purpose that a dreamer is asked to allow."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)


class RequestedSerializer(serializers.Serializer[Any]):
    """The request as it stands in the ledger."""

    id = serializers.UUIDField()
    contribution = serializers.UUIDField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=ConsentState.choices)
    leaf_index = serializers.IntegerField(min_value=0)
