"""The API of dreamscapes: the same services, the same decisions and the same 404s as the pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.tenancy.models import Membership
from lounges.dreamscapes import selectors, services
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.errors import Erased
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.people import Speaker, speakers_of
from lounges.dreamscapes.serializers import (
    BlendSerializer,
    DreamscapeSerializer,
    MadeSerializer,
    ReflectionSerializer,
    RunSerializer,
)
from lounges.sessions.errors import NotNow
from lounges.sessions.selectors import session_for


class Conflict(APIException):
    """The state of the session does not allow it (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Gone(APIException):
    """It was there, and its key is destroyed (410)."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"


class Pages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


@dataclass(frozen=True)
class Made:
    """What may be shown of a run beside the run itself."""

    title: str
    replaced_by: UUID | None
    speakers: tuple[Speaker, ...]
    document: Any


class DreamscapeList(GenericAPIView[Any]):
    """The blends of sessions I took part in, latest first; those that were replaced are left out."""

    queryset = BlendRun.objects.none()
    serializer_class = RunSerializer
    pagination_class = Pages

    @extend_schema(operation_id="dreamscapes_list", responses=RunSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        rows = self.paginate_queryset(selectors.runs_for(_member(request))) or []
        return self.get_paginated_response(RunSerializer(rows, many=True).data)


class DreamscapeDetail(APIView):
    """One blend, and what it made."""

    @extend_schema(operation_id="dreamscapes_retrieve", responses=DreamscapeSerializer)
    def get(self, request: Request, guild_slug: str, run_id: UUID) -> Response:
        member = _member(request)
        run = selectors.run_for(member, run_id)
        made = _made(run, member)
        return Response({**RunSerializer(run).data, **MadeSerializer(made).data})


class ReflectionDetail(APIView):
    """My own reflection; 404 when nothing of mine is in the blend, 410 when it was replaced."""

    @extend_schema(operation_id="dreamscapes_reflection", responses=ReflectionSerializer)
    def get(self, request: Request, guild_slug: str, run_id: UUID) -> Response:
        try:
            opened = selectors.reflection_for(_member(request), run_id)
        except Erased as error:
            raise Gone(str(error)) from error
        return Response(ReflectionSerializer(opened).data)


class BlendRequest(APIView):
    """Ask for a blend of a session, as its host."""

    @extend_schema(operation_id="sessions_blend", request=BlendSerializer, responses={202: RunSerializer})
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        sent = BlendSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        member = _member(request)
        session = session_for(member, session_id)
        try:
            run = services.request_blend(session=session, by=member, key=sent.validated_data["key"])
        except NotNow as error:
            raise Conflict(str(error)) from error
        return Response(RunSerializer(run).data, status=status.HTTP_202_ACCEPTED)


def _member(request: Request) -> Membership:
    """The member that the tenant middleware found; there is one below /g/<slug>/."""
    member: Membership = request.membership  # type: ignore[attr-defined]
    return member


def _made(run: BlendRun, member: Membership) -> Made:
    """The run's document, opened; nothing of a run that has not ended well or was replaced a moment ago."""
    if run.state == RunState.FINISHED:
        try:
            opened = selectors.open_dreamscape(run)
        except Erased:
            run.refresh_from_db()
        else:
            speakers = speakers_of(selectors.voices_of(run), reader=member.dreamer_id)
            return Made(opened.title, None, tuple(speakers.values()), opened.document)
    following = selectors.replacement_of(run)
    return Made("", following.pk if following else None, (), None)
