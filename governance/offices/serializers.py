"""The API's shapes of offices, invitations, handovers and what takes two."""

from typing import Any

from rest_framework import serializers

from governance.offices.codes import LONGEST_PASTED, Named, NoCode, read
from governance.offices.enums import GuildActKind, GuildActState, HandoverState
from governance.offices.forms import HELD
from governance.offices.invitation_forms import NO_CODE
from governance.offices.invitation_models import Invitation
from governance.offices.invitations import LONGEST_LABEL, MOST_DAYS, MOST_USES
from governance.offices.inviting import state_of
from governance.offices.member_forms import ANSWERS
from guild.dreamers.names import validate_name
from guild.tenancy.services import HUES


class HeldSerializer(serializers.Serializer[Any]):
    """One office of one member; `until` is null where no end is set, `leaf` where it was not recorded."""

    member = serializers.UUIDField(source="member.pk")
    name = serializers.CharField(source="member.display_name")
    office = serializers.ChoiceField(choices=HELD)
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField(source="is_overdue")
    how = serializers.CharField(allow_blank=True)
    leaf = serializers.IntegerField(allow_null=True)


class AppointSerializer(serializers.Serializer[Any]):
    """Who is to hold which office."""

    member = serializers.UUIDField()
    office = serializers.ChoiceField(choices=HELD)


class RemovalSerializer(serializers.Serializer[Any]):
    """How a membership ends: `barred` says that no invitation lets them in again."""

    barred = serializers.BooleanField(default=False)


class InvitationSerializer(serializers.Serializer[Any]):
    """An invitation, without its code: that is told once, to whoever makes it."""

    id = serializers.UUIDField()
    note = serializers.CharField(source="label", allow_blank=True)
    state = serializers.SerializerMethodField()
    uses = serializers.IntegerField()
    uses_allowed = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    made_by = serializers.UUIDField(source="made_by_id")
    leaf = serializers.IntegerField()

    def get_state(self, invitation: Invitation) -> str:
        return state_of(invitation)


class InviteSerializer(serializers.Serializer[Any]):
    """For how many, for how long, and to whom; the address is for one letter, and is not kept."""

    uses = serializers.IntegerField(min_value=1, max_value=MOST_USES, default=1)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=7)
    note = serializers.CharField(max_length=LONGEST_LABEL, allow_blank=True, default="")
    address = serializers.EmailField(allow_blank=True, default="", write_only=True)


class MadeSerializer(serializers.Serializer[Any]):
    """A new invitation with its link, which is told now and never again."""

    invitation = InvitationSerializer()
    link = serializers.CharField()


class CodeSerializer(serializers.Serializer[Any]):
    """The code of an invitation, or the link that ends with it."""

    code = serializers.CharField(max_length=LONGEST_PASTED, write_only=True)

    def validate_code(self, value: str) -> Named:
        """What the code names."""
        try:
            return read(value)
        except NoCode as error:
            raise serializers.ValidationError(NO_CODE) from error


class ComeInSerializer(CodeSerializer):
    """The code, and under which name and in which hue one comes in."""

    display_name = serializers.CharField(max_length=60, validators=[validate_name])
    hue = serializers.IntegerField(min_value=1, max_value=HUES, required=False)


class RuleInBriefSerializer(serializers.Serializer[Any]):
    """One rule of a guild's law."""

    title = serializers.CharField()
    value = serializers.CharField()


class InvitedSerializer(serializers.Serializer[Any]):
    """What a code is an invitation to; `refusal` says why it does not let the caller in."""

    guild = serializers.CharField(source="guild.name")
    description = serializers.CharField(source="guild.description", allow_blank=True)
    members = serializers.IntegerField()
    inviter = serializers.CharField()
    expires_at = serializers.DateTimeField(source="invitation.expires_at")
    law = RuleInBriefSerializer(many=True)
    refusal = serializers.CharField(allow_blank=True)


class JoinedSerializer(serializers.Serializer[Any]):
    """The membership that one has."""

    guild = serializers.CharField(source="guild.slug")
    member = serializers.UUIDField(source="pk")
    display_name = serializers.CharField()
    hue = serializers.IntegerField()


class HandoverSerializer(serializers.Serializer[Any]):
    """An office that one member offered to another."""

    id = serializers.UUIDField()
    office = serializers.ChoiceField(choices=HELD)
    giver = serializers.UUIDField(source="giver_id")
    successor = serializers.UUIDField(source="successor_id")
    state = serializers.ChoiceField(choices=HandoverState.choices)
    asked_at = serializers.DateTimeField()
    leaf = serializers.IntegerField()


class OfferSerializer(serializers.Serializer[Any]):
    """Which office of one's own, and to whom."""

    office = serializers.ChoiceField(choices=HELD)
    successor = serializers.UUIDField()


class HandoverAnswerSerializer(serializers.Serializer[Any]):
    """What becomes of an offer."""

    answer = serializers.ChoiceField(choices=ANSWERS)


class GuildActSerializer(serializers.Serializer[Any]):
    """What takes two persons; `due_at` is when an agreed closing takes effect, or an export can be fetched no
    longer.
    """

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=GuildActKind.choices)
    state = serializers.ChoiceField(choices=GuildActState.choices)
    asked_by = serializers.UUIDField(source="asked_by_id")
    asked_at = serializers.DateTimeField()
    agreed_by = serializers.UUIDField(source="agreed_by_id", allow_null=True)
    agreed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class GuildActAskSerializer(serializers.Serializer[Any]):
    """What is asked for."""

    kind = serializers.ChoiceField(choices=GuildActKind.choices)


class GoingSerializer(serializers.Serializer[Any]):
    """What becomes of what one lent here, and of what else one leaves."""

    takes_back = serializers.BooleanField(default=True)
    without_trace = serializers.BooleanField(default=False)


class RuleSerializer(serializers.Serializer[Any]):
    """One rule of the law, and what it lets the holders of an office do."""

    because = serializers.CharField()
    deeds = serializers.ListField(child=serializers.CharField())


class OfficeToldSerializer(serializers.Serializer[Any]):
    """An office in plain words."""

    office = serializers.ChoiceField(choices=HELD)
    rules = RuleSerializer(many=True)
    holders = HeldSerializer(many=True)


class OverYouSerializer(serializers.Serializer[Any]):
    """What can be done to the caller, or to what they lent, and by whom."""

    by = serializers.CharField()
    deeds = serializers.ListField(child=serializers.CharField())
    holders = serializers.ListField(child=serializers.UUIDField())


class PowerSerializer(serializers.Serializer[Any]):
    """Who holds power over what."""

    offices = OfficeToldSerializer(many=True)
    over_people = OverYouSerializer(many=True)
    over_dreams = OverYouSerializer(many=True)
    ends = serializers.ListField(child=serializers.CharField())
