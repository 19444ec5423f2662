"""Consents and uses of the dreamer who asks; the same services as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from governance.consent import selectors, services, standings
from governance.consent.enums import ConsentState, Purpose
from governance.consent.models import Subject, UseSubject


class StandingSerializer(serializers.Serializer[Any]):
    """Where one purpose stands."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=ConsentState.choices)
    since = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    depth = serializers.FloatField(min_value=0, max_value=1)
    leaf_index = serializers.IntegerField(min_value=0)


class ConsentSerializer(serializers.Serializer[Any]):
    """One lent dream with every purpose its dreamer was asked about."""

    contribution = serializers.UUIDField()
    guild = serializers.UUIDField()
    guild_name = serializers.CharField()
    lent_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    standings = StandingSerializer(many=True)


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


class WithdrawSerializer(serializers.Serializer[Any]):
    """The purpose to withdraw; left out, or null, for the whole contribution."""

    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False, allow_null=True)


class WithdrawnSerializer(serializers.Serializer[Any]):
    """What stood and stands no longer."""

    contribution = serializers.UUIDField()
    purposes = serializers.ListField(child=serializers.ChoiceField(choices=Purpose.choices))
    whole = serializers.BooleanField()
    at = serializers.DateTimeField()


class ConsentList(GenericAPIView[Any]):
    """Every consent of mine, in every guild, newest first."""

    serializer_class = ConsentSerializer
    queryset = Subject.objects.none()

    @extend_schema(operation_id="consents_list", responses=ConsentSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(selectors.contributions_of(_asker(request))) or []
        dreams = standings.lent_dreams(page)
        return self.get_paginated_response(ConsentSerializer(dreams, many=True).data)


class UseList(GenericAPIView[Any]):
    """Every use of my dreams, in every guild, newest first."""

    serializer_class = UseSerializer
    queryset = UseSubject.objects.none()

    @extend_schema(operation_id="uses_list", responses=UseSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(selectors.use_rows_of(_asker(request))) or []
        return self.get_paginated_response(UseSerializer(standings.uses(page), many=True).data)


class Withdraw(GenericAPIView[Any]):
    """Withdraw one purpose of a contribution of mine, or all of it. Repeating it changes nothing more."""

    serializer_class = WithdrawSerializer
    queryset = Subject.objects.none()

    @extend_schema(
        operation_id="consents_withdraw", request=WithdrawSerializer, responses=WithdrawnSerializer
    )
    def post(self, request: Request, contribution: UUID) -> Response:
        sent = WithdrawSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        purpose = sent.validated_data.get("purpose")
        done = services.withdraw(
            by=_asker(request),
            contribution=contribution,
            purpose=None if purpose is None else Purpose(purpose),
        )
        return Response(WithdrawnSerializer(done).data)


def _asker(request: Request) -> UUID:
    """The dreamer who asks; the API answers to nobody else (see its permission classes)."""
    return UUID(str(request.user.pk))
