"""The exchange in the API: the same services, the same decisions and the same 404s as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from colonies.exchange import asking, counting, house, lineages, selectors, services
from colonies.exchange.models import Asking, Offer
from colonies.exchange.serializers import (
    AnsweringSerializer,
    AskingSerializer,
    AskSerializer,
    DiversitySerializer,
    HouseOfferSerializer,
    LineageSerializer,
    OfferingSerializer,
    OfferSerializer,
    SayingSerializer,
    TakingSerializer,
    places_of,
)
from colonies.rituals.api_refusals import answering
from colonies.rituals.models import Ritual
from colonies.rituals.selectors import colony_for, ritual_for
from colonies.rituals.serializers import RitualSerializer
from guild.tenancy.api_requests import Conflict, me, valid


class OfferList(GenericAPIView[Any]):
    """What is offered to the colonies of the guild; and the offering of a ritual."""

    queryset = Offer.objects.none()
    serializer_class = OfferSerializer
    pagination_class = None

    @extend_schema(operation_id="offers_list", responses=OfferSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(OfferSerializer(selectors.offers_for(me(request)), many=True).data)

    @extend_schema(operation_id="offers_make", request=OfferingSerializer, responses={201: OfferSerializer})
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(OfferingSerializer, request.data)
        ritual = ritual_for(me(request), given["ritual"])
        with answering():
            row = services.offer(by=me(request), ritual=ritual, terms=given["terms"], word=given["word"])
        return Response(OfferSerializer(row).data, status=status.HTTP_201_CREATED)


class OfferDetail(APIView):
    """One offer; and its withdrawal, which leaves every lineage as it is."""

    @extend_schema(operation_id="offers_read", responses=OfferSerializer)
    def get(self, request: Request, guild_slug: str, offer_id: UUID) -> Response:
        return Response(OfferSerializer(selectors.offer_for(me(request), offer_id)).data)

    @extend_schema(operation_id="offers_withdraw", responses={204: None})
    def delete(self, request: Request, guild_slug: str, offer_id: UUID) -> Response:
        services.withdraw(by=me(request), row=selectors.offer_for(me(request), offer_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class OfferAdoptions(APIView):
    """Takes an offered ritual up in a colony that the caller leads."""

    @extend_schema(operation_id="offers_adopt", request=TakingSerializer, responses={201: RitualSerializer})
    def post(self, request: Request, guild_slug: str, offer_id: UUID) -> Response:
        row = selectors.offer_for(me(request), offer_id)
        colony = colony_for(me(request), valid(TakingSerializer, request.data)["colony"])
        with answering():
            made = services.adopt(by=me(request), row=row, colony=colony)
        return Response(RitualSerializer(made).data, status=status.HTTP_201_CREATED)


class OfferAskings(APIView):
    """Asks for a ritual that is given by request."""

    @extend_schema(operation_id="offers_ask", request=AskSerializer, responses={201: AskingSerializer})
    def post(self, request: Request, guild_slug: str, offer_id: UUID) -> Response:
        row = selectors.offer_for(me(request), offer_id)
        given = valid(AskSerializer, request.data)
        colony = colony_for(me(request), given["colony"])
        with answering():
            made = asking.ask(by=me(request), row=row, colony=colony, word=given["word"])
        return Response(AskingSerializer(made).data, status=status.HTTP_201_CREATED)


class AskingList(GenericAPIView[Any]):
    """What waits for an answer of the caller, and what the caller's colonies have asked for."""

    queryset = Asking.objects.none()
    serializer_class = AskingSerializer
    pagination_class = None

    @extend_schema(operation_id="askings_list", responses=AskingSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        rows = [*selectors.askings_for(me(request)), *selectors.asked_by_colonies_of(me(request))]
        return Response(AskingSerializer(rows, many=True).data)


class AskingAnswer(APIView):
    """Answers a request: on which terms, or with a no."""

    @extend_schema(operation_id="askings_answer", request=AnsweringSerializer, responses=AskingSerializer)
    def post(self, request: Request, guild_slug: str, asking_id: UUID) -> Response:
        given = valid(AnsweringSerializer, request.data)
        row = selectors.asking_for(me(request), asking_id)
        terms, reply = given["terms"] or "", given["reply"]
        with answering():
            asking.answer(by=me(request), asking=row, terms=terms, reply=reply)
        return Response(AskingSerializer(selectors.asking_for(me(request), asking_id)).data)


class RitualLineage(APIView):
    """Who learnt a ritual from whom, and what was sent back; and the sending of thanks or a story."""

    @extend_schema(operation_id="rituals_lineage", responses=LineageSerializer)
    def get(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        return Response(_lineage(request, ritual_for(me(request), ritual_id)))

    @extend_schema(operation_id="rituals_speak", request=SayingSerializer, responses={201: LineageSerializer})
    def post(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        given = valid(SayingSerializer, request.data)
        ritual = ritual_for(me(request), ritual_id)
        came, from_afar = selectors.adoption_of(ritual), selectors.house_adoption_of(ritual)
        with answering():
            if came is not None:
                came.ritual = ritual
                services.speak(by=me(request), adoption=came, **given)
            elif from_afar is not None:
                from_afar.ritual = ritual
                house.write_back(by=me(request), adoption=from_afar, **given)
            else:
                raise Conflict("This ritual was written here: there is nobody to send anything back to.")
        return Response(_lineage(request, ritual), status=status.HTTP_201_CREATED)


class HouseOfferList(GenericAPIView[Any]):
    """What other guilds of the house offer to this one."""

    serializer_class = HouseOfferSerializer
    pagination_class = None

    @extend_schema(operation_id="house_offers_list", responses=HouseOfferSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(HouseOfferSerializer(house.house_offers_for(me(request)), many=True).data)


class HouseOfferAdoptions(APIView):
    """Takes up what another guild offers, in a colony that the caller leads."""

    @extend_schema(
        operation_id="house_offers_adopt", request=TakingSerializer, responses={201: RitualSerializer}
    )
    def post(self, request: Request, guild_slug: str, house_offer_id: UUID) -> Response:
        row = house.house_offer_for(me(request), house_offer_id)
        colony = colony_for(me(request), valid(TakingSerializer, request.data)["colony"])
        with answering():
            made = house.adopt_from_house(by=me(request), row=row, colony=colony)
        return Response(RitualSerializer(made).data, status=status.HTTP_201_CREATED)


class GuildDiversity(APIView):
    """How many cultures the guild holds, month by month."""

    @extend_schema(operation_id="diversity_read", responses=DiversitySerializer)
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(DiversitySerializer(counting.standing_for(me(request))).data)


def _lineage(request: Request, ritual: Ritual) -> Any:
    found = lineages.lineage_of(ritual)
    adoptions = [branch.adoption.pk for branch in found.branches if branch.adoption is not None]
    said = [
        {
            "id": word.pk,
            "kind": word.kind,
            "text": word.text,
            "sender": word.author and word.author.display_name,
            "said_at": word.said_at,
        }
        for word in selectors.words_for(me(request), adoptions)
    ]
    said += [
        {
            "id": letter.pk,
            "kind": letter.kind,
            "text": letter.text,
            "sender": letter.sender,
            "said_at": letter.sent_at,
        }
        for letter in house.letters_about(ritual)
    ]
    shown = {"stations": found.stations, "places": places_of(found), "words": said}
    return LineageSerializer(shown).data
