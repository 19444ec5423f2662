"""Calling for a stop in the API: the same commands, the same decisions and the same 404s as the page."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.tenancy.api_requests import valid
from lounges.sessions.api import order
from lounges.sessions.formats import Act
from lounges.sessions.serializers import KeyedSerializer


class StanceSerializer(serializers.Serializer[object]):
    """How many call for a stop, how many it takes, and whether the blend was stopped. Never who."""

    offset = serializers.IntegerField()
    calls = serializers.IntegerField()
    needed = serializers.IntegerField()
    halted = serializers.BooleanField()


class SessionResist(APIView):
    """Calls for the session's blend to be stopped; one call a person."""

    @extend_schema(operation_id="sessions_resist", request=KeyedSerializer, responses=StanceSerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.RESIST, session_id, valid(KeyedSerializer, request.data))


class SessionRelent(APIView):
    """Takes one's call for a stop back, while nothing was stopped."""

    @extend_schema(operation_id="sessions_relent", request=KeyedSerializer, responses=StanceSerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.RELENT, session_id, valid(KeyedSerializer, request.data))
