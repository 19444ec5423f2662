"""What a guild asks of its dreamers, and what it does with what is lent: in the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.consent import guild_acts, processing_record, receipt_views
from governance.consent.api import refusing
from governance.consent.enums import Purpose
from governance.consent.serializers import RequestedSerializer, RequestSerializer


class AskForConsent(GenericAPIView[Any]):
    """Ask a dreamer for a consent that they have not given. Nobody is asked twice, nor after a no."""

    serializer_class = RequestSerializer

    @extend_schema(
        operation_id="consents_ask", request=RequestSerializer, responses={201: RequestedSerializer}
    )
    def post(self, request: Request, guild_slug: str, contribution: UUID) -> Response:
        sent = RequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with refusing():
            row = guild_acts.request(
                by=request.membership,  # type: ignore[attr-defined]
                contribution=contribution,
                purpose=Purpose(sent.validated_data["purpose"]),
            )
        return Response(RequestedSerializer(row).data, status=201)


class ProcessingRecord(APIView):
    """The record of processing activities of this guild (GDPR 30), generated from its purposes."""

    @extend_schema(operation_id="processing_record", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, guild_slug: str) -> Response:
        record = receipt_views.record_for(request)  # type: ignore[arg-type]
        return Response(processing_record.as_json(record))
