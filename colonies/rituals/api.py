"""Colonies and rituals in the API: the same services, the same decisions and the same 404s as the pages."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from colonies.rituals import belonging, scheduling, selectors, services, times, writing
from colonies.rituals.api_refusals import answering
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.selectors import Reading
from colonies.rituals.serializers import (
    AboutSerializer,
    BelongingSerializer,
    ColonySerializer,
    LeavingSerializer,
    RevisionSerializer,
    RitualDetailSerializer,
    RitualSerializer,
    RitualTextSerializer,
    ScheduleSerializer,
    TimesSerializer,
    VersionSerializer,
    rhythm_of,
    text_of,
)
from colonies.rituals.services import About
from colonies.rituals.texts import in_words_of
from guild.journal.selectors import reckoning_of
from guild.tenancy.api_requests import me, valid


class ColonyList(GenericAPIView[Any]):
    """The guild's colonies; and the founding of one."""

    queryset = Colony.objects.none()
    serializer_class = ColonySerializer

    @extend_schema(operation_id="colonies_list", responses=ColonySerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        rows = self.paginate_queryset(selectors.colonies_for(me(request))) or []
        return self.get_paginated_response(ColonySerializer(rows, many=True).data)

    @extend_schema(operation_id="colonies_found", request=AboutSerializer, responses={201: ColonySerializer})
    def post(self, request: Request, guild_slug: str) -> Response:
        about = About(**valid(AboutSerializer, request.data))
        with answering():
            colony = services.found(by=me(request), about=about)
        return Response(_colony(request, colony), status=status.HTTP_201_CREATED)


class ColonyDetail(APIView):
    """One colony; and what it says of itself from now on, for those who lead it."""

    @extend_schema(operation_id="colonies_read", responses=ColonySerializer)
    def get(self, request: Request, guild_slug: str, colony_slug: str) -> Response:
        return Response(_colony(request, selectors.colony_for(me(request), colony_slug)))

    @extend_schema(operation_id="colonies_change", request=AboutSerializer, responses=ColonySerializer)
    def put(self, request: Request, guild_slug: str, colony_slug: str) -> Response:
        colony = selectors.led_colony_for(me(request), colony_slug)
        about = About(**valid(AboutSerializer, request.data))
        with answering():
            services.change(by=me(request), colony=colony, about=about)
        return Response(_colony(request, colony))


class ColonyJoin(APIView):
    """Comes in where the colony is open or one is invited; asks to where it is joined by request."""

    @extend_schema(operation_id="colonies_join", request=None, responses=BelongingSerializer)
    def post(self, request: Request, guild_slug: str, colony_slug: str) -> Response:
        colony = selectors.colony_for(me(request), colony_slug)
        with answering():
            held = belonging.join(by=me(request), colony=colony)
        return Response(BelongingSerializer(held).data)


class ColonyLeave(APIView):
    """Leaves a colony, at any time."""

    @extend_schema(operation_id="colonies_leave", request=LeavingSerializer, responses={204: None})
    def post(self, request: Request, guild_slug: str, colony_slug: str) -> Response:
        given = valid(LeavingSerializer, request.data)
        colony = selectors.colony_for(me(request), colony_slug)
        belonging.leave(by=me(request), colony=colony, take_name_off=given["take_name_off"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class ColonyRituals(GenericAPIView[Any]):
    """A colony's rituals; and the writing of one."""

    queryset = Ritual.objects.none()
    serializer_class = RitualSerializer
    pagination_class = None

    @extend_schema(operation_id="rituals_list", responses=RitualSerializer(many=True))
    def get(self, request: Request, guild_slug: str, colony_slug: str) -> Response:
        colony = selectors.colony_for(me(request), colony_slug)
        rows = selectors.rituals_of(colony)
        for row in rows:
            row.colony = colony
        return Response(RitualSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="rituals_write", request=RitualTextSerializer, responses={201: RitualDetailSerializer}
    )
    def post(self, request: Request, guild_slug: str, colony_slug: str) -> Response:
        colony = selectors.colony_for(me(request), colony_slug)
        text = text_of(valid(RitualTextSerializer, request.data))
        with answering():
            ritual = writing.write(by=me(request), colony=colony, text=text)
        return Response(_detail(selectors.reading_of(ritual)), status=status.HTTP_201_CREATED)


class RitualDetail(APIView):
    """A ritual in its newest version; and a new version of it."""

    @extend_schema(operation_id="rituals_read", responses=RitualDetailSerializer)
    def get(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        ritual = selectors.ritual_for(me(request), ritual_id)
        language = str(request.query_params.get("language", ""))
        return Response(_detail(selectors.reading_of(ritual, language=language)))

    @extend_schema(
        operation_id="rituals_revise", request=RevisionSerializer, responses=RitualDetailSerializer
    )
    def put(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        ritual = selectors.written_ritual_for(me(request), ritual_id)
        given = valid(RevisionSerializer, request.data)
        with answering():
            writing.revise(
                by=me(request), ritual=ritual, text=text_of(given), note=given["note"], on=given["on"]
            )
        return Response(_detail(selectors.reading_of(ritual)))


class RitualVersions(GenericAPIView[Any]):
    """Every version of a ritual, newest first."""

    queryset = Ritual.objects.none()
    serializer_class = VersionSerializer
    pagination_class = None

    @extend_schema(operation_id="rituals_versions", responses=VersionSerializer(many=True))
    def get(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        ritual = selectors.ritual_for(me(request), ritual_id)
        rows = [
            {
                "number": row.number,
                "made_at": row.made_at,
                "author": row.author.display_name if row.author else None,
                "note": row.note,
                "text": row.text,
            }
            for row in selectors.versions_of(ritual)
        ]
        return Response(VersionSerializer(rows, many=True).data)


class RitualTimes(APIView):
    """When a ritual is kept, by the caller's clock; and another time, for those who lead the colony."""

    @extend_schema(operation_id="rituals_times", responses=TimesSerializer)
    def get(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        return Response(_times(request, selectors.ritual_for(me(request), ritual_id)))

    @extend_schema(
        operation_id="rituals_schedule", request=ScheduleSerializer, responses={201: TimesSerializer}
    )
    def post(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        ritual = selectors.ritual_for(me(request), ritual_id)
        rhythm = rhythm_of(valid(ScheduleSerializer, request.data))
        with answering():
            scheduling.schedule(by=me(request), ritual=ritual, rhythm=rhythm)
        return Response(_times(request, ritual), status=status.HTTP_201_CREATED)


def _times(request: Request, ritual: Ritual) -> Any:
    schedules = times.schedules_of(ritual)
    reckoning = reckoning_of(me(request).dreamer)
    ahead = [
        {"schedule": one.schedule.pk, "original": one.original, "instant": one.instant, "night": one.night}
        for one in times.evenings_ahead(schedules, reckoning=reckoning, now=timezone.now())
    ]
    return TimesSerializer({"schedules": schedules, "ahead": ahead}).data


def _colony(request: Request, colony: Colony) -> Any:
    row = selectors.colonies_for(me(request)).get(pk=colony.pk)
    return ColonySerializer(row).data


def _detail(reading: Reading) -> Any:
    text = reading.version.text
    if reading.translation is not None:
        text = in_words_of(text, reading.translation.wording)
    shown = {
        "id": reading.ritual.pk,
        "colony": reading.ritual.colony.slug,
        "version": reading.version.number,
        "digest": reading.version.digest,
        "languages": [reading.version.language, *(row.language for row in reading.translations)],
        "rested_at": reading.ritual.rested_at,
        "text": text,
    }
    return RitualDetailSerializer(shown).data
