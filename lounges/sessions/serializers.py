"""The shapes of sessions in the API. The services decide what may be done; these only read and show."""

from typing import Any

from rest_framework import serializers

from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Confidentiality, Extent, SessionState
from lounges.sessions.formats import FORMATS
from lounges.sessions.lending import ASKED
from lounges.sessions.models import Contribution, Lounge, Session


class LoungeSerializer(serializers.ModelSerializer[Lounge]):
    """A lounge."""

    class Meta:
        model = Lounge
        fields = ["id", "slug", "name", "description", "created_at"]
        read_only_fields = ["id", "slug", "created_at"]


class TermsSerializer(serializers.Serializer[Any]):
    """What a person accepts by joining; send `digest` back to say that this is what was read."""

    title = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    digest = serializers.CharField()


class SessionSerializer(serializers.ModelSerializer[Session]):
    """A session; its events from `offset` on come with the same `epoch`."""

    lounge = serializers.SlugField(source="lounge.slug")
    host = serializers.CharField(source="host.display_name")
    offset = serializers.IntegerField(source="top_offset")
    experience = serializers.UUIDField(source="experience_version_id", allow_null=True)
    terms = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = [
            "id",
            "lounge",
            "title",
            "format",
            "confidentiality",
            "experience",
            "halted_at",
            "host",
            "state",
            "stage",
            "opens_at",
            "opened_at",
            "closed_at",
            "epoch",
            "offset",
            "terms",
        ]
        read_only_fields = fields

    def get_terms(self, session: Session) -> TermsSerializer:
        return TermsSerializer(terms_of(session.confidentiality)).data  # type: ignore[return-value]


class NewSessionSerializer(serializers.Serializer[Any]):
    """A session to be opened now, or at `opens_at`."""

    lounge = serializers.SlugField()
    title = serializers.CharField(max_length=120)
    format = serializers.ChoiceField(choices=sorted(FORMATS), default="open_circle")
    confidentiality = serializers.ChoiceField(
        choices=Confidentiality.choices, default=Confidentiality.SESSION
    )
    opens_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    experience = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A version of an experience; none means the house's plain recipe.",
    )


class StateFilterSerializer(serializers.Serializer[Any]):
    """Which sessions to list."""

    state = serializers.ChoiceField(choices=SessionState.choices, required=False)


class KeyedSerializer(serializers.Serializer[Any]):
    """A command, done once for each key; sent again it gives the same reply."""

    key = serializers.UUIDField()


class JoinSerializer(KeyedSerializer):
    """Joining: the digest of the terms that were read and accepted."""

    terms = serializers.CharField(max_length=64)


class StageSerializer(KeyedSerializer):
    """The stage to go to: the next one, or an earlier one."""

    stage = serializers.CharField(max_length=40)


class PurposesSerializer(serializers.Serializer[Any]):
    """One answer to each purpose; none has a default. One may be left out where it was decided before, for
    the session, the lounge or the guild.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            purpose.value: serializers.BooleanField(label=purpose.label, required=False) for purpose in ASKED
        }


class ReadNoticesSerializer(serializers.Serializer[Any]):
    """The digest of the text that was read (see `/notices/`), for each purpose that is answered."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            purpose.value: serializers.CharField(max_length=64, required=False, allow_blank=True)
            for purpose in ASKED
        }


class LoanSerializer(KeyedSerializer):
    """A dream of one's own to lend: how much of it, and on which terms."""

    dream = serializers.UUIDField()
    extent = serializers.ChoiceField(choices=Extent.choices)
    excerpt = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=20_000
    )
    purposes = PurposesSerializer()
    notices = ReadNoticesSerializer()
    depth = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class AssociationSerializer(KeyedSerializer):
    """What a told dream brings to mind."""

    contribution = serializers.UUIDField()
    text = serializers.CharField(max_length=2_000)


class ReplySerializer(serializers.Serializer[Any]):
    """The reply of a command, after its commit: where the session stands, and what was made."""

    offset = serializers.IntegerField()
    contribution = serializers.UUIDField(required=False)
    association = serializers.UUIDField(required=False)


class EventsQuerySerializer(serializers.Serializer[Any]):
    """Where the caller stands."""

    after = serializers.IntegerField(min_value=0, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class EventSerializer(serializers.Serializer[Any]):
    """One event, as the socket sends it."""

    offset = serializers.IntegerField()
    data = serializers.DictField()  # type: ignore[assignment]


class EventPageSerializer(serializers.Serializer[Any]):
    """Events after the asked offset, in order and without a gap, and where the session stands."""

    epoch = serializers.CharField()
    offset = serializers.IntegerField()
    events = EventSerializer(many=True)


class OwnContributionSerializer(serializers.ModelSerializer[Contribution]):
    """Something lent by the caller, without its words: those stand in the journal."""

    session = serializers.UUIDField(source="session_id")
    dream = serializers.UUIDField(source="dream_id")

    class Meta:
        model = Contribution
        fields = ["id", "session", "dream", "dream_revision", "extent", "told", "state", "lent_at"]
        read_only_fields = fields


class SaidSerializer(serializers.Serializer[Any]):
    """One association."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    is_mine = serializers.BooleanField()
    at = serializers.DateTimeField()
    text = serializers.CharField()


class TellingSerializer(serializers.Serializer[Any]):
    """A lent dream as it is heard; `note` says why there are no words."""

    id = serializers.UUIDField()
    membership = serializers.UUIDField()
    name = serializers.CharField()
    is_mine = serializers.BooleanField()
    extent = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    associations = SaidSerializer(many=True)


class SnapshotSerializer(serializers.Serializer[Any]):
    """The whole state at one offset: this and the events after it are the state now."""

    channel = serializers.CharField()
    epoch = serializers.CharField()
    offset = serializers.IntegerField()
    me = serializers.UUIDField()
    people = serializers.DictField()
    present = serializers.ListField(child=serializers.UUIDField())
    state = serializers.DictField()
