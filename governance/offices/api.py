"""Offices and power in the API: the same services, decisions and refusals as the pages."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.offices import handing_over, services
from governance.offices.api_answers import answering, member_at, member_named
from governance.offices.forms import HELD
from governance.offices.holdings import Held, held_in
from governance.offices.leaving import Going, leave_guild
from governance.offices.overview import Overview, OverYou, overview_for
from governance.offices.serializers import (
    AppointSerializer,
    GoingSerializer,
    HandoverAnswerSerializer,
    HandoverSerializer,
    HeldSerializer,
    OfferSerializer,
    PowerSerializer,
    RemovalSerializer,
)
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.api_requests import me, valid
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of


class OfficeList(APIView):
    """Who holds which office, for every member; and appointing, for those whom the law lets."""

    @extend_schema(operation_id="offices_list", responses=HeldSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        require(actor=me(request), action=Action.VIEW_GUILD, resource=entities.guild(me(request).guild_id))
        return Response(HeldSerializer(_held(request), many=True).data)

    @extend_schema(operation_id="offices_appoint", request=AppointSerializer, responses={201: HeldSerializer})
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(AppointSerializer, request.data)
        with answering():
            member = member_named(request, given["member"])
            held = services.appoint(by=me(request), member=member, office=Office(given["office"]))
        return Response(_one(request, held, given["office"]), status=status.HTTP_201_CREATED)


class OfficeDetail(APIView):
    """One office of one member: taken back by whom the law lets, or laid down by its holder."""

    @extend_schema(operation_id="offices_end", responses={204: None})
    def delete(self, request: Request, guild_slug: str, member_id: UUID, office: str) -> Response:
        ended = _office(office)
        with answering():
            if member_id == me(request).pk:
                services.stand_down(by=me(request), office=ended)
            else:
                member = member_at(request, member_id)
                services.dismiss(by=me(request), member=member, office=ended)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OfficeRenewal(APIView):
    """Another term for somebody else who holds an office."""

    @extend_schema(operation_id="offices_renew", request=None, responses=HeldSerializer)
    def post(self, request: Request, guild_slug: str, member_id: UUID, office: str) -> Response:
        renewed = _office(office)
        with answering():
            member = member_at(request, member_id)
            held = services.renew_term(by=me(request), member=member, office=renewed)
        return Response(_one(request, held, office))


class MemberRemoval(APIView):
    """End somebody's membership."""

    @extend_schema(operation_id="members_remove", request=RemovalSerializer, responses={204: None})
    def post(self, request: Request, guild_slug: str, member_id: UUID) -> Response:
        given = valid(RemovalSerializer, request.data)
        with answering():
            member = member_at(request, member_id)
            services.remove(by=me(request), member=member, is_barred=given["barred"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class Leaving(APIView):
    """Leave the guild: take back what one lent, and what else one leaves here."""

    @extend_schema(operation_id="guild_leave", request=GoingSerializer, responses={204: None})
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(GoingSerializer, request.data)
        with answering():
            leave_guild(by=me(request), going=Going(**given))
        return Response(status=status.HTTP_204_NO_CONTENT)


class HandoverList(APIView):
    """The offers that the caller made or has to answer; and offering an office of one's own."""

    @extend_schema(operation_id="handovers_list", responses=HandoverSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(HandoverSerializer(handing_over.waiting_for(me(request)), many=True).data)

    @extend_schema(
        operation_id="handovers_offer", request=OfferSerializer, responses={201: HandoverSerializer}
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(OfferSerializer, request.data)
        with answering():
            successor = member_named(request, given["successor"], field="successor")
            made = handing_over.offer(by=me(request), office=Office(given["office"]), successor=successor)
        return Response(HandoverSerializer(made).data, status=status.HTTP_201_CREATED)


class HandoverAnswer(APIView):
    """Accept, decline or take back an offer."""

    @extend_schema(
        operation_id="handovers_answer", request=HandoverAnswerSerializer, responses=HandoverSerializer
    )
    def post(self, request: Request, guild_slug: str, handover_id: UUID) -> Response:
        handing_over.handover_for(me(request), handover_id)
        answers = {
            "accept": handing_over.accept,
            "decline": handing_over.decline,
            "take_back": handing_over.take_back,
        }
        do = answers[valid(HandoverAnswerSerializer, request.data)["answer"]]
        with answering():
            held = do(by=me(request), handover=handover_id)
        return Response(HandoverSerializer(held).data)


class Power(APIView):
    """Who holds power over what, and over the caller."""

    @extend_schema(operation_id="power_retrieve", responses=PowerSerializer)
    def get(self, request: Request, guild_slug: str) -> Response:
        told = overview_for(me(request), members_of(me(request).guild_id))
        return Response(PowerSerializer(_plainly(told)).data)


def _plainly(told: Overview) -> dict[str, Any]:
    return {
        "offices": [
            {
                "office": one.office.value,
                "holders": one.holders,
                "rules": [{"because": because, "deeds": deeds} for because, deeds in one.rules],
            }
            for one in told.offices
        ],
        "over_people": [_over(one) for one in told.over_people],
        "over_dreams": [_over(one) for one in told.over_dreams],
        "ends": told.ends,
    }


def _over(one: OverYou) -> dict[str, Any]:
    return {"by": one.by, "deeds": one.deeds, "holders": [member.pk for member in one.holders]}


def _held(request: Request) -> list[Held]:
    guild = me(request).guild
    return held_in(guild, members_of(guild.pk))


def _one(request: Request, member: Membership, office: str) -> dict[str, Any]:
    """One office of a member as it is now."""
    (held,) = (one for one in _held(request) if one.member.pk == member.pk and one.office == office)
    return dict(HeldSerializer(held).data)


def _office(value: str) -> Office:
    if value not in {office for office, _ in HELD}:
        raise Http404("There is no such office.")
    return Office(value)
