"""One's own sleep diary in the API: clock times as they are written down, and the measures that follow."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from colonies.diary import selectors, services
from colonies.diary.entries import Entry, Written
from colonies.diary.measures import MINUTE
from colonies.diary.services import LONGEST_COMMENT, MOST_AWAKENINGS, MOST_MINUTES
from colonies.rituals.api_refusals import answering
from colonies.rituals.tonight import night_named
from guild.dreamers.models import Dreamer
from guild.journal.selectors import reckoning_of
from guild.tenancy.api_requests import valid

LONGEST_SPAN = timedelta(days=366)
USUAL_SPAN = timedelta(days=27)
FIRST = date(1900, 1, 1)  # before it no calendar goes back by a span


class SpanSerializer(serializers.Serializer[Any]):
    """Which nights; without both, the last four weeks."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class NightEntrySerializer(serializers.Serializer[Any]):
    """The items of the Consensus Sleep Diary's core. What is not known is null."""

    into_bed = serializers.TimeField(required=False, allow_null=True, default=None)
    tried_to_sleep = serializers.TimeField(required=False, allow_null=True, default=None)
    latency = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MOST_MINUTES
    )
    awakenings = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MOST_AWAKENINGS
    )
    awake = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MOST_MINUTES
    )
    final_awakening = serializers.TimeField(required=False, allow_null=True, default=None)
    out_of_bed = serializers.TimeField(required=False, allow_null=True, default=None)
    quality = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=5
    )
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)


class DiaryMeasuresSerializer(serializers.Serializer[Any]):
    """What follows from a night: instants, and lengths in minutes; null where an item is missing."""

    sleep_onset = serializers.DateTimeField(allow_null=True)
    mid_sleep = serializers.DateTimeField(allow_null=True)
    time_in_bed = serializers.FloatField(allow_null=True)
    wake_after_sleep_onset = serializers.FloatField(allow_null=True)
    total_sleep_time = serializers.FloatField(allow_null=True)
    sleep_efficiency = serializers.FloatField(allow_null=True)


class DiaryNightSerializer(NightEntrySerializer):
    """A night as it is kept. `zone` is the clock that it was written by."""

    night = serializers.DateField()
    zone = serializers.CharField()
    revision = serializers.IntegerField()
    measures = DiaryMeasuresSerializer()


class DiaryList(APIView):
    """One's own nights."""

    @extend_schema(
        operation_id="diary_list", parameters=[SpanSerializer], responses=DiaryNightSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        asked = valid(SpanSerializer, request.query_params)
        until: date = asked.get("until") or reckoning_of(_me(request)).night_of(timezone.now())
        since: date = asked.get("since") or max(until, FIRST) - USUAL_SPAN
        if not timedelta(0) <= until - since <= LONGEST_SPAN:
            raise serializers.ValidationError({"since": ["Ask for at most a year, from since to until."]})
        entries = selectors.entries_between(_me(request).pk, since=since, until=until)
        return Response(DiaryNightSerializer([_shown(entry) for entry in entries], many=True).data)


class DiaryNight(APIView):
    """One night of one's own."""

    @extend_schema(operation_id="diary_night", responses=DiaryNightSerializer)
    def get(self, request: Request, night: str) -> Response:
        entry = selectors.entry_for(_me(request).pk, _night(night))
        if entry is None:
            raise Http404("Nothing is written of this night.")
        return Response(DiaryNightSerializer(_shown(entry)).data)

    @extend_schema(operation_id="diary_write", request=NightEntrySerializer, responses=DiaryNightSerializer)
    def put(self, request: Request, night: str) -> Response:
        on = _night(night)
        written = Written(**valid(NightEntrySerializer, request.data))
        with answering():
            services.write_night(by=_me(request), night=on, written=written)
        return self.get(request, night)

    @extend_schema(operation_id="diary_remove", request=None, responses={204: None})
    def delete(self, request: Request, night: str) -> Response:
        services.delete_night(by=_me(request), night=_night(night))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _me(request: Request) -> Dreamer:
    dreamer: Dreamer = request.user  # type: ignore[assignment]
    return dreamer


def _night(name: str) -> date:
    night = night_named(name)
    if night is None:
        raise Http404("There is no such night.")
    return night


def _shown(entry: Entry) -> dict[str, Any]:
    found = entry.measures
    lengths = ("time_in_bed", "wake_after_sleep_onset", "total_sleep_time")
    measures: dict[str, Any] = {name: _minutes(getattr(found, name)) for name in lengths}
    measures |= {
        "sleep_onset": found.sleep_onset,
        "mid_sleep": found.mid_sleep,
        "sleep_efficiency": found.sleep_efficiency,
    }
    return {
        **vars(entry.written),
        "night": entry.on,
        "zone": entry.zone,
        "revision": entry.revision,
        "measures": measures,
    }


def _minutes(length: timedelta | None) -> float | None:
    return None if length is None else length / MINUTE
