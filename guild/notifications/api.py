"""One's own notices in the API; the same services as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.dreamers.models import Dreamer
from guild.notifications import selectors, services
from guild.notifications.enums import Channel, Every, Group, Kind, When
from guild.notifications.models import Notice
from guild.tenancy.api_requests import valid

MOST_AT_ONCE = 500


class NoticeOfMineSerializer(serializers.Serializer[Any]):
    """One notice: what is said of its kind, and where it leads."""

    id = serializers.UUIDField()
    guild = serializers.UUIDField(source="of_guild", allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices)
    group = serializers.ChoiceField(choices=Group.choices, source="said.group")
    said = serializers.CharField(source="said.page")
    path = serializers.CharField()
    made_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadSerializer(serializers.Serializer[Any]):
    """Which notices are read: these, or all where none is named."""

    notices = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_AT_ONCE, required=False)


class ReadCountSerializer(serializers.Serializer[Any]):
    """How many were not read before, and how many are unread still (100 stands for more than 99)."""

    read = serializers.IntegerField()
    unread = serializers.IntegerField()


class NoticeChoiceSerializer(serializers.Serializer[Any]):
    """When one group comes by one channel."""

    group = serializers.ChoiceField(choices=Group.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    when = serializers.ChoiceField(choices=When.choices)


class GatheredSerializer(serializers.Serializer[Any]):
    """When what is gathered comes, by one's own clock; `weekday` (Monday is 0) counts once a week alone."""

    every = serializers.ChoiceField(choices=Every.choices)
    weekday = serializers.IntegerField(min_value=0, max_value=6)
    hour = serializers.IntegerField(min_value=0, max_value=23)


class NoticeChoicesSerializer(serializers.Serializer[Any]):
    """How one is told. What is left out when it is set stays as it is."""

    choices = NoticeChoiceSerializer(many=True, required=False)
    gathered = GatheredSerializer(required=False)


class Notices(GenericAPIView[Any]):
    """What I was told, latest first."""

    serializer_class = NoticeOfMineSerializer
    queryset = Notice.objects.none()

    @extend_schema(operation_id="notifications_list", responses=NoticeOfMineSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(selectors.notices_of(_me(request))) or []
        return self.get_paginated_response(NoticeOfMineSerializer(page, many=True).data)


class ReadNotices(APIView):
    """Notices that I have read."""

    @extend_schema(operation_id="notifications_read", request=ReadSerializer, responses=ReadCountSerializer)
    def post(self, request: Request) -> Response:
        given = valid(ReadSerializer, request.data)
        read = services.mark_read(by=_me(request), notices=given.get("notices"))
        return Response({"read": read, "unread": selectors.unread_count(_me(request))})


class ChosenNotices(APIView):
    """How I am told."""

    @extend_schema(operation_id="notifications_choices", responses=NoticeChoicesSerializer)
    def get(self, request: Request) -> Response:
        return Response(_chosen(_me(request)))

    @extend_schema(
        operation_id="notifications_choose",
        request=NoticeChoicesSerializer,
        responses=NoticeChoicesSerializer,
    )
    def put(self, request: Request) -> Response:
        given = valid(NoticeChoicesSerializer, request.data)
        if "choices" in given:
            services.choose(by=_me(request), choices=_choices(given["choices"]))
        if "gathered" in given:
            gathered = given["gathered"]
            services.set_digest(
                by=_me(request),
                every=Every(gathered["every"]),
                weekday=gathered["weekday"],
                hour=gathered["hour"],
            )
        return Response(_chosen(_me(request)), status=status.HTTP_200_OK)


def _me(request: Request) -> UUID:
    dreamer: Dreamer = request.user  # type: ignore[assignment]
    return dreamer.pk


def _choices(given: list[dict[str, str]]) -> dict[tuple[Group, Channel], When]:
    """Of what is named twice, the last."""
    return {(Group(one["group"]), Channel(one["channel"])): When(one["when"]) for one in given}


def _chosen(dreamer: UUID) -> dict[str, Any]:
    wishes, gathered = selectors.wishes_of(dreamer), selectors.digest_time_of(dreamer)
    return {
        "choices": [
            {"group": group.value, "channel": channel.value, "when": when.value}
            for (group, channel), when in wishes.items()
        ],
        "gathered": {"every": gathered.every, "weekday": gathered.weekday, "hour": gathered.hour},
    }
