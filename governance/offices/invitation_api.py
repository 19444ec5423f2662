"""Invitations, joining, and what takes two, in the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.offices import exporting, invitations, joint
from governance.offices.api_answers import answering
from governance.offices.brief import law_in_brief
from governance.offices.enums import GuildActKind
from governance.offices.invitation_models import Invitation
from governance.offices.inviting import invitations_for, invited_by
from governance.offices.joint_models import GuildAct
from governance.offices.letters import link_of
from governance.offices.rates import count
from governance.offices.serializers import (
    CodeSerializer,
    ComeInSerializer,
    GuildActAskSerializer,
    GuildActSerializer,
    InvitationSerializer,
    InvitedSerializer,
    InviteSerializer,
    JoinedSerializer,
    MadeSerializer,
)
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.api_requests import me, valid


class InvitationList(GenericAPIView[Any]):
    """Invitations, newest first; and one more, whose link is in the answer and nowhere else."""

    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer

    @extend_schema(operation_id="invitations_list", responses=InvitationSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        page = self.paginate_queryset(invitations_for(me(request))) or []
        return self.get_paginated_response(InvitationSerializer(page, many=True).data)

    @extend_schema(operation_id="invitations_make", request=InviteSerializer, responses={201: MadeSerializer})
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(InviteSerializer, request.data)
        with answering():
            if given["address"]:
                count(request._request, action="send_invitation")
            made = invitations.invite(by=me(request), label=given.pop("note"), **given)
        said = MadeSerializer({"invitation": made.invitation, "link": link_of(made.code)}).data
        return Response(said, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class InvitationDetail(APIView):
    """One invitation: let nobody in by it any more."""

    @extend_schema(operation_id="invitations_revoke", responses=InvitationSerializer)
    def delete(self, request: Request, guild_slug: str, invitation_id: UUID) -> Response:
        revoked = invitations.revoke(by=me(request), invitation=invitation_id)
        return Response(InvitationSerializer(revoked).data)


class InvitationReading(APIView):
    """What a code is an invitation to. The code travels in the body, never in an address."""

    @extend_schema(operation_id="invitations_read", request=CodeSerializer, responses=InvitedSerializer)
    def post(self, request: Request) -> Response:
        with answering():
            count(request._request, action="open_invitation")
            named = valid(CodeSerializer, request.data)["code"]
            invited = invited_by(named, dreamer=request.user.pk)
        return Response(InvitedSerializer({**vars(invited), "law": law_in_brief(invited.guild)}).data)


class Joining(APIView):
    """Come into a guild by an invitation. Whoever is a member already stays what they are."""

    @extend_schema(operation_id="guild_join", request=ComeInSerializer, responses={201: JoinedSerializer})
    def post(self, request: Request) -> Response:
        with answering():
            count(request._request, action="open_invitation")
            given = valid(ComeInSerializer, request.data)
            member = invitations.accept(
                named=given["code"],
                dreamer=_dreamer(request),
                display_name=given["display_name"],
                hue=given.get("hue"),
            )
        return Response(JoinedSerializer(member).data, status=status.HTTP_201_CREATED)


class GuildActList(GenericAPIView[Any]):
    """What takes two persons, newest first, for every member; and asking for it, as a steward."""

    queryset = GuildAct.objects.none()
    serializer_class = GuildActSerializer

    @extend_schema(operation_id="guild_acts_list", responses=GuildActSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        require(actor=me(request), action=Action.VIEW_GUILD, resource=entities.guild(me(request).guild_id))
        page = self.paginate_queryset(joint.acts_of(me(request).guild_id)) or []
        return self.get_paginated_response(GuildActSerializer(page, many=True).data)

    @extend_schema(
        operation_id="guild_acts_ask", request=GuildActAskSerializer, responses={201: GuildActSerializer}
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        kind = GuildActKind(valid(GuildActAskSerializer, request.data)["kind"])
        with answering():
            made = joint.ask(by=me(request), kind=kind)
        return Response(GuildActSerializer(made).data, status=status.HTTP_201_CREATED)


class GuildActAgreement(APIView):
    """Be the second person."""

    @extend_schema(operation_id="guild_acts_agree", request=None, responses=GuildActSerializer)
    def post(self, request: Request, guild_slug: str, act_id: UUID) -> Response:
        with answering():
            return Response(GuildActSerializer(joint.agree(by=me(request), act=act_id)).data)


class GuildActTakingBack(APIView):
    """Let it be: nothing was done."""

    @extend_schema(operation_id="guild_acts_take_back", request=None, responses=GuildActSerializer)
    def post(self, request: Request, guild_slug: str, act_id: UUID) -> Response:
        return Response(GuildActSerializer(joint.take_back(by=me(request), act=act_id)).data)


class GuildActObjection(APIView):
    """Halt the closing of the guild, as any member may."""

    @extend_schema(operation_id="guild_acts_object", request=None, responses=GuildActSerializer)
    def post(self, request: Request, guild_slug: str, act_id: UUID) -> Response:
        return Response(GuildActSerializer(joint.object_to(by=me(request), act=act_id)).data)


class GuildExport(APIView):
    """The export that two agreed to, as a zip. Each fetching is a leaf."""

    @extend_schema(
        operation_id="guild_acts_export",
        request=None,
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def post(self, request: Request, guild_slug: str, export_id: UUID) -> HttpResponse:
        packed = exporting.fetch(by=me(request), act=export_id).packed
        return HttpResponse(packed, content_type="application/zip")


def _dreamer(request: Request) -> UUID:
    """Whoever asks; the API answers nobody who is not signed in."""
    dreamer: UUID = request.user.pk  # type: ignore[assignment]
    return dreamer
