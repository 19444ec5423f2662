"""Experiences in the API: the same services, the same decisions and the same 404s as the pages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.tenancy.api_requests import Conflict, me, valid
from lounges.experiences import lifting, selectors, services
from lounges.experiences.enums import Standing, VersionState
from lounges.experiences.errors import NotNow, Unfit


class ExperienceVersionSerializer(serializers.Serializer[Any]):
    """One version: its numbers never change, whatever its state."""

    id = serializers.UUIDField(read_only=True)
    number = serializers.IntegerField(read_only=True)
    numbers = serializers.DictField()
    note = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=VersionState.choices, read_only=True)
    written_at = serializers.DateTimeField(read_only=True)


class ExperienceSerializer(serializers.Serializer[Any]):
    """An experience with its versions, oldest first; the house's plain recipe has none that is stored."""

    id = serializers.UUIDField(source="experience.id")
    name = serializers.CharField(source="experience.name")
    description = serializers.SerializerMethodField()
    is_plain = serializers.BooleanField(source="experience.is_plain")
    standing = serializers.ChoiceField(choices=Standing.choices)
    versions = ExperienceVersionSerializer(many=True)

    def get_description(self, shown: selectors.Shown) -> str:
        """Nothing of what moderation hid."""
        return "" if shown.hidden else shown.experience.description


class NewExperienceSerializer(serializers.Serializer[Any]):
    """A new experience; numbers that are left out are the plain recipe's."""

    name = serializers.CharField(max_length=services.LONGEST_NAME)
    description = serializers.CharField(
        max_length=services.LONGEST_DESCRIPTION, required=False, allow_blank=True, default=""
    )
    numbers = serializers.DictField(required=False, default=dict)


class NewVersionSerializer(serializers.Serializer[Any]):
    """A new version over version `on`."""

    on = serializers.IntegerField(min_value=0)
    note = serializers.CharField(max_length=services.LONGEST_NOTE)
    numbers = serializers.DictField()


class ExperienceList(APIView):
    """The guild's experiences, the plain recipe first; and the writing of one."""

    @extend_schema(operation_id="experiences_list", responses=ExperienceSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(ExperienceSerializer(selectors.experiences_for(me(request)), many=True).data)

    @extend_schema(
        operation_id="experiences_write",
        request=NewExperienceSerializer,
        responses={201: ExperienceSerializer},
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(NewExperienceSerializer, request.data)
        with answering():
            version = services.write(by=me(request), **given)
        return Response(_shown(request, version.experience_id), status=status.HTTP_201_CREATED)


class ExperienceDetail(APIView):
    """One experience; and a new version of it."""

    @extend_schema(operation_id="experiences_read", responses=ExperienceSerializer)
    def get(self, request: Request, guild_slug: str, experience_id: UUID) -> Response:
        return Response(_shown(request, experience_id))

    @extend_schema(
        operation_id="experiences_revise",
        request=NewVersionSerializer,
        responses={201: ExperienceSerializer},
    )
    def post(self, request: Request, guild_slug: str, experience_id: UUID) -> Response:
        given = valid(NewVersionSerializer, request.data)
        experience = selectors.experience_for(me(request), experience_id).experience
        with answering():
            services.revise(by=me(request), experience=experience, **given)
        return Response(_shown(request, experience_id), status=status.HTTP_201_CREATED)


class ExperienceTry(APIView):
    """Opens a draft to be tried."""

    @extend_schema(operation_id="experiences_try", request=None, responses=ExperienceSerializer)
    def post(self, request: Request, guild_slug: str, experience_id: UUID, number: int) -> Response:
        version = selectors.version_for(me(request), experience_id, number)
        services.try_out(by=me(request), version=version)
        return Response(_shown(request, experience_id))


class ExperienceApprove(APIView):
    """Approves a version, as an enforcer who did not write it."""

    @extend_schema(operation_id="experiences_approve", request=None, responses=ExperienceSerializer)
    def post(self, request: Request, guild_slug: str, experience_id: UUID, number: int) -> Response:
        version = selectors.version_for(me(request), experience_id, number)
        with answering():
            services.approve(by=me(request), version=version)
        return Response(_shown(request, experience_id))


class ExperienceAskToLift(APIView):
    """Asks, as an enforcer, that a suspended experience may be used again."""

    @extend_schema(operation_id="experiences_ask_to_lift", request=None, responses=ExperienceSerializer)
    def post(self, request: Request, guild_slug: str, experience_id: UUID) -> Response:
        with answering():
            lifting.ask_to_lift(by=me(request), experience=experience_id)
        return Response(_shown(request, experience_id))


class ExperienceLift(APIView):
    """Agrees, as another enforcer, that it may be used again."""

    @extend_schema(operation_id="experiences_lift", request=None, responses=ExperienceSerializer)
    def post(self, request: Request, guild_slug: str, experience_id: UUID) -> Response:
        with answering():
            lifting.lift(by=me(request), experience=experience_id)
        return Response(_shown(request, experience_id))


@contextmanager
def answering() -> Iterator[None]:
    """Turns the errors of the services into those of the API."""
    try:
        yield
    except Unfit as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except NotNow as error:
        raise Conflict(str(error)) from error


def _shown(request: Request, experience_id: UUID) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = ExperienceSerializer(selectors.experience_for(me(request), experience_id)).data
    return shown
