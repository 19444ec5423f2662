"""The shapes of the exchange in the API. The services decide what may be done."""

from typing import Any

from rest_framework import serializers

from colonies.exchange.enums import GIVEN_CHOICES, Terms, WordKind
from colonies.exchange.house_models import HouseOffer
from colonies.exchange.lineages import Branch, Lineage
from colonies.exchange.models import Asking, Offer


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """A ritual that is offered to the colonies of the guild."""

    ritual = serializers.UUIDField(source="ritual_id")
    title = serializers.CharField(source="ritual.title")
    colony = serializers.SlugField(source="ritual.colony.slug")

    class Meta:
        model = Offer
        fields = ["id", "ritual", "title", "colony", "terms", "word", "offered_at"]
        read_only_fields = fields


class OfferingSerializer(serializers.Serializer[Any]):
    """Offering a ritual."""

    ritual = serializers.UUIDField()
    terms = serializers.ChoiceField(choices=Terms.choices)
    word = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class TakingSerializer(serializers.Serializer[Any]):
    """In which colony something is taken up."""

    colony = serializers.SlugField(max_length=60)


class AskSerializer(TakingSerializer):
    """Asking for a ritual that is given by request."""

    word = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class AskingSerializer(serializers.ModelSerializer[Asking]):
    """A colony's request for a ritual; `answer` is open, given, declined or taken_back."""

    ritual = serializers.UUIDField(source="offer.ritual_id")
    colony = serializers.SlugField(source="colony.slug")

    class Meta:
        model = Asking
        fields = ["id", "ritual", "colony", "word", "asked_at", "answer", "terms", "reply", "answered_at"]
        read_only_fields = fields


class AnsweringSerializer(serializers.Serializer[Any]):
    """Answering a request: the terms, or null for a no."""

    terms = serializers.ChoiceField(choices=GIVEN_CHOICES, allow_null=True)
    reply = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class SayingSerializer(serializers.Serializer[Any]):
    """Thanks or a story, sent back."""

    kind = serializers.ChoiceField(choices=WordKind.choices)
    text = serializers.CharField(max_length=2000)


class WordSerializer(serializers.Serializer[Any]):
    """What was sent back, by whom (null for a name that was taken off, or that is of another guild)."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    text = serializers.CharField()
    sender = serializers.CharField(allow_null=True)
    said_at = serializers.DateTimeField()


class StationSerializer(serializers.Serializer[Any]):
    """Where a ritual was kept in other guilds before it came here, by the names it carried along."""

    guild = serializers.CharField()
    colony = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    tradition = serializers.CharField()
    credit = serializers.CharField()


class PlaceSerializer(serializers.Serializer[Any]):
    """A ritual in its lineage; `source` is the one it was learnt from, null where it begins in this guild."""

    ritual = serializers.UUIDField()
    source = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    source_version = serializers.IntegerField(allow_null=True)
    colony = serializers.SlugField()
    title = serializers.CharField()
    language = serializers.CharField()
    tradition = serializers.CharField()
    credit = serializers.CharField()
    terms = serializers.CharField(allow_null=True)
    is_adapted = serializers.BooleanField()


class LineageSerializer(serializers.Serializer[Any]):
    """The whole lineage: stations in other guilds, then the places of this one, parents before children."""

    stations = StationSerializer(many=True)
    places = PlaceSerializer(many=True)
    words = WordSerializer(many=True)


class HouseOfferSerializer(serializers.ModelSerializer[HouseOffer]):
    """What another guild offers: all of it in `document`, whose digest stands in both ledgers."""

    document = serializers.DictField()
    giver = serializers.UUIDField(source="guild_id")

    class Meta:
        model = HouseOffer
        fields = ["id", "giver", "terms", "document", "digest", "offered_at"]
        read_only_fields = fields


class PartitionSerializer(serializers.Serializer[Any]):
    """Effective numbers at one order."""

    order = serializers.FloatField()
    alpha = serializers.FloatField()
    beta = serializers.FloatField()
    gamma = serializers.FloatField()


class MonthSerializer(serializers.Serializer[Any]):
    """One month of a guild's cultures."""

    month = serializers.DateField()
    counted_on = serializers.DateField(source="cultures.on")
    colonies = serializers.IntegerField(source="cultures.colonies")
    rituals = serializers.IntegerField(source="cultures.rituals")
    distinctness = serializers.FloatField(source="moment.distinctness")
    partitions = PartitionSerializer(source="cultures.partitions", many=True)


class DiversitySerializer(serializers.Serializer[Any]):
    """Month by month, the running one last; and what the guild is told of it."""

    months = MonthSerializer(many=True)
    notices = serializers.ListField(child=serializers.CharField())


def places_of(lineage: Lineage) -> list[dict[str, Any]]:
    """Every place of a lineage in this guild, parents before children."""
    return [_place(branch) for branch in lineage.branches]


def _place(branch: Branch) -> dict[str, Any]:
    came = branch.adoption
    return {
        "ritual": branch.ritual.pk,
        "source": came and came.source_id,
        "source_version": came and came.source_version,
        "colony": branch.ritual.colony.slug,
        "title": branch.version.title,
        "language": branch.version.language,
        "tradition": branch.version.tradition,
        "credit": branch.version.credit,
        "terms": came and came.terms,
        "is_adapted": branch.is_adapted,
    }
