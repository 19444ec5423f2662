"""Petitions in the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.deliberation import petitions
from governance.deliberation.api import draft_of
from governance.deliberation.api_refusals import answering
from governance.deliberation.models import Petition
from governance.deliberation.searching import petitions_with
from governance.deliberation.selectors import petition_for
from governance.deliberation.serializers import (
    DeliberationSearchSerializer,
    PetitionDraftSerializer,
    PetitionSerializer,
)
from guild.tenancy.api_requests import me, valid


class PetitionList(GenericAPIView[Any]):
    """Petitions, latest first; and a new one, which its author signs."""

    queryset = Petition.objects.none()
    serializer_class = PetitionSerializer

    @extend_schema(
        operation_id="petitions_list",
        parameters=[DeliberationSearchSerializer],
        responses=PetitionSerializer(many=True),
    )
    def get(self, request: Request, guild_slug: str) -> Response:
        words = valid(DeliberationSearchSerializer, request.query_params)["words"]
        page = self.paginate_queryset(petitions_with(me(request), words)) or []
        return self.get_paginated_response(PetitionSerializer(page, many=True).data)

    @extend_schema(
        operation_id="petitions_start", request=PetitionDraftSerializer, responses={201: PetitionSerializer}
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        said = valid(PetitionDraftSerializer, request.data)
        with answering():
            made = petitions.start(by=me(request), draft=draft_of(said))
        return _one(request, made.pk, code=status.HTTP_201_CREATED)


class PetitionDetail(APIView):
    """One petition."""

    @extend_schema(operation_id="petitions_retrieve", responses=PetitionSerializer)
    def get(self, request: Request, guild_slug: str, petition_id: UUID) -> Response:
        return _one(request, petition_id)


class PetitionSignature(APIView):
    """Sign a petition, or take one's signature back."""

    @extend_schema(operation_id="petitions_sign", request=None, responses=PetitionSerializer)
    def post(self, request: Request, guild_slug: str, petition_id: UUID) -> Response:
        petition = petition_for(me(request), petition_id)
        with answering():
            petitions.sign(petition=petition, by=me(request))
        return _one(request, petition_id)

    @extend_schema(operation_id="petitions_unsign", request=None, responses=PetitionSerializer)
    def delete(self, request: Request, guild_slug: str, petition_id: UUID) -> Response:
        petition = petition_for(me(request), petition_id)
        with answering():
            petitions.unsign(petition=petition, by=me(request))
        return _one(request, petition_id)


class PetitionWithdrawal(APIView):
    """Take one's own petition back."""

    @extend_schema(operation_id="petitions_withdraw", request=None, responses=PetitionSerializer)
    def post(self, request: Request, guild_slug: str, petition_id: UUID) -> Response:
        petition = petition_for(me(request), petition_id)
        with answering():
            petitions.withdraw(petition=petition, by=me(request))
        return _one(request, petition_id)


def _one(request: Request, petition_id: UUID, *, code: int = status.HTTP_200_OK) -> Response:
    return Response(PetitionSerializer(petition_for(me(request), petition_id)).data, status=code)
