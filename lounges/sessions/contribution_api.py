"""Lent dreams and associations in the API. Reading one goes through the consent gate, as everywhere."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.tenancy.api_requests import me, valid
from lounges.sessions import hearing, selectors
from lounges.sessions.api import order
from lounges.sessions.formats import Act
from lounges.sessions.models import Contribution
from lounges.sessions.serializers import (
    AssociationSerializer,
    KeyedSerializer,
    LoanSerializer,
    OwnContributionSerializer,
    ReplySerializer,
    TellingSerializer,
)


class OwnContributions(GenericAPIView[Any]):
    """What the caller lends to sessions of this guild now, latest first."""

    queryset = Contribution.objects.none()
    serializer_class = OwnContributionSerializer

    @extend_schema(operation_id="contributions_list", responses=OwnContributionSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        rows = self.paginate_queryset(selectors.own_contributions(me(request))) or []
        return self.get_paginated_response(OwnContributionSerializer(rows, many=True).data)


class ContributionWithdraw(APIView):
    """Takes back what the caller lent: at any time, also after the session."""

    @extend_schema(operation_id="contributions_withdraw", request=KeyedSerializer, responses=ReplySerializer)
    def post(self, request: Request, guild_slug: str, contribution_id: UUID) -> Response:
        given = valid(KeyedSerializer, request.data)
        session_id = selectors.session_of_own(me(request), contribution_id)
        return order(request, Act.WITHDRAW, session_id, {**given, "contribution": contribution_id})


class SessionContributions(APIView):
    """The dreams told in a session; and the lending of one."""

    @extend_schema(operation_id="sessions_hear", responses=TellingSerializer(many=True))
    def get(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        """Hearing them is one use of all of them, recorded before any is opened."""
        session = selectors.heard_session_for(me(request), session_id)
        tellings = hearing.transcript_for(me(request), session)
        return Response(TellingSerializer(tellings, many=True).data)

    @extend_schema(operation_id="sessions_share", request=LoanSerializer, responses={201: ReplySerializer})
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        reply = order(request, Act.SHARE, session_id, valid(LoanSerializer, request.data))
        reply.status_code = status.HTTP_201_CREATED
        return reply


class SessionContribution(APIView):
    """One dream told in a session."""

    @extend_schema(operation_id="sessions_hear_one", responses=TellingSerializer)
    def get(self, request: Request, guild_slug: str, session_id: UUID, contribution_id: UUID) -> Response:
        session = selectors.heard_session_for(me(request), session_id)
        return Response(TellingSerializer(hearing.telling_for(me(request), session, contribution_id)).data)


class SessionAssociations(APIView):
    """Says what a told dream brings to mind."""

    @extend_schema(
        operation_id="sessions_associate", request=AssociationSerializer, responses={201: ReplySerializer}
    )
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        reply = order(request, Act.ASSOCIATE, session_id, valid(AssociationSerializer, request.data))
        reply.status_code = status.HTTP_201_CREATED
        return reply
