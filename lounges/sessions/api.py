"""Lounges and sessions in the API: the same services, the same decisions and the same 404s as the pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.tenancy.api_requests import me, valid
from lounges.sessions import selectors, services
from lounges.sessions.api_refusals import answering
from lounges.sessions.commands import perform
from lounges.sessions.formats import Act
from lounges.sessions.models import Lounge, Session
from lounges.sessions.serializers import (
    EventPageSerializer,
    EventsQuerySerializer,
    JoinSerializer,
    KeyedSerializer,
    LoungeSerializer,
    NewSessionSerializer,
    ReplySerializer,
    SessionSerializer,
    SnapshotSerializer,
    StageSerializer,
    StateFilterSerializer,
)
from lounges.sessions.snapshot import snapshot_of


class LoungeList(GenericAPIView[Any]):
    """The guild's lounges; and the making of one."""

    queryset = Lounge.objects.none()
    serializer_class = LoungeSerializer
    pagination_class = None

    @extend_schema(operation_id="lounges_list", responses=LoungeSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(LoungeSerializer(selectors.lounges_for(me(request)), many=True).data)

    @extend_schema(operation_id="lounges_make", request=LoungeSerializer, responses={201: LoungeSerializer})
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(LoungeSerializer, request.data)
        with answering():
            lounge = services.make_lounge(by=me(request), **given)
        return Response(LoungeSerializer(lounge).data, status=status.HTTP_201_CREATED)


class SessionList(GenericAPIView[Any]):
    """The guild's sessions, latest first; and the opening or planning of one."""

    queryset = Session.objects.none()
    serializer_class = SessionSerializer

    @extend_schema(
        operation_id="sessions_list",
        parameters=[StateFilterSerializer],
        responses=SessionSerializer(many=True),
    )
    def get(self, request: Request, guild_slug: str) -> Response:
        wanted = valid(StateFilterSerializer, request.query_params)
        rows = self.paginate_queryset(selectors.sessions_for(me(request)).filter(**wanted)) or []
        return self.get_paginated_response(SessionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="sessions_create", request=NewSessionSerializer, responses={201: SessionSerializer}
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(NewSessionSerializer, request.data)
        lounge = selectors.lounge_for(me(request), given.pop("lounge"))
        with answering():
            session = services.create(lounge=lounge, by=me(request), **given)
        return Response(_shown(request, session.pk), status=status.HTTP_201_CREATED)


class SessionDetail(APIView):
    """One session, with the terms to accept before joining it."""

    @extend_schema(operation_id="sessions_read", responses=SessionSerializer)
    def get(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return Response(_shown(request, session_id))


class SessionOpen(APIView):
    """Opens a planned session; whoever opens it hosts it."""

    @extend_schema(operation_id="sessions_open", request=None, responses=SessionSerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        session = selectors.session_for(me(request), session_id)
        with answering():
            services.open_session(session=session, by=me(request))
        return Response(_shown(request, session_id))


class SessionJoin(APIView):
    """Joins a session whose terms were read and are accepted."""

    @extend_schema(operation_id="sessions_join", request=JoinSerializer, responses=ReplySerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.JOIN, session_id, valid(JoinSerializer, request.data))


class SessionStepOut(APIView):
    """Leaves a session, at any time."""

    @extend_schema(operation_id="sessions_step_out", request=KeyedSerializer, responses=ReplySerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.STEP_OUT, session_id, valid(KeyedSerializer, request.data))


class SessionReturn(APIView):
    """Comes back after stepping out."""

    @extend_schema(operation_id="sessions_return", request=KeyedSerializer, responses=ReplySerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.RETURN, session_id, valid(KeyedSerializer, request.data))


class SessionStage(APIView):
    """Moves a session to its next stage, or back to an earlier one."""

    @extend_schema(operation_id="sessions_stage", request=StageSerializer, responses=ReplySerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.SET_STAGE, session_id, valid(StageSerializer, request.data))


class SessionClose(APIView):
    """Ends a session for good."""

    @extend_schema(operation_id="sessions_close", request=KeyedSerializer, responses=ReplySerializer)
    def post(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        return order(request, Act.CLOSE, session_id, valid(KeyedSerializer, request.data))


class SessionEvents(APIView):
    """What happened after an offset, for those who take part: the socket's events, by HTTP."""

    @extend_schema(
        operation_id="sessions_events", parameters=[EventsQuerySerializer], responses=EventPageSerializer
    )
    def get(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        asked = valid(EventsQuerySerializer, request.query_params)
        session = selectors.heard_session_for(me(request), session_id)
        events = selectors.events_after(session, offset=asked["after"], limit=asked["limit"])
        page = {
            "epoch": session.epoch,
            "offset": session.top_offset,
            "events": [{"offset": offset, "data": data} for offset, data in events],
        }
        return Response(EventPageSerializer(page).data)


class SessionSnapshot(APIView):
    """The state of a session at one offset, for those who take part."""

    @extend_schema(operation_id="sessions_snapshot", responses=SnapshotSerializer)
    def get(self, request: Request, guild_slug: str, session_id: UUID) -> Response:
        session = selectors.heard_session_for(me(request), session_id)
        return Response(snapshot_of(session, me(request)))


def order(request: Request, act: Act, session_id: UUID, data: Mapping[str, Any]) -> Response:
    """One command and its reply."""
    with answering():
        reply = perform(by=me(request), method=act, data={"session": session_id, **data})
    return Response(reply)


def _shown(request: Request, session_id: UUID) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = SessionSerializer(selectors.session_for(me(request), session_id)).data
    return shown
