"""What proposals, votes and petitions look like in the API."""

from typing import Any

from rest_framework import serializers

from governance.deliberation.enums import (
    METHODS,
    RESULTS_OR_NONE,
    AmendmentState,
    Kind,
    PetitionState,
    Stance,
    State,
)
from governance.deliberation.models import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE
from governance.deliberation.searching import LONGEST

Serializer = serializers.Serializer[Any]


class NamedMemberSerializer(Serializer):
    """A member by id and name."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="display_name")


class DeliberationSearchSerializer(Serializer):
    """What is looked for: every word must occur, or a part of one."""

    words = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class ProposalSerializer(Serializer):
    """A proposal in the list. Times are null as long as they have not come."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=State.choices)
    result = serializers.ChoiceField(choices=RESULTS_OR_NONE)
    title = serializers.CharField()
    author = NamedMemberSerializer()
    version = serializers.IntegerField(source="current", min_value=1)
    secret = serializers.BooleanField()
    drafted_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    enacted_at = serializers.DateTimeField(allow_null=True)
    hindrance = serializers.CharField(help_text="Why what passed could not be enacted, or did not open.")


class ProposedChangeSerializer(Serializer):
    """One thing that would be otherwise."""

    title = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class VotingRulesSerializer(Serializer):
    """How it is decided: fixed when voting opens."""

    method = serializers.ChoiceField(choices=METHODS)
    quorum = serializers.DecimalField(max_digits=5, decimal_places=4)
    hours = serializers.IntegerField(min_value=1)
    sponsors = serializers.IntegerField(min_value=0)
    secret = serializers.BooleanField()


class OwnBallotSerializer(Serializer):
    """One's own ballot."""

    ballot = serializers.UUIDField()
    choice = serializers.CharField()
    nonce = serializers.CharField()
    changes = serializers.IntegerField(min_value=0)


class ProposalDetailSerializer(Serializer):
    """One proposal, with what it says now and how the vote stands."""

    proposal = ProposalSerializer()
    text = serializers.CharField(source="version.text")
    document = serializers.JSONField(source="version.document")
    options = serializers.ListField(child=serializers.CharField(), source="version.options")
    digest = serializers.CharField(source="version.digest")
    changes = ProposedChangeSerializer(many=True)
    rules = VotingRulesSerializer()
    sponsors = serializers.IntegerField(source="standing.sponsors", min_value=0)
    sponsors_needed = serializers.IntegerField(source="standing.needed", min_value=0)
    voted = serializers.IntegerField(source="standing.voted", min_value=0)
    eligible = serializers.IntegerField(source="standing.may", min_value=0)
    is_being_counted = serializers.BooleanField(source="standing.is_over")
    may_vote = serializers.BooleanField()
    mine = OwnBallotSerializer(allow_null=True)


class ProposalDraftSerializer(Serializer):
    """A new proposal, or a petition, which needs no more than kind, title, text and document."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField(max_length=LONGEST_TITLE)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    document = serializers.DictField(required=False, default=dict)
    options = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, default=list, max_length=12
    )
    method = serializers.ChoiceField(choices=METHODS, required=False, default="majority")
    secret = serializers.BooleanField(required=False, default=False)
    opens_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class PetitionDraftSerializer(Serializer):
    """A new petition."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField(max_length=LONGEST_TITLE)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    document = serializers.DictField(required=False, default=dict)


class ProposalWordsSerializer(Serializer):
    """Title and text of another version; without a document it stays as it is."""

    title = serializers.CharField(max_length=LONGEST_TITLE)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    document = serializers.DictField(required=False)


class AmendingSerializer(ProposalWordsSerializer):
    """Other words for a proposal, and why."""

    because = serializers.CharField(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class ProposalVersionSerializer(Serializer):
    """One version of a proposal."""

    number = serializers.IntegerField(min_value=1)
    title = serializers.CharField()
    text = serializers.CharField()
    document = serializers.JSONField()
    options = serializers.ListField(child=serializers.CharField())
    digest = serializers.CharField()
    at = serializers.DateTimeField()
    leaf = serializers.IntegerField(min_value=0)


class SponsoringSerializer(Serializer):
    """The version that was read, and is sponsored."""

    version = serializers.IntegerField(min_value=1, max_value=1_000_000)


class AmendmentSerializer(Serializer):
    """An amendment, and what became of it."""

    id = serializers.UUIDField(source="pk")
    made_for = serializers.IntegerField(min_value=1)
    by = NamedMemberSerializer()
    title = serializers.CharField()
    text = serializers.CharField()
    document = serializers.JSONField(help_text="What would be enacted if it is taken over.")
    because = serializers.CharField()
    state = serializers.ChoiceField(choices=AmendmentState.choices)
    answer = serializers.CharField()
    at = serializers.DateTimeField()


class AmendmentAnswerSerializer(Serializer):
    """Take it over, or say why not."""

    accept = serializers.BooleanField()
    answer = serializers.CharField(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class ArgumentReplySerializer(Serializer):
    """What was said in reply; the words of one that is hidden are left out."""

    id = serializers.UUIDField(source="pk")
    author = NamedMemberSerializer()
    text = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    revision = serializers.IntegerField(min_value=1)
    hidden_reason = serializers.CharField()

    def get_text(self, row: Any) -> str:
        return "" if row.hidden_at else str(row.text)


class ArgumentSerializer(ArgumentReplySerializer):
    """A reason or a question, with its replies."""

    stance = serializers.ChoiceField(choices=Stance.choices)
    said_of = serializers.IntegerField(min_value=1)
    replies = ArgumentReplySerializer(many=True)


class ArguingSerializer(Serializer):
    """What to say; `in_reply_to` is what it replies to, if anything."""

    stance = serializers.ChoiceField(choices=Stance.choices)
    text = serializers.CharField(max_length=LONGEST_REASON)
    in_reply_to = serializers.UUIDField(required=False, allow_null=True, default=None)


class BallotReceiptSerializer(Serializer):
    """What opens a secret ballot."""

    ballot = serializers.UUIDField()
    nonce = serializers.RegexField(r"^[0-9a-f]{64}$")


class VotingSerializer(Serializer):
    """A ballot. A ranking reads "2>0=1": options by number, the most liked first."""

    choice = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)
    receipt = BallotReceiptSerializer(required=False, allow_null=True, default=None)


class CastBallotSerializer(Serializer):
    """What was cast; ballot and nonce are the receipt."""

    ballot = serializers.UUIDField()
    choice = serializers.CharField()
    nonce = serializers.CharField()
    leaf = serializers.IntegerField(min_value=0)
    changed = serializers.BooleanField()


class ObjectionSerializer(Serializer):
    """An objection, and the answer to it."""

    id = serializers.UUIDField(source="pk")
    member = NamedMemberSerializer()
    reason = serializers.CharField()
    answer = serializers.CharField()
    lifted_at = serializers.DateTimeField(allow_null=True)


class ObjectionAnswerSerializer(Serializer):
    """An answer to an objection."""

    answer = serializers.CharField(max_length=LONGEST_REASON)


class PetitionSerializer(Serializer):
    """A petition, and how many members signed it."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=PetitionState.choices)
    title = serializers.CharField()
    text = serializers.CharField()
    document = serializers.JSONField()
    author = NamedMemberSerializer()
    signed = serializers.IntegerField(min_value=0)
    at = serializers.DateTimeField()
    proposal = serializers.UUIDField(source="proposal_id", allow_null=True)
