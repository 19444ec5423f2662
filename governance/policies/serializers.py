"""The shapes of a guild's law in the API."""

from rest_framework import serializers


class LineSerializer(serializers.Serializer):
    """What one part of a draft or of a law changes."""

    template = serializers.CharField()
    title = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class LawSerializer(serializers.Serializer):
    """One law of a guild: values by name, rules that members wrote, its digest, its leaf."""

    number = serializers.IntegerField()
    digest = serializers.CharField()
    house = serializers.CharField()
    because = serializers.CharField()
    reference = serializers.UUIDField(allow_null=True)
    enacted_at = serializers.DateTimeField()
    leaf = serializers.IntegerField()
    document = serializers.JSONField()


class ArticleSerializer(serializers.Serializer):
    """One article of the constitution."""

    name = serializers.CharField()
    title = serializers.CharField(source="template.title")
    meaning = serializers.CharField()
    enforced = serializers.CharField(source="template.enforced")
    parameters = serializers.ListField(child=serializers.CharField(), source="template.parameters")
    since = serializers.IntegerField(source="since.number", allow_null=True, default=None)


class ConstitutionSerializer(serializers.Serializer):
    """The law as it is now."""

    document = serializers.JSONField(source="law.document")
    articles = ArticleSerializer(many=True)
    laws = LawSerializer(many=True)


class LawDraftSerializer(serializers.Serializer):
    """A change to try: values by name, rules to add, names of rules to repeal."""

    values = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    forbids = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()), required=False
    )
    repealed = serializers.ListField(child=serializers.CharField(), required=False)


class VerdictSerializer(serializers.Serializer):
    """A decision that the draft would have turned round; `leaf` is where the ledger tells of it."""

    leaf = serializers.IntegerField()
    at = serializers.DateTimeField()
    action = serializers.CharField()
    name = serializers.CharField()
    allowed = serializers.BooleanField()
    because = serializers.ListField(child=serializers.CharField())


class PreviewSerializer(serializers.Serializer):
    """What a draft changes, and what it would have done."""

    lines = LineSerializer(many=True)
    days = serializers.IntegerField()
    denied = serializers.IntegerField()
    allowed = serializers.IntegerField()
    turned = VerdictSerializer(many=True)
