"""One's own nights in the API: tonight's list, and what is said of a night."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from colonies.rituals import observing, selectors
from colonies.rituals.api_refusals import answering
from colonies.rituals.enums import Keeping
from colonies.rituals.tonight import Tonight, night_named, tonight_of
from guild.journal.selectors import reckoning_of
from guild.tenancy.api_requests import me, valid

AHEAD = timedelta(days=60)
NO_SUCH_NIGHT = "Ask for one of the last thirty nights, tonight, or one of the next sixty."


class NightSerializer(serializers.Serializer[Any]):
    """Which night; without one, tonight."""

    night = serializers.DateField(required=False)


class TonightSerializer(serializers.Serializer[Any]):
    """One ritual of a night: `light` is 0 to 4, `keeping` what was said of it, "" for nothing yet."""

    guild = serializers.SlugField()
    ritual = serializers.UUIDField()
    title = serializers.CharField()
    night = serializers.DateField()
    instants = serializers.ListField(child=serializers.DateTimeField())
    keeping = serializers.CharField()
    others = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())
    light = serializers.IntegerField()


class ObservanceSerializer(serializers.Serializer[Any]):
    """What was kept on a night."""

    keeping = serializers.ChoiceField(choices=Keeping.choices)


class TonightList(APIView):
    """Everything that one keeps on a night, in all of one's guilds."""

    @extend_schema(
        operation_id="tonight_list", parameters=[NightSerializer], responses=TonightSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        asked = valid(NightSerializer, request.query_params)
        now, dreamer = timezone.now(), request.user
        tonight = reckoning_of(dreamer).night_of(now)  # type: ignore[arg-type]
        on: date = asked.get("night") or tonight
        if not tonight - observing.LATEST_ENTRY <= on <= tonight + AHEAD:
            raise serializers.ValidationError({"night": [NO_SUCH_NIGHT]})
        rows = tonight_of(dreamer, night=on, now=now)  # type: ignore[arg-type]
        return Response(TonightSerializer([_shown(row, on) for row in rows], many=True).data)


class RitualObservance(APIView):
    """What is said of one night of a ritual."""

    @extend_schema(
        operation_id="rituals_observe", request=ObservanceSerializer, responses=ObservanceSerializer
    )
    def put(self, request: Request, guild_slug: str, ritual_id: UUID, night: str) -> Response:
        ritual = selectors.ritual_for(me(request), ritual_id)
        given = valid(ObservanceSerializer, request.data)
        with answering():
            row = observing.observe(
                by=me(request), ritual=ritual, night=_night(night), keeping=given["keeping"]
            )
        return Response(ObservanceSerializer(row).data)

    @extend_schema(operation_id="rituals_observe_take_back", request=None, responses={204: None})
    def delete(self, request: Request, guild_slug: str, ritual_id: UUID, night: str) -> Response:
        ritual = selectors.ritual_for(me(request), ritual_id)
        observing.take_back(by=me(request), ritual=ritual, night=_night(night))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _night(name: str) -> date:
    night = night_named(name)
    if night is None:
        raise Http404("There is no such night.")
    return night


def _shown(row: Tonight, night: date) -> dict[str, Any]:
    return {
        "guild": row.membership.guild.slug,
        "ritual": row.ritual.pk,
        "title": row.ritual.title,
        "night": night,
        "instants": [evening.instant for evening in row.evenings],
        "keeping": row.said,
        "others": row.presence.others,
        "names": row.presence.names,
        "light": row.light.level,
    }
